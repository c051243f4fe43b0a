package lab

import (
	"cmp"
	"context"
	"fmt"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// Conform says which programs are run in both worlds, in a bubble and under the scheduler:
// these texts, or, if there are none, generated ones.
type Conform struct {
	Programs []string
	Seed     uint64
	From, To int
	Ops      int
	// Turns has a program run on one of the subjects, each in its turn: so many programs are a
	// test of the scheduler, and less of the subjects.
	Turns bool
}

// Conformed is what came of it.
type Conformed struct {
	Runs    int      // programs times subjects that ran in both worlds
	Choices int      // of these, how many were compared up to a choice of the specification only
	Apart   []string // what differed, with its program
}

// Conform runs programs whose operations follow one another on the lab's subjects of a kind,
// in a bubble and under the scheduler, and compares their histories as far as there is only
// one right one. The scheduler takes every default. Its worker must be woven: this is the
// test of the scheduler against Go's own runtime.
func (l *Lab) Conform(ctx context.Context, k *kind.Kind, c Conform) (*Conformed, error) {
	n, err := l.ask(ctx, job{Unit{Subjects: titles(l.Of(k))}, &c})
	return n.Conformed, err
}

func (w *worker) conform(c Conform, subjects []kind.Subject) (note, error) {
	r, alive := &Conformed{}, w.alive()
	for i := range cmp.Or(len(c.Programs), c.To-c.From) {
		p, err := c.program(subjects[0].Kind, i)
		if err != nil {
			return note{}, err
		}
		if p.NeedsSchedule() || p.Wild() { // of another world
			continue
		}
		for n, s := range subjects {
			if c.Turns && n != (c.From+i)%len(subjects) || !engine.Applies(p, s) {
				continue
			}
			alive(r.Runs)
			if err := w.both(p, s, r); err != nil {
				return note{}, err
			}
		}
	}
	return note{Conformed: r}, nil
}

func (c Conform) program(k *kind.Kind, i int) (*program.Program, error) {
	if len(c.Programs) == 0 {
		return ProgramOf(c.Seed, k, c.From+i, c.Ops), nil
	}
	return program.Parse("program", []byte(c.Programs[i]), program.Names{Kinds: []*kind.Kind{k}, AnyLaw: true})
}

// both runs a program in both worlds.
func (w *worker) both(p *program.Program, s kind.Subject, r *Conformed) error {
	a, err := engine.Bubble(w.t, p, s, engine.Hooks{Memory: &w.memory})
	if err != nil {
		return err
	}
	v, err := oracle.Judge(&a)
	if err != nil {
		return tame(err)
	}
	b, err := Probe(p, s)
	if err != nil {
		return tame(err)
	}
	r.Runs++
	if v.Branched > 0 {
		r.Choices++
	}
	h, g := history.Of(&a), history.Of(&b.Run)
	if v.Stable(h) != v.Stable(g) {
		i := history.Agree(h, g)
		r.Apart = append(r.Apart, fmt.Sprintf("%s: in a bubble %s, under the scheduler %s, in\n\n%s", s.Title(), h.Line(i),
			g.Line(i), p))
	}
	return nil
}

// Probe runs a program once in this process, whose code must be woven, in its own schedule or the one without
// a preemption, and judges nothing.
func Probe(p *program.Program, s kind.Subject) (engine.WovenRun, error) {
	own := sched.NewReplay(p.Schedule)
	own.Begin()
	return engine.Woven(p, s, own)
}
