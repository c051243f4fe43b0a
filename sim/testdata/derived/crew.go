package derived

import (
	"context"
	"sync"
	"sync/atomic"
)

// Crew runs functions on up to two goroutines, which it starts when they are needed, and lets go in Wait.
type Crew struct {
	mu  sync.Mutex
	now *shift
}

type shift struct {
	tasks chan func()
	n     int
	wg    sync.WaitGroup
}

func (s *shift) work() {
	for f := range s.tasks {
		f()
	}
}

// Go has a function run.
func (c *Crew) Go(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now == nil {
		c.now = &shift{tasks: make(chan func())}
	}
	if c.now.n < 2 {
		c.now.n++
		c.now.wg.Go(c.now.work)
	}
	c.now.tasks <- f
}

// Line is a goroutine of one's own, up to its Close.
func (c *Crew) Line() *Line {
	l := &Line{end: make(chan struct{})}
	go func() { <-l.end }()
	return l
}

// Wait returns when all has been run.
func (c *Crew) Wait() {
	c.mu.Lock()
	s := c.now
	c.now = nil
	c.mu.Unlock()
	if s != nil {
		close(s.tasks)
		s.wg.Wait()
	}
}

// Line ends by Close.
type Line struct{ end chan struct{} }

// Close ends it.
func (l *Line) Close() { close(l.end) }

// Taker counts who came while a context lasts. Whether it does he looks once.
type Taker struct{ n atomic.Int64 }

// Take counts.
func (t *Taker) Take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t.n.Add(1)
	return nil
}

// Count is how many came.
func (t *Taker) Count() int { return int(t.n.Load()) }
