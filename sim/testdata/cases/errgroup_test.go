package cases

import (
	"context"
	"testing"

	other "github.com/neilotoole/errgroup"
	"golang.org/x/sync/errgroup"

	"batchlab/sim"
)

type group interface {
	Go(f func() error)
	Wait() error
}

// neilotoole/errgroup#11: after an error what is queued never runs.
func TestErrgroup(t *testing.T) {
	original := func(*sim.Env) group { g, _ := errgroup.WithContext(context.Background()); return g }
	candidate := func(*sim.Env) group { g, _ := other.WithContextN(context.Background(), 1, 1); return g }
	sim.Equivalent(t, original, candidate)
}
