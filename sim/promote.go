package sim

import (
	"context"

	"batchlab/sim/program"
)

// Flaky reports whether running the find's program again did not show it again: that
// is nondeterminism, an error of its own kind, and makes no seed.
func (f Find) Flaky() bool { return f.Violation.Law == "" || !f.Repeats }

// Seed is a find that has become a file.
type Seed struct {
	File      string
	Program   *program.Program
	Violation Violation
}

// Promote shrinks a find, as far as the context lets it, and writes it as a seed file
// into a directory, which is made if need be.
func (l *Lab) Promote(ctx context.Context, f Find, dir string) (Seed, error) {
	seed := Seed{Program: f.Program.Bare(), Violation: f.Violation}
	for _, s := range l.Subjects {
		if Title(s) != f.Violation.Subject {
			continue
		}
		small, v, err := l.Shrink(ctx, f.Program, s, f.Violation.Law)
		if err != nil {
			return seed, err
		}
		if v != nil {
			seed.Program, seed.Violation = small, *v
		}
	}
	v := seed.Violation
	seed.Program.Comment = []string{"Found: " + v.Subject + ", " + v.Law.Text() + "."}
	var err error
	seed.File, err = SaveSeed(dir, v.Law, seed.Program)
	return seed, err
}
