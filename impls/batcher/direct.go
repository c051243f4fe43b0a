package batcher

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"
)

// BatcherDirect is a Batcher without a channel for its items. Put appends to the
// open batch under a lock, and only a batch that is full wakes the worker. All
// else that is said of Batcher holds.
//
// An idle worker is handed the batch that wakes it, and need not take the lock to
// get it: where batches come one by one, it takes the lock once for each. Whoever
// puts the first item of a batch makes its slice: when the worker made them ahead,
// nothing was gained.
//
// The queue is the open batch and, before it, up to 64 full ones: 64*size items,
// as many as Batcher's channel holds while fn runs. Whoever puts more than that
// writes into batches behind the queue, and waits until they have moved into it.
//
//	behind, behind    full, full, full .. 64        open
//	Put waits         the worker takes the first    Put appends and returns
type BatcherDirect[T any] struct {
	// What every Put looks at comes first, on one cache line.
	mu           sync.Mutex
	open         []*T // the batch that Put fills; nil if it is empty
	size, middle int  // with 1 to middle-1 items in it, the next is not its last; middle is 0 when closed
	waiting      int  // how many full batches there are
	closed       bool // Close was called
	idle         bool // the worker waits: whoever has something for it wakes it

	// The rest of what mu guards.
	first    int               // the oldest full batch
	full     [queueFactor][]*T // a ring of them
	behind   []*behind[T]      // what does not fit, oldest first; empty unless the ring is full
	flushed  uint64            // how many items left for fn
	triggers []trigger         // the calls of Trigger that wait, in order
	spares   [][]*T            // empty slices, for batches to come

	// The worker's own.
	timer    *cycleTimer
	returned []*T // an empty slice that is to be a spare when the worker next has mu

	timeout    time.Duration
	fn         func(batch []*T)
	background bool
	pool       bool // fn gives slices back
	clock      clock.Clock
	refuse     atomic.Bool    // closed, for those who do not hold mu
	wake       chan []*T      // what an idle worker waits for, besides its timer: a full batch, or nil; room for one
	ended      chan struct{}  // closed when the worker has ended, and every handler with it
	handlers   sync.WaitGroup // those in the background
}

// behind is a batch behind the queue.
type behind[T any] struct {
	items []*T
	gate  chan struct{} // closed when the batch moves into the queue
}

// trigger is a call of Trigger that waits for the worker.
type trigger struct {
	after uint64        // so many items had been put
	taken chan struct{} // closed when the worker has taken it
}

// NewDirect returns a running BatcherDirect. Its arguments, and the panics that
// they may cause, are those of New.
func NewDirect[T any](size int, timeout time.Duration, fn func(batch []*T), background bool, opts ...Option) *BatcherDirect[T] {
	return startDirect(size, timeout, fn, background, false, opts)
}

// NewDirectWithPool is NewDirect for a fn that gives its slice back by returning,
// as NewWithPool has it: what fn wants to keep it must copy.
func NewDirectWithPool[T any](size int, timeout time.Duration, fn func(batch []*T), background bool, opts ...Option) *BatcherDirect[T] {
	return startDirect(size, timeout, fn, background, true, opts)
}

func startDirect[T any](size int, timeout time.Duration, fn func(batch []*T), background, pool bool, opts []Option) *BatcherDirect[T] {
	switch {
	case size < 1:
		panic(fmt.Sprintf("batcher: size must be at least 1, got %d", size))
	case timeout <= 0:
		panic(fmt.Sprintf("batcher: timeout must be positive, got %v", timeout))
	case fn == nil:
		panic("batcher: fn must not be nil, got nil")
	}
	b := &BatcherDirect[T]{
		size: size, middle: size - 1,
		timeout:    timeout,
		fn:         fn,
		background: background,
		clock:      clockOf(opts),
		wake:       make(chan []*T, 1),
		ended:      make(chan struct{}),
		pool:       pool,
	}
	go b.worker()
	return b
}

// Put adds an item to the open batch. It blocks while the queue is full, which
// holds 64*size items. A nil item is an item like any other. The second
// parameter is ignored; it is there for callers of an older interface.
//
// Put panics if Close was called before it. A Put that is under way when Close
// is called delivers its item, or panics.
func (b *BatcherDirect[T]) Put(item *T, _ ...int) { b.put(item) }

