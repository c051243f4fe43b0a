package foreign

import (
	"slices"
	"sync"
	"time"
)

// Ring is a queue that wakes nobody in vain: its values are in a ring, and each who waits
// has a place in a line and is served by whoever makes that possible.
type Ring struct {
	mu      sync.Mutex
	ring    []int
	head, n int
	closed  bool
	pushers []*place // wait for room
	poppers []*place // wait for a value
	fault   fault
}

// fault is what a ring does wrong, for the lab to find.
type fault int

const (
	sound    fault = iota
	forgets        // Close forgets what is left
	believes       // Push looks for room, and later, under another lock, believes that it is there
	ignores        // who has waited too long does not look whether he was served in the meantime
)

// place is that of one who waits.
type place struct {
	v      int
	served chan bool
}

// NewRing returns a queue with room for so many.
func NewRing(room int) *Ring { return &Ring{ring: make([]int, room)} }

// Push adds a value.
func (q *Ring) Push(v int, within time.Duration) bool {
	q.mu.Lock()
	full := q.n == len(q.ring)
	if q.fault == believes {
		q.mu.Unlock()
		q.mu.Lock()
	}
	switch {
	case q.closed:
		q.mu.Unlock()
		return false
	case len(q.poppers) > 0:
		q.poppers[0].v = v
		serve(&q.poppers, true)
		q.mu.Unlock()
		return true
	case !full:
		q.add(v)
		q.mu.Unlock()
		return true
	}
	p := stand(&q.pushers, v)
	q.mu.Unlock()
	return q.wait(p, &q.pushers, within)
}

// Pop takes the value that has been there longest.
func (q *Ring) Pop(within time.Duration) (int, bool) {
	q.mu.Lock()
	if q.n > 0 {
		v := q.ring[q.head]
		q.head = (q.head + 1) % len(q.ring)
		q.n--
		if len(q.pushers) > 0 {
			q.add(serve(&q.pushers, true).v)
		}
		q.mu.Unlock()
		return v, true
	}
	if q.closed {
		q.mu.Unlock()
		return 0, false
	}
	p := stand(&q.poppers, 0)
	q.mu.Unlock()
	if !q.wait(p, &q.poppers, within) {
		return 0, false
	}
	return p.v, true
}

func (q *Ring) add(v int) {
	q.ring[(q.head+q.n)%len(q.ring)] = v
	q.n = min(q.n+1, len(q.ring))
}

func stand(line *[]*place, v int) *place {
	p := &place{v: v, served: make(chan bool, 1)}
	*line = append(*line, p)
	return p
}

// serve tells the first in a line how it ended, and returns his place.
func serve(line *[]*place, ok bool) *place {
	p := (*line)[0]
	*line = (*line)[1:]
	p.served <- ok
	return p
}

// wait waits for being served. Who is too late leaves the line, if he is still in it.
func (q *Ring) wait(p *place, line *[]*place, within time.Duration) bool {
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case ok := <-p.served:
		return ok
	case <-late.C:
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.Index(*line, p); i >= 0 {
		*line = slices.Delete(*line, i, i+1)
		return false
	}
	return q.fault != ignores && <-p.served
}

// Len is how many there are.
func (q *Ring) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.n
}

// Close closes the queue.
func (q *Ring) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.fault == forgets {
		q.n = 0
	}
	for len(q.pushers) > 0 {
		serve(&q.pushers, false)
	}
	for len(q.poppers) > 0 {
		serve(&q.poppers, false)
	}
}
