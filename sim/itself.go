package sim

import (
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/subject"
)

// itself is the reference that a component is to itself: what it does in its coarse
// schedules, in which nobody is preempted inside a call (see sched.Coarse). A component
// whose calls are atomic has no other outcomes, however its schedules are: that is
// linearizability (Herlihy and Wing, TOPLAS 1990) without a model, for components with
// timers and goroutines of their own, and for calls that wait for each other.
//
// The outcome is looked for where it can be: a coarse schedule is given up at the first
// thing that the observed trace does not have there, and with it all that begin alike.
type itself struct {
	p     *program.Program
	s     subject.Subject
	lanes []byte
	seen  shown
	alive func() bool // tells others that work goes on, and whether it should
	left  int         // schedules that may still be run
}

// How many coarse schedules of a program are run at most: so many for each schedule that
// is to be judged, within limits.
const (
	coarseForOne = 20
	fewestCoarse = 5_000
	mostCoarse   = 50_000
)

func newItself(p *program.Program, s subject.Subject, schedules int, alive func() bool) *itself {
	most := min(max(coarseForOne*schedules, fewestCoarse), mostCoarse)
	return &itself{p: p, s: s, lanes: lanesOf(p), seen: shown{}, alive: alive, left: most}
}

func (r *itself) name() string { return "itself, one call at a time" }

func (r *itself) law() subject.Law {
	if r.s.Kind == subject.KindDedup {
		return subject.Linearizable
	}
	return subject.SameHistory
}

// shows searches the coarse schedules. One question may take half of what is left.
func (r *itself) shows(o observed) (answer, error) {
	if r.seen.has(o) {
		return answer{shown: true}, nil
	}
	a, best := answer{}, -1
	want, by := expect(o), newGuide(o)
	c := sched.NewCoarse(by)
	for range max(r.left/2, min(r.left, 1000)) {
		if !r.alive() {
			return a, nil
		}
		if !c.Begin() {
			a.whole = c.Complete()
			return a, nil
		}
		r.left--
		by.begin()
		x, err := exploreBy(r.p, r.s, c, by)
		if wild(err) {
			continue // End has told the strategy that this one was cut short
		} else if err != nil {
			return a, err
		}
		got := observe(x, r.lanes, Title(r.s))
		if x.ended() {
			r.seen.add(got)
			if got.digest == o.digest && got.order.extends(o.order) {
				return answer{shown: true}, nil
			}
		}
		if n := agree(got.events, o.events); n > best {
			a.nearest, best = got.events, n
		}
		c.Skip(want.upTo(x, got.order))
	}
	return a, nil
}