// putAtEdge puts the first item of a batch or the last, or one that does not fit; or it
// panics. The caller holds mu, and does not when it returns.
func (b *BatcherDirect[T]) putAtEdge(item *T) {
	if b.closed {
		b.mu.Unlock()
		panic(putAfterClose)
	}
	if b.waiting == queueFactor {
		gate := b.putBehind(item)
		b.mu.Unlock()
		<-gate
		return
	}
	if b.open == nil {
		b.open = b.newSlice()
	}
	b.open = append(b.open, item)
	if len(b.open) < b.size {
		b.mu.Unlock()
		return
	}
	batch := b.open
	b.open = nil
	if !b.idle {
		b.push(batch)
		b.mu.Unlock()
		return
	}
	b.flushed += uint64(b.size)
	b.unlockAndWake(batch)
}

// refuseIfClosed panics as Put does after Close, and puts nothing.
func (b *BatcherDirect[T]) refuseIfClosed() {
	if b.refuse.Load() {
		panic(putAfterClose)
	}
}

// putBehind puts an item behind a full queue and returns what to wait for. One
// gate serves a whole batch: they that wait at it are let in together, since the
// worker makes room for a batch at a time. The caller holds mu.
func (b *BatcherDirect[T]) putBehind(item *T) <-chan struct{} {
	last := len(b.behind) - 1
	if last < 0 || len(b.behind[last].items) == b.size {
		b.behind = append(b.behind, &behind[T]{items: b.newSlice(), gate: make(chan struct{})})
		last++
	}
	b.behind[last].items = append(b.behind[last].items, item)
	return b.behind[last].gate
}

// push makes a full batch the youngest in the ring. The caller holds mu.
func (b *BatcherDirect[T]) push(batch []*T) {
	b.full[(b.first+b.waiting)%queueFactor] = batch
	b.waiting++
}

// pop takes the oldest full batch, and moves what fits behind the others. The
// caller holds mu.
func (b *BatcherDirect[T]) pop() []*T {
	batch := b.full[b.first]
	b.full[b.first] = nil
	b.first = (b.first + 1) % queueFactor
	b.waiting--
	b.flushed += uint64(b.size)
	if len(b.behind) == 0 {
		return batch
	}
	next := b.behind[0]
	b.behind[0] = nil
	if b.behind = b.behind[1:]; len(b.behind) == 0 {
		b.behind = nil
	}
	if len(next.items) == b.size {
		b.push(next.items)
	} else {
		b.open = next.items
	}
	close(next.gate)
	return batch
}

// takeOpen takes the open batch, which is nil if there is none. The caller holds mu.
func (b *BatcherDirect[T]) takeOpen() []*T {
	batch := b.open
	b.open = nil
	b.flushed += uint64(len(batch))
	return batch
}

// unlockAndWake releases mu and wakes the worker if it is idle, with a full batch
// or, with nil, to look for something to do.
func (b *BatcherDirect[T]) unlockAndWake(batch []*T) {
	idle := b.idle
	b.idle = false
	b.mu.Unlock()
	if idle {
		b.wake <- batch // there is room: who resets idle sends one, and the worker takes it
	}
}

// Trigger has what was put before it flushed. It returns when the worker has
// taken the signal, which it does between two items, and not while fn runs in
// the foreground. It does nothing after Close, and returns when Close is called.
func (b *BatcherDirect[T]) Trigger() {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return
	}
	taken := make(chan struct{})
	put := b.flushed + uint64(b.waiting)*uint64(b.size) + uint64(len(b.open))
	b.triggers = append(b.triggers, trigger{put, taken})
	b.unlockAndWake(nil)
	<-taken
}

// releaseTriggers lets the first n calls of Trigger return. The caller holds mu.
func (b *BatcherDirect[T]) releaseTriggers(n int) {
	for _, t := range b.triggers[:n] {
		close(t.taken)
	}
	if b.triggers = b.triggers[n:]; len(b.triggers) == 0 {
		b.triggers = nil
	}
}

// Close delivers every item that was put before it, in order and in batches of
// at most size, and returns when every call of fn has returned. It may be called
// again, and at the same time: all calls return after that same end.
func (b *BatcherDirect[T]) Close() {
	b.mu.Lock()
	if !b.closed {
		b.closed, b.middle = true, 0
		b.refuse.Store(true)
		b.releaseTriggers(len(b.triggers))
	}
	b.unlockAndWake(nil)
	<-b.ended
}
