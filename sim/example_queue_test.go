package sim_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"batchlab/sim"
)

// Fifo is what the old queue and the new one have in common.
type Fifo interface {
	Push(v int)
	Pop() (v int, ok bool)
}

// lockedFifo is the old one: a slice behind a lock.
type lockedFifo struct {
	mu    sync.Mutex
	items []int
}

func newLockedFifo(*sim.Env) Fifo { return &lockedFifo{} }

func (q *lockedFifo) Push(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
}

func (q *lockedFifo) Pop() (v int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return 0, false
	}
	v, q.items = q.items[0], q.items[1:]
	return v, true
}

// linkedFifo is the new one: who takes has no lock.
type linkedFifo struct {
	head atomic.Pointer[link] // the last one taken
	mu   sync.Mutex
	tail *link
}

type link struct {
	v    int
	next atomic.Pointer[link]
}

func newLinkedFifo(*sim.Env) Fifo {
	q := &linkedFifo{tail: &link{}}
	q.head.Store(q.tail)
	return q
}

func (q *linkedFifo) Push(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := &link{v: v}
	q.tail.next.Store(l)
	q.tail = l
}

func (q *linkedFifo) Pop() (v int, ok bool) {
	for {
		head := q.head.Load()
		next := head.next.Load()
		if next == nil {
			return 0, false
		}
		if q.head.CompareAndSwap(head, next) { // bug: if q.head.Store(next); true {
			return next.v, true
		}
	}
}

// A queue without a lock stands in for one with a lock.
func ExampleEquivalent_queue() {
	var t *testing.T // in a file of yours: func TestLinkedFifo(t *testing.T)
	sim.Equivalent(t, newLockedFifo, newLinkedFifo)
	// With the bug it says, among other things:
	//
	//	| a            | b            |
	//	|--------------|--------------|
	//	| Push(1)      |              |
	//	| Pop() 1 true | Pop() 1 true |  <- want 0 false in b
}
