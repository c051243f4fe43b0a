package main

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"
	"github.com/eapache/go-resiliency/batcher"

	"batchlab/impls/spec"
)

// resiliencyBatcher is the Batcher of go-resiliency. Its Run returns when the batch is
// done that its item is in: that is a Put for callers who want to wait. The contract's
// Put does not, so each item gets a goroutine that waits in its place, as many as the
// baseline's queue has room. Producers that call Run themselves are faster only where
// they are as many as a thousand: each puts one item in a timeout.
//
// It differs from the baseline:
//   - a batch has no size at which it leaves. It is all that came within the timeout of
//     its first item, and the adapter hands it on in pieces. What leaves by size alone
//     in other batchers would wait for the timer here: see longestTimeout;
//   - work runs beside other work, which the adapter forbids in the foreground;
//   - items of one producer reach the handler in any order, for their goroutines do;
//   - Trigger is Shutdown, after which the documentation leaves Run undefined. The code
//     of this version begins a new batch, and Close relies on that: an item may come to
//     Run only when Close has begun. A benchmark calls Shutdown in Close alone.
type resiliencyBatcher struct {
	*batcher.Batcher
	size       int
	background bool
	fn         func([]*spec.Item)
	turn       chan struct{} // holds whose turn in the foreground it is
	room       chan struct{} // as many as wait in Run, or soon will
	waiting    atomic.Int64  // the same, to be read
	closed     atomic.Bool
}

// longestTimeout is the longest that the adapter takes. With more, producers would wait for
// the timer each time that the room is full, and a sample would take minutes or hours.
const longestTimeout = 100 * time.Millisecond

func newResiliency(c spec.BatcherConfig, _ clock.Clock, fn func([]*spec.Item)) spec.Batcher {
	if c.Timeout > longestTimeout {
		panic(fmt.Sprintf("go-resiliency: a batch leaves by the timer alone, and %v is too long to wait for that", c.Timeout))
	}
	r := &resiliencyBatcher{
		size: c.Size, background: c.Background, fn: fn,
		turn: make(chan struct{}, 1), room: make(chan struct{}, spec.QueueFactor*c.Size),
	}
	r.Batcher = batcher.New(c.Timeout, r.work)
	return r
}

func (r *resiliencyBatcher) Put(item *spec.Item) {
	r.waiting.Add(1)
	r.room <- struct{}{}
	if r.closed.Load() {
		r.done()
		panic("go-resiliency: Put after Close")
	}
	go r.run(item)
}

func (r *resiliencyBatcher) run(item *spec.Item) {
	_ = r.Run(item) // says what work says: nil
	r.done()
}

func (r *resiliencyBatcher) done() {
	<-r.room
	r.waiting.Add(-1)
}

// work is what the component does with a batch.
func (r *resiliencyBatcher) work(batch []any) error {
	items := make([]*spec.Item, len(batch))
	for i, item := range batch {
		items[i] = item.(*spec.Item)
	}
	if !r.background {
		r.turn <- struct{}{}
		defer func() { <-r.turn }()
	}
	for piece := range slices.Chunk(items, r.size) {
		r.fn(piece)
	}
	return nil
}

func (r *resiliencyBatcher) Trigger() { r.Shutdown(false) }

func (r *resiliencyBatcher) Close() {
	r.closed.Store(true)
	for r.waiting.Load() > 0 {
		r.Shutdown(false)
		time.Sleep(100 * time.Microsecond) // for those who have not come to Run yet, and for handlers
	}
	r.Shutdown(true)
}
