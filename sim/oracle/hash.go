package oracle

import (
	"cmp"
	"slices"

	"batchlab/sim/kind"
)

// hash is FNV-1a by words instead of bytes, with a shift that lets high bits count for low
// ones. It is for keys within a process; what leaves it has a digest.
type hash uint64

func newHash() hash { return 14695981039346656037 }

func (h *hash) word(x int64) {
	*h = (*h ^ hash(x)) * 1099511628211
	*h ^= *h >> 29
}

func (h *hash) item(i kind.Item) {
	h.word(int64(i.Lane) | int64(i.N)<<8 | int64(i.Key)<<40)
	if i.Derived {
		h.word(1)
	}
}

func (h *hash) text(s string) {
	for i := 0; i < len(s); i += 8 {
		var w int64
		for _, c := range []byte(s[i:min(i+8, len(s))]) {
			w = w<<8 | int64(c)
		}
		h.word(w)
	}
}

// event takes in all of an event but its note.
func (h *hash) event(e *kind.Event) {
	h.word(int64(e.Step) | int64(e.Verb)<<20 | int64(e.Outcome)<<28 | int64(e.Source.Lane)<<36)
	h.word(int64(e.At))
	h.word(int64(e.Arg) | int64(e.Val)<<32)
	h.item(e.Source.Head)
	for _, item := range e.Items {
		h.item(item)
	}
	h.text(e.Text)
}

// Key is equal for runs that cannot be told apart, and differs otherwise but for a
// chance of one in 2^64.
func Key(r *kind.Run) uint64 {
	h := newHash()
	moved := func(before int64) int64 { // how often the clock had moved
		n, _ := slices.BinarySearchFunc(r.Clock, before,
			func(c kind.Instant, seq int64) int { return cmp.Compare(c.Seq, seq) })
		return int64(n)
	}
	ends := 0
	for i := range r.Events {
		e := &r.Events[i]
		for ends < i && r.Ended[ends] < r.Began[i] {
			ends++
		}
		for ends > 0 && r.Ended[ends-1] > r.Began[i] {
			ends--
		}
		h.word(int64(ends) | int64(len(e.Items))<<32)
		h.word(moved(r.Began[i]) | moved(r.Ended[i])<<32)
		h.event(e)
	}
	return uint64(h)
}

// OrderKey is Key, and tells apart as well when moves of the clock were over.
func OrderKey(r *kind.Run) uint64 {
	h := hash(Key(r))
	for i, e := range r.Events {
		if isAct(r.Kind, e) {
			n, _ := slices.BinarySearchFunc(r.Clock, r.Began[i],
				func(c kind.Instant, seq int64) int { return cmp.Compare(c.Over, seq) })
			h.word(int64(n))
		}
	}
	return uint64(h)
}

// Untimed is equal for runs of which the same was seen, at whatever times.
func Untimed(r *kind.Run) uint64 {
	h := newHash()
	for _, e := range r.History() {
		e.At = 0
		h.event(&e)
	}
	return uint64(h)
}
