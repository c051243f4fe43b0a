package derived

import (
	"sync"

	"github.com/benbjohnson/clock"
)

// Clocked is a lease on a clock that it is given: who takes it has it for a second. A hasty one looks
// whether it is free before it locks.
type Clocked struct {
	mu    sync.Mutex
	clk   clock.Clock
	taken bool
	hasty bool
}

// Take takes the lease, if it is free.
func (c *Clocked) Take() bool {
	if c.hasty && c.Taken() {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.hasty && c.taken {
		return false
	}
	c.taken = true
	c.clk.AfterFunc(ttl, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.taken = false
	})
	return true
}

// Taken reports whether somebody has it.
func (c *Clocked) Taken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken
}
