package derived

import (
	"errors"
	"sync"
	"sync/atomic"
)

// ErrClosed is what a closed pool answers.
var ErrClosed = errors.New("closed")

// Pool runs functions on two goroutines of its own. One that is hasty closes its queue without asking
// whether somebody is about to send.
type Pool struct {
	mu     sync.RWMutex
	tasks  chan func() error
	closed bool
	failed atomic.Int64
	wg     sync.WaitGroup
	hasty  bool
}

// NewPool starts a pool.
func NewPool(hasty bool) *Pool {
	p := &Pool{tasks: make(chan func() error, 2), hasty: hasty}
	for range 2 {
		p.wg.Add(1)
		go p.work()
	}
	return p
}

func (p *Pool) work() {
	defer p.wg.Done()
	for f := range p.tasks {
		if f() != nil {
			p.failed.Add(1)
		}
	}
}

// Submit has a function run.
func (p *Pool) Submit(f func() error) error {
	p.mu.RLock()
	if p.closed {
		p.mu.RUnlock()
		return ErrClosed
	}
	if p.hasty {
		p.mu.RUnlock()
		p.tasks <- f
		return nil
	}
	defer p.mu.RUnlock()
	p.tasks <- f
	return nil
}

// Failed is how many functions have returned an error.
func (p *Pool) Failed() int { return int(p.failed.Load()) }

// Close lets what was submitted run, and ends the goroutines.
func (p *Pool) Close() {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.tasks)
	}
	p.mu.Unlock()
	p.wg.Wait()
}
