package lab

import (
	"context"

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
	p, v, err := l.shrunk(ctx, f)
	seed := Seed{Program: p, Violation: v}
	if err != nil {
		return seed, err
	}
	seed.Program.Comment = []string{"Found: " + v.Subject + ", " + v.Text + "."}
	seed.File, err = SaveSeed(dir, v.Law, seed.Program)
	return seed, err
}

// shrunk simplifies a find's program, if the lab has its subject and the find shows again.
func (l *Lab) shrunk(ctx context.Context, f Find) (*program.Program, oracle.Violation, error) {
	if s := titled(l.Subjects, f.Violation.Subject); s != nil {
		small, v, err := l.shrink(ctx, f.Program, *s, f.Violation.Law, &f.Specified)
		if v != nil {
			return small, *v, err
		} else if err != nil {
			return small, f.Violation, err
		}
	}
	return f.Program.Bare(), f.Violation, nil
}
