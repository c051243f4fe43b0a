package lab

import (
	"context"
	"slices"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// Hunt says how a subject, whose code must be woven, is hunted: with one schedule of each program in turn, but for
// the first, until a law is broken. What the specification breaks itself is no find.
type Hunt struct {
	Programs  []string // texts
	First     []int    `json:",omitempty"` // of which programs, by index, the first schedules are
	Strategy  string
	Seed      uint64
	Schedules int // at most so many in all
	// Clockless has the subject run on package time, whose timers are not those of a mock:
	// a Stop or Reset takes back a tick that was not received.
	Clockless bool
}

// Hunted is what came of a hunt.
type Hunted struct {
	Schedules int // until the find, or in all
	Violation *oracle.Violation
	Program   int // which of the programs showed it
	Schedule  []program.Decision
	Unjudged  int
	// Uncontrolled is what the runs came upon that no schedule decides, each with its place.
	Uncontrolled []string
}

// ask gives the worker a job and waits for its answer.
func (l *Lab) ask(ctx context.Context, j job) (note, error) {
	if err := l.tell(j); err != nil {
		return note{}, err
	}
	n, err := l.worker.answer(ctx)
	if err != nil {
		l.end()
	}
	l.stale = n.Grown != ""
	return n, err
}

func (w *worker) hunt(s kind.Subject, h Hunt) (note, error) {
	s.Clockless = s.Clockless || h.Clockless
	r, err := hunt(s, h, w.alive())
	return note{Hunted: r, Grown: w.grown(nil, []kind.Subject{s})}, err
}

// target is a program of a hunt.
type target struct {
	index    int
	program  *program.Program
	strategy sched.Strategy
	by       *judges
	traces   map[uint64]bool // those that were judged
}

// targets are the programs that the subject can run. alive is told that work goes on.
func (h Hunt) targets(s kind.Subject, alive func() bool) ([]*target, error) {
	var list []*target
	for i, text := range h.Programs {
		p, err := program.Parse("program", []byte(text), program.Names{Kinds: []*kind.Kind{s.Kind}, AnyLaw: true})
		if err != nil {
			return nil, err
		}
		if !engine.Applies(p, s) {
			continue
		}
		strategy, err := sched.New(h.Strategy, h.Seed+uint64(i)<<32)
		if err != nil {
			return nil, &kind.LabError{Msg: err.Error()}
		}
		by, err := newJudges(p, s, nil, h.Schedules/len(h.Programs), alive)
		if err != nil {
			return nil, err
		}
		list = append(list, &target{i, p, strategy, by, map[uint64]bool{}})
	}
	return list, nil
}

func hunt(s kind.Subject, h Hunt, alive func(int) bool) (*Hunted, error) {
	defer rt.Keep()()
	r := &Hunted{}
	list, err := h.targets(s, func() bool { return alive(r.Schedules) })
	if err != nil {
		return nil, err
	}
	first := h.first(list)
	for len(list) > 0 && r.Schedules < h.Schedules {
		q := list[max(r.Schedules-len(first), 0)%len(list)]
		if r.Schedules < len(first) {
			q = first[r.Schedules]
		}
		if !alive(r.Schedules) || !q.strategy.Begin() {
			return r, nil
		}
		x, err := engine.Woven(q.program, s, q.strategy)
		r.Schedules++
		if wild(err) {
			r.Unjudged++
			continue
		} else if err != nil {
			return nil, err
		}
		r.Uncontrolled = union(r.Uncontrolled, x.Uncontrolled)
		k := q.by.key(x)
		if q.traces[k] {
			continue
		}
		q.traces[k] = true
		x = q.by.hold(x)
		verdicts, err := q.by.verdicts(x)
		if wild(err) {
			r.Unjudged++
		} else if err != nil {
			return nil, err
		}
		for _, v := range verdicts {
			if !v.Specified {
				r.Violation, r.Program, r.Schedule = v.Violation, q.index, x.Schedule()
				return r, nil
			}
		}
	}
	return r, nil
}

// first are the targets of the first schedules, as far as the subject can run them.
func (h Hunt) first(list []*target) (first []*target) {
	for _, index := range h.First {
		if i := slices.IndexFunc(list, func(q *target) bool { return q.index == index }); i >= 0 {
			first = append(first, list[i])
		}
	}
	return first
}
