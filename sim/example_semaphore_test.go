package sim_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"batchlab/sim"
)

// Permits lets one in at a time, in the order in which they came.
type Permits struct {
	mu      sync.Mutex
	free    int
	waiting []chan struct{}
}

func newPermits(*sim.Env) *Permits { return &Permits{free: 1} }

func (p *Permits) Acquire(ctx context.Context) error {
	p.mu.Lock()
	if p.free > 0 {
		p.free--
		p.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.waiting, turn); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	} else {
		p.pass() // bug: without this line
	}
	return ctx.Err()
}

func (p *Permits) Release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pass()
}

func (p *Permits) pass() {
	if len(p.waiting) == 0 {
		p.free = min(p.free+1, 1)
		return
	}
	close(p.waiting[0])
	p.waiting = p.waiting[1:]
}

// A semaphore: one context that never ends, and one that ends while a call waits or just when it is let in.
func ExampleLinearizable_semaphore() {
	var t *testing.T // in a file of yours: func TestPermits(t *testing.T)
	sim.Linearizable(t, newPermits, sim.Arg("Acquire", 1, "ctx", "ctx1"))
	// With the bug it says, among other things:
	//
	//	| a                  | b                              |
	//	|--------------------|--------------------------------|
	//	| Acquire(ctx) nil   |                                |
	//	| cancel()           |                                |
	//	| Release()          | Acquire(ctx1) context canceled |  <- want nil in b
	//	| Acquire(ctx) waits |                                |
}
