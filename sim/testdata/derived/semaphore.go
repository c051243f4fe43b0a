package derived

import (
	"context"
	"sync"
)

// Semaphore lets two in at a time. A forgetful one does not pass on the room that was given to one
// whose context ended at the same time.
type Semaphore struct {
	mu        sync.Mutex
	used      int
	waiters   []chan struct{}
	forgetful bool
}

const most = 2

// Acquire waits for room.
func (s *Semaphore) Acquire(ctx context.Context) error {
	s.mu.Lock()
	if s.used < most {
		s.used++
		s.mu.Unlock()
		return nil
	}
	ready := make(chan struct{})
	s.waiters = append(s.waiters, ready)
	s.mu.Unlock()
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, w := range s.waiters {
		if w == ready {
			s.waiters = append(s.waiters[:i], s.waiters[i+1:]...)
			return ctx.Err()
		}
	}
	if s.forgetful {
		return ctx.Err() // though it was let in
	}
	return nil
}

// TryAcquire does not wait.
func (s *Semaphore) TryAcquire() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used == most {
		return false
	}
	s.used++
	return true
}

// Release makes room.
func (s *Semaphore) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used == 0 {
		panic("semaphore: released more than held")
	}
	if len(s.waiters) > 0 {
		close(s.waiters[0])
		s.waiters = s.waiters[1:]
		return
	}
	s.used--
}
