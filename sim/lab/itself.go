package lab

import (
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/sched"
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
	s     kind.Subject
	lanes []byte
	seen  oracle.Shown
	alive func() bool // tells others that work goes on, and whether it should
	left  int         // schedules that may still be run

	spinning bool // it was seen to spin
}

// How many coarse schedules of a program are run at most: so many for each schedule that
// is to be judged, within limits.
const (
	coarseForOne = 20
	fewestCoarse = 5_000
	mostCoarse   = 50_000

	mostOfDerived = 3_000
)

func newItself(p *program.Program, s kind.Subject, schedules int, alive func() bool) *itself {
	most := min(max(coarseForOne*schedules, fewestCoarse), mostCoarse)
	if s.Kind.Patient { // made from a type: many programs are tried, and none of them is worth so much
		most = mostOfDerived
	}
	return &itself{p: p, s: s, lanes: oracle.Lanes(p.Ops), seen: oracle.Shown{}, alive: alive, left: most}
}

func (r *itself) Name() string {
	if r.s.OneAtATime {
		return "the " + r.s.Name + ", one call at a time"
	}
	return "itself, one call at a time"
}

func (r *itself) Law() kind.LawID { return r.s.Kind.Atomicity() }

// Shows searches the coarse schedules. One question may take half of what is left.
func (r *itself) Shows(o oracle.Observed) (oracle.Answer, error) {
	if r.seen.Has(o) {
		return oracle.Answer{Shown: true}, nil
	}
	a, best := oracle.Answer{Why: "no order of the calls, one at a time, shows it"}, -1
	want, by := oracle.Expect(r.s.Kind, o), newGuide(o)
	c := sched.NewCoarse(by)
	c.Passes = r.s.Kind.TimePasses
	for range max(r.left/2, min(r.left, 1000)) {
		if !r.alive() {
			return a, nil
		}
		if !c.Begin() {
			a.Whole = c.Complete()
			return a, nil
		}
		r.left--
		by.begin()
		x, err := engine.Led(r.p, r.s, c, by)
		if wild(err) {
			continue // End has told the strategy that this one was cut short
		} else if err != nil {
			return a, err
		}
		got := oracle.Observe(&x.Run, r.lanes)
		if ended(&x.Run) {
			r.seen.Add(got)
			if got.Is(o) {
				return oracle.Answer{Shown: true}, nil
			}
		}
		if n := kind.Agree(got.Events, o.Events); n > best {
			a.Nearest, best = got.Events, n
		}
		c.Skip(want.UpTo(&x.Run, got.Order, x.Choices, x.Moves))
	}
	return a, nil
}

// fewSpins is how many coarse schedules are run to see whether one of them spins: each is long.
const fewSpins = 20

// spins reports whether a call waits by spinning where calls are made one at a time, too, in the order of the
// observed trace or one that is like it: that is how the component waits.
func (r *itself) spins(o oracle.Observed) (bool, error) {
	by := newGuide(o)
	c := sched.NewCoarse(by)
	c.Passes = r.s.Kind.TimePasses
	for n := 0; n < fewSpins && !r.spinning && r.alive() && c.Begin(); n++ {
		by.begin()
		x, err := engine.Led(r.p, r.s, c, by)
		if tame(err) != nil {
			return false, err
		}
		r.spinning = err == nil && spun(&x.Run)
		c.Skip(firstChoices) // who comes first decides, and not who gives way how often
	}
	return r.spinning, nil
}

// firstChoices are those that differ between the schedules in which a spin is looked for.
const firstChoices = 8
