package oracle

import (
	"maps"
	"slices"

	"batchlab/sim/history"
	"batchlab/sim/kind"
)

// Observed is what may be observed of a run: its outcome, that is, per lane the answers
// in their order, what handlers were given and when, and who waited; and the order of its
// calls. What the lab alone can see is left out: the laws judge that.
type Observed struct {
	Events []kind.Event // canonical
	Digest uint64       // of the events
	Loose  uint64       // without the order of what happens on several goroutines of the component's own, see loose
	Order  Precedence
}

// Precedence says which calls, and moves of the clock, had ended before others began: the acts
// of one lane after those of another, and for each act how many of each lane had ended
// when it began.
type Precedence struct {
	lanes  []byte
	first  []int     // of each lane: the index of its first act; and behind that, how many acts there are
	before []int32   // of each act, lane by lane
	ended  [][]int64 // of each lane: when its acts were over, which is compared with nothing
}

// clockLane is the lane of the clock in an order, and its index there.
const clockLane = 0

// Lanes lists the lanes of some operations, the lab's and the clock's among them.
func Lanes(ops []kind.Op) []byte {
	lanes := []byte{clockLane, kind.LabLane}
	for _, o := range ops {
		lanes = append(lanes, o.Lane)
	}
	slices.Sort(lanes)
	return slices.Compact(lanes)
}

func laneIndex(lanes []byte, lane byte) int {
	i, _ := slices.BinarySearch(lanes, lane)
	return i
}

// Observe takes from a run what may be observed of it.
func Observe(r *kind.Run, lanes []byte) Observed {
	o := Observed{Events: history.Seen(r).Events, Order: order(r, lanes)}
	h := newHash()
	for i := range o.Events {
		h.event(&o.Events[i])
	}
	o.Digest, o.Loose = uint64(h), loose(o.Events)
	return o
}

// loose is a digest of events in which those of a step on the component's own goroutines are in no order but that
// on each of them; 0 if there are none.
func loose(events []kind.Event) uint64 {
	if !slices.ContainsFunc(events, func(e kind.Event) bool { return e.Thread != 0 }) {
		return 0
	}
	threads, others := map[[2]int]hash{}, newHash()
	for i := range events {
		e := &events[i]
		if e.Thread == 0 {
			others.event(e)
			continue
		}
		h := threads[[2]int{e.Step, int(e.Thread)}]
		h.event(e)
		threads[[2]int{e.Step, int(e.Thread)}] = h
	}
	for _, h := range slices.Sorted(maps.Values(threads)) {
		others.word(int64(h))
	}
	return uint64(others)
}

// isAct reports whether an event is the end of a lane's call. One that has not returned is
// before nothing, and nobody knows when it began.
func isAct(k *kind.Kind, e kind.Event) bool {
	return k.IsAnswered(e) && e.Source.Lane != kind.HandlerLane && e.Outcome != kind.Waits && e.Outcome != kind.Skipped
}

func order(r *kind.Run, lanes []byte) Precedence {
	ended := make([][]int64, len(lanes))
	began := make([][]int64, len(lanes))
	acts := make([][]*kind.Event, len(lanes))
	for i, e := range r.Events {
		if isAct(r.Kind, e) {
			l := laneIndex(lanes, e.Source.Lane)
			began[l], ended[l] = append(began[l], r.Began[i]), append(ended[l], r.Ended[i])
			acts[l] = append(acts[l], &r.Events[i])
		}
	}
	for _, c := range r.Clock {
		began[0], ended[0] = append(began[0], c.Seq), append(ended[0], c.Over)
	}
	o := Precedence{lanes: lanes, ended: ended, first: make([]int, len(lanes)+1)}
	for l := range lanes {
		o.first[l+1] = o.first[l] + len(began[l])
		for _, at := range began[l] {
			for other := range lanes {
				n, _ := slices.BinarySearch(ended[other], at)
				o.before = append(o.before, int32(n))
			}
		}
	}
	if r.Kind.Undefined {
		o.loosen(r, acts)
	}
	return o
}

// loosen takes back that calls came after the one that ends the component, beside which they were made.
func (o *Precedence) loosen(r *kind.Run, acts [][]*kind.Event) {
	beside := func(a, b *kind.Event) bool {
		from, to := min(a.Step, b.Step), max(a.Step, b.Step)
		return to <= len(r.Ops) && !slices.ContainsFunc(r.Ops[from:to], func(op kind.Op) bool { return !op.And })
	}
	for other, list := range acts {
		end := slices.IndexFunc(list, func(e *kind.Event) bool { return r.Kind.IsOver(e.Verb) })
		if end < 0 {
			continue
		}
		for l := range acts {
			for i, e := range acts[l] {
				if n := &o.row(l, i)[other]; l != other && beside(list[end], e) {
					*n = min(*n, int32(end))
				}
			}
		}
	}
}

// row is what had ended when the n-th act of a lane began, nil if there is no such act.
func (o Precedence) row(lane, n int) []int32 {
	if i := o.first[lane] + n; i < o.first[lane+1] {
		return o.before[i*len(o.lanes) : (i+1)*len(o.lanes)]
	}
	return nil
}

// Extends reports whether all that was in order in the other is so here.
func (o Precedence) Extends(other Precedence) bool {
	return slices.Equal(o.first, other.first) && covers(o.before, other.before)
}

// covers reports whether no number is smaller than that of the other list.
func covers(list, other []int32) bool {
	for i := range list {
		if list[i] < other[i] {
			return false
		}
	}
	return true
}

// Ended calls f for each lane with the moments at which its acts were over.
func (o Precedence) Ended(f func(lane byte, ended []int64)) {
	for i, lane := range o.lanes {
		f(lane, o.ended[i])
	}
}
