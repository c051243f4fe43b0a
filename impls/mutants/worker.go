package mutants

import (
	"slices"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// A cause is why a cycle ended.
type cause uint8

const (
	full cause = iota + 1
	expired
	triggered
	closed
)

// work is the worker: cycles until it is stopped, then what is left. The timer of
// the first cycle is the constructor's, so that its phase begins there.
func (b *batcher) work(tick <-chan time.Time) {
	for b.cycle(tick) {
		tick = b.arm()
	}
	b.drain()
	if b.fault != "close-skips-handlers" {
		b.handlers.Wait()
	}
	b.finish()
}

// arm starts the timer of a cycle and returns the channel on which it ticks.
func (b *batcher) arm() <-chan time.Time {
	switch b.fault {
	case "timer-from-first-item":
		return nil
	case "idle-expiry-stops-timer":
		if b.ended == expired && b.wasEmpty {
			return nil
		}
	case "full-keeps-phase":
		if b.ended == full {
			return b.timer.C
		}
	case "trigger-keeps-phase":
		if b.ended == triggered {
			return b.timer.C
		}
	case "stale-tick":
		if b.timer != nil && len(b.timer.C) > 0 {
			return b.timer.C
		}
	}
	b.timer = b.clk.Timer(b.timeout)
	if b.fault == "double-flush" {
		b.cycleOver = make(chan struct{})
		go b.watch(b.timer, b.cycleOver)
		return b.ticks
	}
	return b.timer.C
}

// watch is double-flush: what is to be flushed is settled before the worker has
// agreed to flush it.
func (b *batcher) watch(timer *clock.Timer, over <-chan struct{}) {
	select {
	case now := <-timer.C:
		b.mu.Lock()
		b.snapshot = slices.Clone(b.open)
		b.mu.Unlock()
		select {
		case b.ticks <- now:
		case <-b.done:
		}
	case <-over:
	}
}

// cycle fills one batch, and reports whether there is to be another.
func (b *batcher) cycle(tick <-chan time.Time) bool {
	switch {
	case b.stopFirst():
		return false
	case b.itemFirst(tick):
		return true
	}
	for {
		select {
		case item := <-b.items:
			n := b.add(item)
			if b.fault == "timer-from-first-item" && n == 1 {
				b.timer = b.clk.Timer(b.timeout)
				tick = b.timer.C
			}
			if n == b.limit() {
				b.flush(full)
				return true
			}
		case <-tick:
			b.flush(expired)
			return true
		case s := <-b.signals:
			if s == stopNow {
				b.endCycle(closed)
				return false
			}
			if b.fault == "trigger-flushes-nothing" {
				continue
			}
			b.flush(triggered)
			return true
		}
	}
}

// Of several things that are ready at the start of a cycle any may come first. Some
// faults show in one order only, and then that is the one they take.

// stopFirst takes the stop signal before the queue, for faults of what Close
// delivers, and reports whether there was one.
func (b *batcher) stopFirst() bool {
	switch b.fault {
	case "tail-forgotten", "close-drops-queue", "close-one-by-one", "drain-reversed", "drain-oversized":
	default:
		return false
	}
	select {
	case <-b.closing:
		for <-b.signals != stopNow {
		}
		b.endCycle(closed)
		return true
	default:
		return false
	}
}

// itemFirst takes one item before a tick that was there when the cycle began, which
// would find an empty batch otherwise and do no harm. It reports whether the cycle
// ended with that. In the control no cycle begins with a tick.
func (b *batcher) itemFirst(tick <-chan time.Time) bool {
	switch b.fault {
	case "stale-tick", "full-keeps-phase", "trigger-keeps-phase":
	default:
		return false
	}
	if len(tick) == 0 || len(b.items) == 0 {
		return false
	}
	if b.add(<-b.items) == b.limit() {
		b.flush(full)
		return true
	}
	<-tick
	b.flush(expired)
	return true
}

// limit is the number of items in a full batch.
func (b *batcher) limit() int {
	switch b.fault {
	case "size-plus-one":
		return b.size + 1
	case "size-minus-one":
		return max(1, b.size-1)
	}
	return b.size
}

// add appends an item to the open batch and returns the batch's length.
func (b *batcher) add(item *spec.Item) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open == nil {
		b.open = b.newBatch()
	}
	b.open = append(b.open, item)
	return len(b.open)
}

// newBatch returns an empty slice with room for a batch. The faults of slices take
// one that was used at an earlier time, so that its handler has surely begun: what
// is read and written at one instant would be a race with no certain outcome.
func (b *batcher) newBatch() []*spec.Item {
	if b.spare != nil && b.clk.Now().After(b.spareAt) {
		reused := b.spare[:0]
		b.spare = nil
		return reused
	}
	return make([]*spec.Item, 0, b.size)
}

// take empties the open batch and returns what was in it.
func (b *batcher) take(why cause) []*spec.Item {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch := b.open
	b.open = nil
	switch b.fault {
	case "slice-reused", "slice-pooled-early":
		b.spare, b.spareAt = batch, b.clk.Now()
	case "double-flush":
		if why == expired {
			batch = b.snapshot
		}
	}
	return batch
}

// endCycle stops the cycle's timer.
func (b *batcher) endCycle(why cause) {
	b.ended = why
	switch {
	case b.timer == nil,
		b.fault == "stale-tick",
		b.fault == "full-keeps-phase" && why == full,
		b.fault == "trigger-keeps-phase" && why == triggered:
		return
	case b.cycleOver != nil:
		close(b.cycleOver)
		b.cycleOver = nil
	}
	b.timer.Stop()
}

// flush ends a cycle and delivers its batch, unless that is empty.
func (b *batcher) flush(why cause) {
	b.endCycle(why)
	batch := b.take(why)
	b.wasEmpty = len(batch) == 0
	if b.wasEmpty && !(b.fault == "empty-batch" && why == expired) {
		return
	}
	b.deliver(batch)
}

// deliver has the handler called with a batch.
func (b *batcher) deliver(batch []*spec.Item) {
	if n := len(batch); b.fault == "last-two-swapped" && n >= 2 {
		batch[n-2], batch[n-1] = batch[n-1], batch[n-2]
	}
	if !b.background && b.fault != "foreground-goroutine" {
		b.call(batch)
		return
	}
	ended := make(chan struct{})
	b.handlers.Add(1)
	go func() {
		defer b.handlers.Done()
		b.call(batch)
		close(ended)
	}()
	if !b.background {
		// A handler that returns at once is done before the next begins.
		select {
		case <-ended:
		case <-b.clk.After(1):
		}
	}
}

// call is the handler with what surrounds it: nothing, in the control.
func (b *batcher) call(batch []*spec.Item) {
	switch b.fault {
	case "flush-twice":
		defer b.fn(slices.Clone(batch))
	case "handler-under-mutex":
		b.handling.Lock()
		defer b.handling.Unlock()
	case "put-waits-for-handler":
		defer b.announce()()
	case "panic-recovered":
		defer func() { _ = recover() }()
	case "slice-cleared":
		defer clear(batch)
	}
	b.fn(batch)
}

// announce is put-waits-for-handler: it says that a handler runs, until the function
// that it returns is called.
func (b *batcher) announce() (ended func()) {
	running := make(chan struct{})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running, b.since = running, b.clk.Now()
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.running == running {
			b.running = nil
		}
		close(running)
	}
}
