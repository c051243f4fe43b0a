// Package example is small enough to be shown woven.
package example

import "sync"

// Counter counts.
type Counter struct {
	mu sync.Mutex
	n  int
}

// Add adds one, and says so.
func (c *Counter) Add(said chan<- int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	said <- c.n
}
