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
// event that the observed trace does not have there, and with it all that begin alike.
type itself struct {
	p     *program.Program
	s     subject.Subject
	lanes []byte
	seen  shown
	alive func() bool // tells others that work goes on, and whether it should
	left  int         // schedules that may still be run
}

// mostCoarse is how many coarse schedules of a program are run, at most.
const mostCoarse = 50_000

func newItself(p *program.Program, s subject.Subject, alive func() bool) *itself {
	return &itself{p: p, s: s, lanes: lanesOf(p), seen: shown{}, alive: alive, left: mostCoarse}
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
	want, c := expect(o), sched.NewCoarse()
	for range max(r.left/2, min(r.left, 1000)) {
		if !r.alive() {
			return a, nil
		}
		if !c.Begin() {
			a.whole = c.Complete()
			return a, nil
		}
		r.left--
		x, err := explore(r.p, r.s, c)
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
		if i := want.refuses(x, got.order); i >= 0 {
			c.Skip(x.choices[i])
		}
	}
	return a, nil
}

// expectation is what a trace has to be like event by event to be as observed.
type expectation struct {
	observed
	places map[place][]subject.Event
	upTo   map[int]int // how many events there are before a step
}

// place is whose events, in which step. Events of one place happen in their order; those of
// handlers that cannot be told apart are in order verb by verb.
type place struct {
	step   int
	source subject.Source
	verb   subject.Verb
}

func placeOf(e subject.Event) place {
	at := place{step: e.Step, source: e.Source}
	if e.Source.Anonymous() {
		at.verb = e.Verb
	}
	return at
}

func expect(o observed) expectation {
	w := expectation{observed: o, places: map[place][]subject.Event{}, upTo: map[int]int{}}
	for i, e := range o.events {
		w.places[placeOf(e)] = append(w.places[placeOf(e)], e)
		if _, ok := w.upTo[e.Step]; !ok {
			w.upTo[e.Step] = i
		}
	}
	return w
}

// refuses returns the first event of a trace that the expected one does not have there: it
// has another, or none, or had more in an earlier step, or it had a call end before this
// one began that has not. It is -1 if there is none.
func (w expectation) refuses(x explored, got precedence) int {
	met := map[place]int{}
	calls := make([]int, len(w.order.lanes))
	for i, e := range x.Events {
		switch e.Verb {
		case subject.Leaked, subject.Race, subject.Changed:
			continue
		}
		at := placeOf(e)
		n := met[at]
		if n >= len(w.places[at]) || !w.places[at][n].Same(e) {
			return i
		}
		if before := w.upTo[e.Step]; n == 0 && seenBefore(met, e.Step) < before {
			return i
		}
		met[at]++
		if !isAct(e) {
			continue
		}
		lane := laneIndex(w.order.lanes, e.Source.Lane)
		row := w.order.row(lane, calls[lane])
		if row != nil && !covers(got.row(lane, calls[lane]), row) {
			return i
		}
		calls[lane]++
	}
	return -1
}

// seenBefore counts the events met before a step.
func seenBefore(met map[place]int, step int) int {
	n := 0
	for at, k := range met {
		if at.step < step {
			n += k
		}
	}
	return n
}
