// Package foreign is a component of somebody else: a buffer that hands on what it
// was given, in chunks, when it has enough or when enough time has passed. It knows
// neither batchlab nor its clock. The tests beside it put it under test.
package foreign

import (
	"sync"
	"time"
)

// Buffer hands on items in chunks of at most limit, one chunk at a time.
type Buffer[T any] struct {
	limit int
	every time.Duration
	out   func([]T)

	mu     sync.Mutex
	items  []T
	ready  [][]T // chunks that nobody has handed on yet
	timer  *time.Timer
	closed bool
	idle   chan struct{} // not nil while somebody hands on; closed when he is done

	// forgetful makes Shut forget what is left: the fault that the lab has to find.
	forgetful bool
}

// NewBuffer returns a buffer that calls out with full chunks, and with what there is
// when the first item of a chunk has waited long enough.
func NewBuffer[T any](limit int, every time.Duration, out func([]T)) *Buffer[T] {
	return &Buffer[T]{limit: limit, every: every, out: out}
}

// Add adds an item. It panics on a closed buffer.
func (b *Buffer[T]) Add(item T) {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		panic("foreign: Add to a closed Buffer")
	}
	b.items = append(b.items, item)
	switch {
	case len(b.items) == b.limit:
		b.cut()
	case b.timer == nil:
		b.timer = time.AfterFunc(b.every, b.Flush)
	}
	b.handOn()
}

// cut makes a chunk of what there is. The caller holds the lock.
func (b *Buffer[T]) cut() {
	if len(b.items) > 0 {
		b.ready = append(b.ready, b.items)
		b.items = nil
	}
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
}

// handOn hands on the chunks that are ready, unless somebody is at it: then he will.
// The caller holds the lock, and has it no more when handOn returns.
func (b *Buffer[T]) handOn() {
	defer b.mu.Unlock()
	if b.idle != nil {
		return
	}
	b.idle = make(chan struct{})
	for len(b.ready) > 0 {
		chunk := b.ready[0]
		b.ready = b.ready[1:]
		b.mu.Unlock()
		b.out(chunk)
		b.mu.Lock()
	}
	close(b.idle)
	b.idle = nil
}

// Flush hands on what there is.
func (b *Buffer[T]) Flush() {
	b.mu.Lock()
	b.cut()
	b.handOn()
}

// Shut hands on what is left, waits until all is handed on, and ends the buffer.
func (b *Buffer[T]) Shut() {
	b.mu.Lock()
	b.closed = true
	if b.forgetful {
		b.items = nil
	}
	b.cut()
	idle := b.idle
	b.handOn()
	if idle != nil {
		<-idle
	}
}
