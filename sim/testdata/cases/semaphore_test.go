package cases

import (
	"context"
	"testing"

	"golang.org/x/sync/semaphore"

	"batchlab/sim"
)

// golang/go#37852: who waits behind a large one that gave up is not woken.
func TestSemaphore(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		s := semaphore.NewWeighted(2)
		s.Acquire(context.Background(), 1)
		ctx, cancel := context.WithCancel(context.Background())
		go s.Acquire(ctx, 2)
		go cancel()
		s.Acquire(context.Background(), 1) // there is room
	})
}
