package lab

import (
	"context"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// Flaky reports whether running the find's program again did not show it again: that
// is nondeterminism, an error of its own kind, and makes no seed.
func (f Find) Flaky() bool { return f.Violation.Law == "" || !f.Repeats }

// Seed is a program in a file, and the violation by which it became one, if that is known.
type Seed struct {
	File      string
	Program   *program.Program
	Violation oracle.Violation
}

// Promote shrinks a find, as far as the context lets it, and writes it as a seed file
// into a directory, which is made if need be.
func (l *Lab) Promote(ctx context.Context, f Find, dir string) (Seed, error) {
	p, v, err := l.Shrunk(ctx, f)
	seed := Seed{Program: p, Violation: v}
	if err != nil {
		return seed, err
	}
	seed.Program.Comment = []string{"Found: " + v.Subject + ", " + v.Text + "."}
	seed.File, err = SaveSeed(dir, v.Law, seed.Program)
	return seed, err
}

// PromoteSighting shrinks what an exploration found, with its schedule, and writes it as a seed file that
// expects what is given. The seed is returned in any case.
func (l *Lab) PromoteSighting(ctx context.Context, p *program.Program, s kind.Subject, f Sighting, beside string,
	expect []program.Expect, dir string) (seed Seed, err error) {
	q := p.Bare()
	q.Schedule = f.Schedule
	search := &Search{Strategy: Replaying, Beside: beside}
	small, v, err := l.smaller(ctx, q, s, Unit{Shrink: new(f.Like()), Search: search})
	if err != nil || v == nil {
		small, v = q, f.Violation
	}
	small.Expect = expect
	small.Comment = []string{"Found by exploring: " + v.Subject + ", " + v.Text + "."}
	if len(small.Schedule) == 0 {
		small.Comment = append(small.Comment, "The schedule has no preemption: who is at it goes on until it waits.")
	}
	file, err := SaveSeed(dir, v.Law, small)
	return Seed{file, small, *v}, err
}

// Shrunk simplifies a find's program, if the lab has its subject and the find shows again.
func (l *Lab) Shrunk(ctx context.Context, f Find) (*program.Program, oracle.Violation, error) {
	if s := titled(l.Subjects, f.Violation.Subject); s != nil {
		small, v, err := l.smaller(ctx, f.Program, *s, Unit{Shrink: &Like{Law: f.Violation.Law, Specified: f.Specified}})
		if v != nil {
			return small, *v, err
		} else if err != nil {
			return small, f.Violation, err
		}
	}
	return f.Program.Bare(), f.Violation, nil
}
