package foreign

import (
	"sync"
	"time"
)

// Queue holds at most so many values. Push waits while it is full, Pop while it is empty,
// each no longer than it is told, and say whether they did anything. A closed queue takes
// nothing more, gives what is in it, and lets nobody wait.
type Queue interface {
	Push(v int, within time.Duration) bool
	Pop(within time.Duration) (int, bool)
	Len() int
	Close()
}

// Plain is the queue as anybody would write it: a mutex, a slice, and whoever waits looks
// again whenever something has changed.
type Plain struct {
	mu      sync.Mutex
	room    int
	values  []int
	closed  bool
	changed chan struct{} // closed at the next change
}

// NewPlain returns a queue with room for so many.
func NewPlain(room int) *Plain { return &Plain{room: room, changed: make(chan struct{})} }

// try does something under the lock until it is done or too late.
func (q *Plain) try(within time.Duration, do func() (done, ok bool)) bool {
	late := time.NewTimer(within)
	defer late.Stop()
	for {
		q.mu.Lock()
		done, ok := do()
		changed := q.changed
		if ok {
			q.change()
		}
		q.mu.Unlock()
		if done {
			return ok
		}
		select {
		case <-changed:
		case <-late.C:
			return false
		}
	}
}

func (q *Plain) change() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// Push adds a value.
func (q *Plain) Push(v int, within time.Duration) bool {
	return q.try(within, func() (done, ok bool) {
		if q.closed || len(q.values) == q.room {
			return q.closed, false
		}
		q.values = append(q.values, v)
		return true, true
	})
}

// Pop takes the value that has been there longest.
func (q *Plain) Pop(within time.Duration) (v int, ok bool) {
	ok = q.try(within, func() (done, ok bool) {
		if len(q.values) == 0 {
			return q.closed, false
		}
		v, q.values = q.values[0], q.values[1:]
		return true, true
	})
	return v, ok
}

// Len is how many there are.
func (q *Plain) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.values)
}

// Close closes the queue.
func (q *Plain) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.change()
}
