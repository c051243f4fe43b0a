// Package derived is somebody's package: components as people write them, each in a version that is
// right and in some that are not. Its tests put them under test with a line each.
package derived

import (
	"sync"
	"sync/atomic"
)

// Queue is a queue that never waits.
type Queue interface {
	Push(v int)
	Pop() (int, bool)
	Empty() bool
}

// Locked is a queue as anybody would write it.
type Locked struct {
	mu    sync.Mutex
	items []int
}

// Push appends.
func (q *Locked) Push(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
}

// Pop takes the first.
func (q *Locked) Pop() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return 0, false
	}
	v := q.items[0]
	q.items = q.items[1:]
	return v, true
}

// Empty reports whether there are none.
func (q *Locked) Empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items) == 0
}

// Free is a queue without a lock (Michael and Scott, PODC 1996). Hasty, it looks whether it comes
// first and then takes it without asking again.
type Free struct {
	head, tail atomic.Pointer[node]
	hasty      bool
}

type node struct {
	v    int
	next atomic.Pointer[node]
}

// NewFree makes an empty queue.
func NewFree(hasty bool) *Free {
	q := &Free{hasty: hasty}
	first := &node{}
	q.head.Store(first)
	q.tail.Store(first)
	return q
}

// Push appends.
func (q *Free) Push(v int) {
	n := &node{v: v}
	for {
		tail := q.tail.Load()
		next := tail.next.Load()
		if next != nil {
			q.tail.CompareAndSwap(tail, next)
			continue
		}
		if tail.next.CompareAndSwap(nil, n) {
			q.tail.CompareAndSwap(tail, n)
			return
		}
	}
}

// Pop takes the first.
func (q *Free) Pop() (int, bool) {
	for {
		head, tail := q.head.Load(), q.tail.Load()
		next := head.next.Load()
		if next == nil {
			return 0, false
		}
		if head == tail {
			q.tail.CompareAndSwap(tail, next)
		}
		if q.hasty {
			q.head.Store(next)
			return next.v, true
		}
		if q.head.CompareAndSwap(head, next) {
			return next.v, true
		}
	}
}

// Empty reports whether there are none.
func (q *Free) Empty() bool { return q.head.Load().next.Load() == nil }
