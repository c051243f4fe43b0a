package mutants

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

const closedMessage = "mutants: Put on a closed batcher"

// A signal is what the worker is handed on the signal channel.
type signal uint8

const (
	flushNow signal = iota
	stopNow
)

// batcher is the baseline's batcher, and with a fault a mutant of it.
type batcher struct {
	size       int
	timeout    time.Duration
	background bool
	clk        clock.Clock
	fn         func([]*spec.Item)
	fault      fault

	items    chan *spec.Item
	signals  chan signal
	closing  chan struct{}  // closed when Close is called
	idle     chan struct{}  // closed when, after that, no Put is under way
	done     chan struct{}  // closed when the worker and the handlers have returned
	handlers sync.WaitGroup // those in the background

	mu      sync.Mutex
	closed  bool
	putting int // Puts under way
	puts    int
	open    []*spec.Item // written by the worker only

	// The worker's own: the cycle's timer, and how the last cycle ended.
	timer     *clock.Timer
	ended     cause
	wasEmpty  bool
	cycleOver chan struct{} // double-flush

	// What faults need.
	never    chan struct{} // nothing is ever sent on it
	handling sync.Mutex
	running  chan struct{} // closed when the running handler returns
	since    time.Time     // when it began
	spare    []*spec.Item
	spareAt  time.Time    // when the spare slice was a batch
	waiting  atomic.Int64 // Triggers that wait
	ticks    chan time.Time
	working  *sync.Mutex // held by the worker until it is done
	snapshot []*spec.Item
}

func newBatcher(c spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item), f fault) *batcher {
	switch {
	case c.Size < 1:
		panic(fmt.Sprintf("mutants: size is %d, want at least 1", c.Size))
	case c.Timeout <= 0:
		panic(fmt.Sprintf("mutants: timeout is %v, want more than 0", c.Timeout))
	case fn == nil:
		panic("mutants: fn is nil")
	case clk == nil:
		panic("mutants: clock is nil")
	}
	room, ahead := spec.QueueFactor, 0
	switch f {
	case "queue-short":
		room--
	case "queue-long":
		room++
	case "trigger-buffered":
		ahead = 1
	}
	b := &batcher{
		size: c.Size, timeout: c.Timeout, background: c.Background, clk: clk, fn: fn, fault: f,
		items:   make(chan *spec.Item, room*c.Size),
		signals: make(chan signal, ahead),
		closing: make(chan struct{}),
		idle:    make(chan struct{}),
		done:    make(chan struct{}),
		never:   make(chan struct{}),
		ticks:   make(chan time.Time),
	}
	switch f {
	case "held-drops-queue":
		b.fault = "close-drops-queue"
		fallthrough
	case "held": // no fault
		b.working = new(sync.Mutex)
		b.working.Lock()
	}
	go b.work(b.arm())
	return b
}

// Put hands over an item, and blocks while the queue is full.
func (b *batcher) Put(item *spec.Item) {
	nth, ok := b.enter()
	if !ok {
		if b.fault == "put-after-close-accepted" {
			return
		}
		panic(closedMessage)
	}
	defer b.leave()
	switch b.fault {
	case "drop-every-third":
		if nth%3 == 0 {
			return
		}
	case "drop-when-full":
		b.putOrDrop(item)
		return
	case "blocked-put-lost":
		select {
		case b.items <- item:
		case <-b.closing:
		}
		return
	case "put-nil-panics":
		if item == nil {
			panic("mutants: Put of nil")
		}
	case "handler-under-mutex":
		b.handling.Lock()
		defer b.handling.Unlock()
	case "put-waits-for-handler":
		b.awaitHandler()
	}
	b.items <- item
}

// putOrDrop is drop-when-full: a Put that gives up at once if there is no room. At
// once is a nanosecond, lest a burst races the worker and has no certain outcome.
func (b *batcher) putOrDrop(item *spec.Item) {
	select {
	case b.items <- item:
		return
	default:
	}
	select {
	case b.items <- item:
	case <-b.clk.After(1):
	}
}

// awaitHandler is put-waits-for-handler. It, too, leaves out what is of this instant.
func (b *batcher) awaitHandler() {
	b.mu.Lock()
	running, since := b.running, b.since
	b.mu.Unlock()
	if running != nil && b.clk.Now().After(since) {
		<-running
	}
}

// enter announces a Put, unless the batcher is closed, and numbers it from 1.
func (b *batcher) enter() (nth int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, false
	}
	if b.fault != "racing-put-lost" {
		b.putting++
	}
	b.puts++
	return b.puts, true
}

// leave ends what enter began.
func (b *batcher) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fault == "racing-put-lost" {
		return
	}
	b.putting--
	if b.closed && b.putting == 0 {
		close(b.idle)
	}
}

func (b *batcher) isClosed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}

// Trigger has the open batch flushed, and returns once the worker knows.
func (b *batcher) Trigger() {
	if b.isClosed() {
		if b.fault == "trigger-after-close-blocks" {
			<-b.never
		}
		return
	}
	closing := b.closing
	switch b.fault {
	case "trigger-ignores-close":
		closing = b.never
	case "trigger-misses-close":
		b.waiting.Add(1)
		defer b.waiting.Add(-1)
	}
	select {
	case b.signals <- flushNow:
	case <-closing:
	case <-b.never:
	}
}

// Close delivers what was put, and waits for every handler.
func (b *batcher) Close() {
	first := b.setClosed()
	switch {
	case first:
		// Whoever waits in Trigger is let go.
		if b.fault != "trigger-misses-close" || b.waiting.Load() > 0 {
			close(b.closing)
		}
		b.signals <- stopNow
		if b.fault == "leak-on-close" {
			go func() { <-b.never }()
		}
	case b.fault == "second-close-blocks":
		<-b.never
	case b.fault == "second-close-early":
		return
	case b.fault == "second-close-panics":
		close(b.closing)
	}
	if b.working != nil {
		b.working.Lock()
		//lint:ignore SA2001 it is waited for, and guards nothing
		b.working.Unlock()
	}
	<-b.done
}

// finish lets those go on who wait in Close.
func (b *batcher) finish() {
	close(b.done)
	if b.working != nil {
		b.working.Unlock()
	}
}

// setClosed marks the batcher closed, and reports whether it was open.
func (b *batcher) setClosed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	if b.fault == "close-races-close" {
		b.mu.Unlock()
		b.mu.Lock()
	}
	b.closed = true
	if b.putting == 0 {
		close(b.idle)
	}
	return true
}
