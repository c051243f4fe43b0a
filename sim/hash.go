package sim

import (
	"cmp"
	"slices"

	"batchlab/sim/subject"
)

// hash is FNV-1a by words instead of bytes, with a shift that lets high bits count for low
// ones. It is for keys within a process; what leaves it has a digest.
type hash uint64

func newHash() hash { return 14695981039346656037 }

func (h *hash) word(x int64) {
	*h = (*h ^ hash(x)) * 1099511628211
	*h ^= *h >> 29
}

func (h *hash) item(i subject.ItemID) {
	h.word(int64(i.Lane) | int64(i.N)<<8 | int64(i.Key)<<40)
	if i.Derived {
		h.word(1)
	}
}

// event takes in all of an event but its note.
func (h *hash) event(e subject.Event) {
	h.word(int64(e.Step) | int64(e.Verb)<<20 | int64(e.Outcome)<<28 | int64(e.Source.Lane)<<36)
	h.word(int64(e.At))
	h.word(int64(e.Key) | int64(e.Value)<<32)
	h.item(e.Source.Head)
	for _, item := range e.Items {
		h.item(item)
	}
}

// key is equal for traces that cannot be told apart, and differs otherwise but for a
// chance of one in 2^64.
func (t Trace) key() uint64 {
	h := newHash()
	moved := func(before int64) int64 { // how often the clock had moved
		n, _ := slices.BinarySearchFunc(t.Clock, before, func(i Instant, seq int64) int { return cmp.Compare(i.Seq, seq) })
		return int64(n)
	}
	ends := 0
	for i, e := range t.Events {
		for ends < i && t.Ended[ends] < t.Began[i] {
			ends++
		}
		for ends > 0 && t.Ended[ends-1] > t.Began[i] {
			ends--
		}
		h.word(int64(ends) | int64(len(e.Items))<<32)
		h.word(moved(t.Began[i]) | moved(t.Ended[i])<<32)
		h.event(e)
	}
	return uint64(h)
}
