package sim

import (
	"math"
	"slices"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// observed is what may be observed of a trace: its outcome, that is, per lane the answers
// in their order, what handlers were given and when, and who waited; and the order of its
// calls. What the lab alone can see is left out: the laws judge that.
type observed struct {
	events []subject.Event // canonical
	digest uint64          // of the events
	order  precedence
}

// precedence says which calls, and moves of the clock, had ended before others began: the acts
// of one lane after those of another, and for each act how many of each lane had ended
// when it began.
type precedence struct {
	lanes  []byte
	first  []int     // of each lane: the index of its first act; and behind that, how many acts there are
	before []int32   // of each act, lane by lane
	ended  [][]int64 // of each lane: when its acts were over, which is compared with nothing
}

// clockLane is the lane of the clock in an order, and its index there.
const clockLane = 0

// lanesOf lists the lanes of a program, the lab's and the clock's among them.
func lanesOf(p *program.Program) []byte {
	lanes := []byte{clockLane, program.LabLane}
	for _, o := range p.Ops {
		lanes = append(lanes, o.Lane)
	}
	slices.Sort(lanes)
	return slices.Compact(lanes)
}

func laneIndex(lanes []byte, lane byte) int {
	i, _ := slices.BinarySearch(lanes, lane)
	return i
}

// observe takes from a run what may be observed of it.
func observe(x explored, lanes []byte, title string) observed {
	o := observed{order: x.precedence(lanes)}
	for _, e := range x.History(title).Events {
		if sightLaw(e.Verb) == "" {
			o.events = append(o.events, e)
		}
	}
	h := newHash()
	for _, e := range o.events {
		h.event(e)
	}
	o.digest = uint64(h)
	return o
}

// ended reports whether the run came to the end of its program.
func (x explored) ended() bool { return x.fatal() == math.MaxInt }

// isAct reports whether an event is the end of a lane's call. One that has not returned is
// before nothing, and nobody knows when it began.
func isAct(e subject.Event) bool {
	return e.Verb >= subject.Put && e.Verb <= subject.Count && e.Source.Lane != subject.HandlerLane &&
		e.Outcome != subject.Waits && e.Outcome != subject.Skipped
}

// precedence is the order of the acts of a run.
func (x explored) precedence(lanes []byte) precedence {
	ended := make([][]int64, len(lanes))
	began := make([][]int64, len(lanes))
	for i, e := range x.Events {
		if isAct(e) {
			l := laneIndex(lanes, e.Source.Lane)
			began[l], ended[l] = append(began[l], x.Began[i]), append(ended[l], x.Ended[i])
		}
	}
	for i, c := range x.Clock {
		began[0], ended[0] = append(began[0], c.Seq), append(ended[0], x.moved(i))
	}
	o := precedence{lanes: lanes, ended: ended, first: make([]int, len(lanes)+1)}
	for l := range lanes {
		o.first[l+1] = o.first[l] + len(began[l])
		for _, at := range began[l] {
			for other := range lanes {
				n, _ := slices.BinarySearch(ended[other], at)
				o.before = append(o.before, int32(n))
			}
		}
	}
	return o
}

// moved is when a move of the clock was over.
func (x explored) moved(i int) int64 {
	if i < len(x.over) {
		return x.over[i]
	}
	return noSeq
}

// row is what had ended when the n-th act of a lane began, nil if there is no such act.
func (o precedence) row(lane, n int) []int32 {
	if i := o.first[lane] + n; i < o.first[lane+1] {
		return o.before[i*len(o.lanes) : (i+1)*len(o.lanes)]
	}
	return nil
}

// extends reports whether all that was in order in the other is so here.
func (o precedence) extends(other precedence) bool {
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

// orderKey is key for those whom it concerns as well when moves of the clock were over.
func (x explored) orderKey() uint64 {
	h := hash(x.key())
	for i, e := range x.Events {
		if isAct(e) {
			n, _ := slices.BinarySearch(x.over, x.Began[i])
			h.word(int64(n))
		}
	}
	return uint64(h)
}
