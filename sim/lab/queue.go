package lab

import (
	"cmp"
	"context"
	"iter"
	"sync"
)

// Queue has units done by whoever is free. What it is asked first it begins first.
type Queue interface {
	// Do has a unit done, and returns what came of it, once. It may be called by many at a time.
	Do(ctx context.Context, u Unit) (Result, error)
	// Width is how many units keep all who do them at work.
	Width() int
}

// GivenUp is the error of a unit that nobody has done, though some have tried. It says nothing of the others.
type GivenUp struct{ Unit, Why string }

func (e *GivenUp) Error() string { return e.Unit + ": " + e.Why }

// On has units done with a binary, by the same queue.
func On(q Queue, binary string) Queue { return on{q, binary} }

type on struct {
	Queue
	binary string
}

func (q on) Do(ctx context.Context, u Unit) (Result, error) {
	u.Binary = q.binary
	return q.Queue.Do(ctx, u)
}

// Width is that of a lab, which does one unit after another.
func (l *Lab) Width() int { return 1 }

// Pool is the queue of one machine: labs side by side, each with a worker of its own.
type Pool struct {
	lab  func(binary string) *Lab
	free chan *seat
}

type seat struct {
	binary string
	lab    *Lab
}

// NewPool returns a pool of so many labs. They are made when there is work for them, with a binary as their worker.
func NewPool(width int, lab func(binary string) *Lab) *Pool {
	p := &Pool{lab, make(chan *seat, width)}
	for range width {
		p.free <- &seat{}
	}
	return p
}

// Width is how many labs there are.
func (p *Pool) Width() int { return cap(p.free) }

// Do does a unit in the lab that has been free for longest.
func (p *Pool) Do(ctx context.Context, u Unit) (Result, error) {
	select {
	case s := <-p.free:
		defer func() { p.free <- s }()
		if s.lab == nil || s.binary != u.Binary {
			s.close()
			s.binary, s.lab = u.Binary, p.lab(u.Binary)
		}
		return s.lab.Do(ctx, u)
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// Close ends the labs, when they are free.
func (p *Pool) Close() {
	for range cap(p.free) {
		(<-p.free).close()
	}
}

func (s *seat) close() {
	if s.lab != nil {
		s.lab.Close()
	}
}

// Each does something with everything in a sequence, in its order and so much at a time, until the first error or the
// end of the context.
func Each[T any](ctx context.Context, width int, seq iter.Seq[T], do func(T) error) error {
	next, stop := iter.Pull(seq)
	defer stop()
	var mu sync.Mutex
	var failed error
	take := func(err error) (x T, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if failed = cmp.Or(failed, err); failed == nil && ctx.Err() == nil {
			x, ok = next()
		}
		return x, ok
	}
	var wg sync.WaitGroup
	for range width {
		wg.Go(func() {
			for x, ok := take(nil); ok; x, ok = take(do(x)) {
			}
		})
	}
	wg.Wait()
	return failed
}
