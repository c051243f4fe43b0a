package sim_test

import (
	"errors"
	"sync"
	"testing"

	"batchlab/sim"
)

var errStopped = errors.New("stopped")

// Workers do jobs, two at a time, until they are stopped.
type Workers struct {
	mu      sync.RWMutex
	stopped bool
	jobs    chan func()
	wg      sync.WaitGroup
}

func newWorkers(*sim.Env) *Workers {
	w := &Workers{jobs: make(chan func())}
	for range 2 {
		w.wg.Go(func() {
			for job := range w.jobs {
				job()
			}
		})
	}
	return w
}

func (w *Workers) Submit(job func()) error {
	w.mu.RLock()
	defer w.mu.RUnlock() // bug: w.mu.RUnlock()
	if w.stopped {
		return errStopped
	}
	w.jobs <- job
	return nil
}

func (w *Workers) Stop() {
	w.mu.Lock()
	if !w.stopped {
		w.stopped = true
		close(w.jobs)
	}
	w.mu.Unlock()
	w.wg.Wait()
}

// A worker pool: jobs are made for it, such as take time. Stop is known to be the end, and no goroutine may
// outlive it.
func ExampleLinearizable_pool() {
	var t *testing.T // in a file of yours: func TestWorkers(t *testing.T)
	sim.Linearizable(t, newWorkers)
	// With the bug it says, among other things:
	//
	//	| a                                        | b      |
	//	|------------------------------------------|--------|
	//	| Submit(f) panics: send on closed channel | Stop() |  <- want nil in a
}
