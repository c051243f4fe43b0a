// Package derived is somebody's package: components as people write them, each in a version that is
// right and in some that are not. Its tests put them under test with a line each.
package derived

import (
	"sync"
	"sync/atomic"
)

// Queue is a queue that never waits.
type Queue interface {
	Push(v int) bool
	Pop() (int, bool)
	Len() int
}

const room = 2

// Locked is a queue as anybody would write it.
type Locked struct {
	mu    sync.Mutex
	items []int
}

// Push appends, if there is room.
func (q *Locked) Push(v int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == room {
		return false
	}
	q.items = append(q.items, v)
	return true
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

// Len is how many there are.
func (q *Locked) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

// Ring is a bounded queue without a lock, with a sequence number in each slot (Vyukov's
// bounded MPMC queue). Hasty, it looks at a slot and then takes it without asking again.
type Ring struct {
	slots [room]slot
	head  atomic.Int64
	tail  atomic.Int64
	hasty bool
}

type slot struct {
	turn atomic.Int64
	v    int
}

// NewRing makes an empty ring.
func NewRing(hasty bool) *Ring {
	r := &Ring{hasty: hasty}
	for i := range r.slots {
		r.slots[i].turn.Store(int64(i))
	}
	return r
}

// Push appends, if there is room.
func (r *Ring) Push(v int) bool {
	for {
		at := r.tail.Load()
		s := &r.slots[at%room]
		switch turn := s.turn.Load(); {
		case turn == at:
			if r.take(&r.tail, at) {
				s.v = v
				s.turn.Store(at + 1)
				return true
			}
		case turn < at && r.head.Load()+room <= at:
			return false
		}
	}
}

func (r *Ring) take(end *atomic.Int64, at int64) bool {
	if r.hasty {
		end.Store(at + 1)
		return true
	}
	return end.CompareAndSwap(at, at+1)
}

// Pop takes the first.
func (r *Ring) Pop() (int, bool) {
	for {
		at := r.head.Load()
		s := &r.slots[at%room]
		switch turn := s.turn.Load(); {
		case turn == at+1:
			if r.take(&r.head, at) {
				v := s.v
				s.turn.Store(at + room)
				return v, true
			}
		case turn <= at && r.tail.Load() <= at:
			return 0, false
		}
	}
}

// Len is how many there are.
func (r *Ring) Len() int {
	for {
		tail := r.tail.Load()
		head := r.head.Load()
		if r.tail.Load() == tail {
			return int(tail - head)
		}
	}
}
