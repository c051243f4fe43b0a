package cases

import (
	"context"
	"errors"
	"testing"

	other "github.com/neilotoole/errgroup"
	"golang.org/x/sync/errgroup"

	"batchlab/sim"
)

// group is a group of functions, each of which says that it has run.
type group struct {
	env *sim.Env
	of  interface {
		Go(f func() error)
		Wait() error
	}
}

func (g group) Go(fails bool) {
	g.of.Go(func() error {
		g.env.Note("ran")
		if fails {
			return errors.New("failed")
		}
		return nil
	})
}

func (g group) Wait() error { return g.of.Wait() }

// neilotoole/errgroup#11: after an error what is queued never runs.
func TestErrgroup(t *testing.T) {
	original := func(e *sim.Env) group { g, _ := errgroup.WithContext(context.Background()); return group{e, g} }
	candidate := func(e *sim.Env) group { g, _ := other.WithContextN(context.Background(), 1, 1); return group{e, g} }
	sim.Equivalent(t, original, candidate)
}
