package batcher

import (
	"sync"
	"time"

	"github.com/benbjohnson/clock"
)

// NewOptimized is New with a worker that reuses one timer for all cycles.
func NewOptimized[T any](size int, timeout time.Duration, fn func(batch []*T), background bool, opts ...Option) *Batcher[T] {
	b := newBatcher(size, timeout, fn, background, opts)
	go b.workerOptimized()
	return b
}

// PutOptimized is Put with a first attempt that does not block.
func (b *Batcher[T]) PutOptimized(item *T, _ ...int) {
	b.enter()
	select {
	case b.ch <- item:
	default:
		b.ch <- item
	}
}

// workerOptimized is worker with one timer for all cycles.
func (b *Batcher[T]) workerOptimized() {
	b.cycles(make([]*T, 0, b.size), b.flush)
}

// cycles fills one batch after another, the given one first, until Close.
func (b *Batcher[T]) cycles(batch []*T, flush func([]*T) []*T) {
	defer close(b.ended)
	timer := newCycleTimer(b.clock, b.timeout)
	defer timer.stop()
	var flushed uint64
	for {
		for open := true; open; {
			select {
			case item := <-b.ch:
				batch = b.takeQueued(append(batch, item))
				open = len(batch) < b.size
			case <-timer.ticks():
				open = !timer.expired()
			case s := <-b.trigger:
				if s.stop {
					b.drain(batch, s.due-flushed-uint64(len(batch)), flush)
					return
				}
				open = false
			}
		}
		flushed += uint64(len(batch))
		batch = flush(batch)
		timer.restart()
	}
}

// burst is how many items the worker takes at most without a look at the timer and
// Trigger. Whoever waits there has an even chance at each look, as with the
// baseline at each item.
const burst = 8

// takeQueued adds to a batch what is queued, until it is full, but no more than a
// burst. To receive from one channel, or to see that it is empty, costs a fraction
// of a select of three.
func (b *Batcher[T]) takeQueued(batch []*T) []*T {
	for range min(burst, b.size-len(batch)) {
		select {
		case item := <-b.ch:
			batch = append(batch, item)
		default:
			return batch
		}
	}
	return batch
}

// cycleTimer is a timer that is used again for each cycle, and never takes the
// tick of one cycle for that of the next. It belongs to one goroutine.
//
// Timers of package time promise that since Go 1.23: what Reset returns after
// finds no old tick. Timers of clock.Mock do not. A tick that was not received
// stays in the channel, and one that the clock had decided on may even be sent
// after Reset, which it then undoes. Hence the deadline, which a tick has to meet.
type cycleTimer struct {
	clock    clock.Clock
	timeout  time.Duration
	timer    *clock.Timer
	deadline time.Time
	received bool // the tick of the present cycle was taken from the channel
}

// newCycleTimer returns a timer whose first cycle begins now.
func newCycleTimer(c clock.Clock, timeout time.Duration) *cycleTimer {
	// The clock is read before the timer is set: a tick then never comes too early.
	deadline := c.Now().Add(timeout)
	return &cycleTimer{clock: c, timeout: timeout, timer: c.Timer(timeout), deadline: deadline}
}

func (t *cycleTimer) ticks() <-chan time.Time { return t.timer.C }

func (t *cycleTimer) stop() { t.timer.Stop() }

// restart begins a cycle.
func (t *cycleTimer) restart() {
	t.deadline = t.clock.Now().Add(t.timeout)
	running := t.timer.Reset(t.timeout)
	if running || t.received {
		t.received = false // there is nothing in the channel
		return
	}
	// What is in the channel is the old cycle's tick, and it must leave at once:
	// clock.Mock blocks in its next tick, with its lock held, while the channel
	// is full. Should it be the new cycle's tick already, that cycle was empty
	// and over before it began, and the next one begins.
	select {
	case <-t.timer.C:
		if t.expired() {
			t.restart()
		}
	default:
	}
}

// expired reports whether the tick just received ends the present cycle. If not,
// it was an old one, and the timer is set to what remains.
func (t *cycleTimer) expired() bool {
	if now := t.clock.Now(); now.Before(t.deadline) {
		t.timer.Reset(t.deadline.Sub(now))
		return false
	}
	t.received = true
	return true
}

// BatcherWithPool is a Batcher that uses the slices of its batches again: the
// slice given to fn is fn's until fn returns, and no longer. What fn wants to
// keep it must copy; the items themselves are not touched. All else that is said
// of Batcher holds.
type BatcherWithPool[T any] struct {
	batcher *Batcher[T]
	slices  sync.Pool // of *[]*T: a pointer goes into the pool without allocating
	open    *[]*T     // the open batch's slice; the worker's
}

// NewWithPool returns a running BatcherWithPool. Its arguments, and the panics
// that they may cause, are those of New.
func NewWithPool[T any](size int, timeout time.Duration, fn func(batch []*T), background bool, opts ...Option) *BatcherWithPool[T] {
	b := &BatcherWithPool[T]{batcher: newBatcher(size, timeout, fn, background, opts)}
	go b.worker()
	return b
}

// Put adds an item to the open batch, as Batcher.Put does.
func (b *BatcherWithPool[T]) Put(item *T, _ ...int) { b.batcher.PutOptimized(item) }

// Trigger has the open batch flushed, as Batcher.Trigger does.
func (b *BatcherWithPool[T]) Trigger() { b.batcher.Trigger() }

// Close delivers what was put, as Batcher.Close does.
func (b *BatcherWithPool[T]) Close() { b.batcher.Close() }

func (b *BatcherWithPool[T]) worker() { b.batcher.cycles(b.lease(), b.flush) }

// lease makes a slice the open one and returns it, empty.
func (b *BatcherWithPool[T]) lease() []*T {
	slice, ok := b.slices.Get().(*[]*T)
	if !ok {
		fresh := make([]*T, 0, b.batcher.size)
		slice = &fresh
	}
	b.open = slice
	return *slice
}

// flush hands a batch that is not empty to fn, and returns the next one to fill.
func (b *BatcherWithPool[T]) flush(batch []*T) []*T {
	if len(batch) == 0 {
		return batch
	}
	slice := b.open
	*slice = batch
	if b.batcher.background {
		b.batcher.handlers.Add(1)
		go func() {
			defer b.batcher.handlers.Done()
			b.lend(slice)
		}()
	} else {
		b.lend(slice)
	}
	return b.lease()
}

// lend calls fn and takes the slice back, unless fn does not return: what a
// panicking fn may still refer to is nobody else's.
func (b *BatcherWithPool[T]) lend(slice *[]*T) {
	batch := *slice
	// Without spare capacity, an append in fn copies, and cannot leave pointers
	// behind in a part that is not cleared.
	b.batcher.fn(batch[:len(batch):len(batch)])
	clear(batch)
	*slice = batch[:0]
	b.slices.Put(slice)
}
