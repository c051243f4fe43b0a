package lab_test

import (
	"sync"
	"sync/atomic"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// Package sim knows no implementation, and so do its tests. Here are the smallest
// ones that are right, and what can be wrong with them.

// fault is one thing done wrong.
type fault int

const (
	none         fault = iota
	loses              // every third item put
	flips              // every third item, in every other batcher that is made
	leaks              // a goroutine outlives Close
	stuck              // Close never returns
	deadlocks          // the second Put waits for a lock that nobody gives back
	holds              // handlers run under a lock that Put takes
	breaks             // Put of the fifth item panics
	crashes            // the worker panics when the fifth item comes
	unmakeable         // the constructor panics
	mislabels          // Put panics and means that it is closed, though it is not
	remembers          // the map: keys never expire
	hurries            // the map: buckets go one early, but for the first
	litters            // the map: three goroutines and a large filter outlive it
	hoards             // the map: a large filter outlives it
	faults       = int(hoards) + 1
	neverMessage = "tiny: never"
)

var faultNames = [faults]string{
	"tiny", "loses", "flips", "leaks", "stuck", "deadlocks", "holds", "breaks", "crashes", "unmakeable",
	"mislabels", "remembers", "hurries", "litters", "hoards",
}

func (f fault) String() string { return faultNames[f] }

// made counts the batchers made, for the fault that flips.
var made atomic.Int64

type tinyBatcher struct {
	spec.BatcherConfig
	fault   fault
	flip    bool
	clk     clock.Clock
	fn      func([]*spec.Item)
	items   chan *spec.Item
	trigger chan struct{}
	closed  chan struct{}
	done    chan struct{}
	never   chan struct{}
	once    sync.Once
	running sync.WaitGroup
	lock    sync.Mutex
	puts    atomic.Int64
	open    []*spec.Item
}

func newTiny(f fault, c spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item)) spec.Batcher {
	if f == unmakeable {
		panic(neverMessage)
	}
	b := &tinyBatcher{
		BatcherConfig: c, fault: f, clk: clk, fn: fn, flip: made.Add(1)%2 == 0,
		items: make(chan *spec.Item, spec.QueueFactor*c.Size), trigger: make(chan struct{}),
		closed: make(chan struct{}), done: make(chan struct{}), never: make(chan struct{}),
	}
	go b.work()
	return b
}

func (b *tinyBatcher) Put(item *spec.Item) {
	if b.isClosed() {
		panic("tiny: Put after Close")
	}
	n := b.puts.Add(1)
	switch {
	case n%3 == 0 && (b.fault == loses || b.fault == flips && b.flip):
		return
	case b.fault == deadlocks: // and never unlocks
		b.lock.Lock()
	case b.fault == holds:
		b.lock.Lock()
		defer b.lock.Unlock()
	case b.fault == breaks && n == 5:
		panic("tiny: out of order")
	case b.fault == mislabels && n == 5:
		panic("tiny: closed")
	}
	select {
	case b.items <- item:
	case <-b.closed:
		panic("tiny: Put after Close")
	}
}

func (b *tinyBatcher) Trigger() {
	if b.isClosed() {
		return
	}
	select {
	case b.trigger <- struct{}{}:
	case <-b.closed:
	}
}

func (b *tinyBatcher) Close() {
	b.once.Do(func() {
		close(b.closed)
		if b.fault == leaks {
			go b.linger()
		}
	})
	<-b.done
	if b.fault == stuck {
		<-b.never
	}
}

func (b *tinyBatcher) linger() { <-b.never }

func (b *tinyBatcher) isClosed() bool {
	select {
	case <-b.closed:
		return true
	default:
		return false
	}
}

func (b *tinyBatcher) work() {
	for b.cycle() {
		b.flush()
	}
	for { // what is queued when Close is called
		select {
		case item := <-b.items:
			b.add(item)
			if len(b.open) == b.Size {
				b.flush()
			}
			continue
		default:
		}
		b.flush()
		b.running.Wait()
		close(b.done)
		return
	}
}

// cycle gathers a batch and reports whether to go on.
func (b *tinyBatcher) cycle() bool {
	timer := b.clk.Timer(b.Timeout)
	defer timer.Stop()
	for {
		select {
		case item := <-b.items:
			b.add(item)
			if len(b.open) == b.Size {
				return true
			}
		case <-timer.C:
			return true
		case <-b.trigger:
			return true
		case <-b.closed:
			return false
		}
	}
}

func (b *tinyBatcher) add(item *spec.Item) {
	if b.fault == crashes && b.puts.Load() >= 5 {
		panic("tiny: the worker is lost")
	}
	b.open = append(b.open, item)
}

func (b *tinyBatcher) flush() {
	batch := b.open
	b.open = nil
	switch {
	case len(batch) == 0:
	case b.Background:
		b.running.Go(func() { b.fn(batch) })
	case b.fault == holds:
		b.lock.Lock()
		defer b.lock.Unlock()
		b.fn(batch)
	default:
		b.fn(batch)
	}
}
