package batcher

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"
)

// queueFactor is the room of the item channel, in batches.
const queueFactor = 64

// Batcher collects items into batches and hands each batch to a function. A
// batch leaves when it is full, when timeout has passed since its cycle began,
// or when Trigger asks for it, whichever comes first.
//
// All methods may be called from any goroutine. The function must not call
// Close, which waits for it. When it runs in the foreground it must not call
// Trigger either, nor Put into a full queue: nobody is left to take.
type Batcher[T any] struct {
	size       int
	timeout    time.Duration
	fn         func(batch []*T)
	background bool
	clock      clock.Clock

	ch      chan *T
	trigger chan signal

	// entered counts the calls of Put, and has closedBit once Close was called.
	// One word holds both, so that every Put is on one side of Close or the other.
	entered  atomic.Uint64
	closing  chan struct{} // closed when Close begins: waiting Trigger calls leave
	ended    chan struct{} // closed when the worker has ended
	closed   chan struct{} // closed when Close is done
	handlers sync.WaitGroup
}

// closedBit marks Batcher.entered. No program calls Put 2^63 times.
const closedBit = 1 << 63

// signal is what travels over the trigger channel: a flush, or the end.
type signal struct {
	stop bool
	due  uint64 // with stop: how many items were put from New to Close
}

// New returns a running Batcher. It batches up to size items, and calls fn with
// each batch: in a goroutine of its own if background is true, else in the
// worker, which then takes nothing until fn has returned. The slice is fn's to
// keep. A panic in fn is not recovered: it ends the program.
//
// The time of a batch starts with its cycle, not with its first item. The first
// cycle begins with the call, and another after each batch, timeout and Trigger,
// whether or not there was anything to flush. Close ends the worker.
//
// New panics if size is less than 1, timeout is not positive, or fn is nil.
func New[T any](size int, timeout time.Duration, fn func(batch []*T), background bool, opts ...Option) *Batcher[T] {
	b := newBatcher(size, timeout, fn, background, opts)
	go b.worker()
	return b
}

// newBatcher checks the arguments and returns a Batcher that does not run yet.
func newBatcher[T any](size int, timeout time.Duration, fn func(batch []*T), background bool, opts []Option) *Batcher[T] {
	switch {
	case size < 1:
		panic(fmt.Sprintf("batcher: size must be at least 1, got %d", size))
	case timeout <= 0:
		panic(fmt.Sprintf("batcher: timeout must be positive, got %v", timeout))
	case fn == nil:
		panic("batcher: fn must not be nil, got nil")
	}
	return &Batcher[T]{
		size:       size,
		timeout:    timeout,
		fn:         fn,
		background: background,
		clock:      clockOf(opts),
		ch:         make(chan *T, queueFactor*size),
		trigger:    make(chan signal),
		closing:    make(chan struct{}),
		ended:      make(chan struct{}),
		closed:     make(chan struct{}),
	}
}

// Put adds an item to the open batch. It blocks while the queue is full, which
// holds 64*size items. A nil item is an item like any other. The second
// parameter is ignored; it is there for callers of an older interface.
//
// Put panics if Close was called before it. A Put that is under way when Close
// is called delivers its item.
func (b *Batcher[T]) Put(item *T, _ ...int) {
	b.enter()
	b.ch <- item
}

// enter counts a Put, or panics. What it lets through must be sent: Close has
// the worker wait for exactly as many items as were counted before it.
func (b *Batcher[T]) enter() {
	refuse(b.entered.Add(1))
}

// refuseIfClosed panics as Put does after Close, and counts nothing.
func (b *Batcher[T]) refuseIfClosed() { refuse(b.entered.Load()) }

func refuse(entered uint64) {
	if entered&closedBit != 0 {
		panic("batcher: Put on a closed Batcher")
	}
}

// Trigger has the open batch flushed. It returns when the worker has taken the
// signal, which it does between two items, and not while fn runs in the
// foreground. It does nothing after Close, and returns when Close is called.
func (b *Batcher[T]) Trigger() {
	if b.entered.Load()&closedBit != 0 {
		return
	}
	select {
	case b.trigger <- signal{}:
	case <-b.closing:
	}
}

// Close delivers every item that was put before it, in order and in batches of
// at most size, and returns when every call of fn has returned. It may be called
// again, and at the same time: all calls return after that same end.
func (b *Batcher[T]) Close() {
	before := b.entered.Or(closedBit)
	if before&closedBit != 0 {
		<-b.closed
		return
	}
	close(b.closing)
	b.trigger <- signal{stop: true, due: before}
	<-b.ended
	b.handlers.Wait()
	close(b.closed)
}

// worker runs cycles until Close. It is the only receiver of items.
func (b *Batcher[T]) worker() {
	defer close(b.ended)
	batch := make([]*T, 0, b.size)
	var taken uint64
	for {
		expire := b.clock.After(b.timeout)
		for open := true; open; {
			select {
			case item := <-b.ch:
				taken++
				batch = append(batch, item)
				open = len(batch) < b.size
			case <-expire:
				open = false
			case s := <-b.trigger:
				if s.stop {
					b.drain(batch, s.due-taken, b.flush)
					return
				}
				open = false
			}
		}
		batch = b.flush(batch)
	}
}

// drain takes the due items that are queued, or that a blocked Put is about to
// send, and flushes them all.
func (b *Batcher[T]) drain(batch []*T, due uint64, flush func([]*T) []*T) {
	for ; due > 0; due-- {
		batch = append(batch, <-b.ch)
		if len(batch) == b.size {
			batch = flush(batch)
		}
	}
	flush(batch)
}

// flush hands a batch that is not empty to fn, and returns the next one to fill.
func (b *Batcher[T]) flush(batch []*T) []*T {
	if len(batch) == 0 {
		return batch
	}
	if b.background {
		b.handlers.Add(1)
		go func() {
			defer b.handlers.Done()
			b.fn(batch)
		}()
	} else {
		b.fn(batch)
	}
	return make([]*T, 0, b.size)
}

// Option changes how a constructor sets up what it makes.
type Option func(*options)

type options struct{ clock clock.Clock }

// WithClock has time measured by c instead of by the system's clock. The
// constructor that is given the option panics if c is nil.
func WithClock(c clock.Clock) Option {
	return func(o *options) { o.clock = c }
}

// clockOf applies options and returns the clock that they ask for.
func clockOf(opts []Option) clock.Clock {
	o := options{clock: clock.New()}
	for _, opt := range opts {
		opt(&o)
	}
	if o.clock == nil {
		panic("batcher: clock must not be nil, got nil")
	}
	return o.clock
}
