package batcher

// worker runs cycles until Close. It wakes for a full batch, the timer, Trigger
// and Close, and for nothing else.
func (b *BatcherDirect[T]) worker() {
	defer close(b.ended)
	b.timer = newCycleTimer(b.clock, b.timeout)
	defer b.timer.stop()
	for set := true; ; {
		batch, next := b.cycle(set)
		b.flush(batch)
		if next == noCycle {
			b.handlers.Wait()
			return
		}
		// While full batches wait, nobody can tell when the timer was set: one of
		// them ends the next cycle.
		if set = next == openCycle; set {
			b.timer.restart()
		}
	}
}

// nextCycle is what comes after a cycle.
type nextCycle uint8

const (
	openCycle nextCycle = iota // one that begins with no full batch in the queue
	fullCycle                  // one for which a full batch waits
	noCycle
)

// cycle returns the batch that a cycle ends with, which may be empty. The timer
// is set if set says so, or else when there turns out to be nothing else to do.
func (b *BatcherDirect[T]) cycle(set bool) ([]*T, nextCycle) {
	for expired := false; ; {
		b.mu.Lock()
		if b.returned != nil {
			b.addSpare(b.returned)
			b.returned = nil
		}
		batch, over := b.take(expired)
		if over {
			next := b.next()
			b.mu.Unlock()
			return batch, next
		}
		b.idle = set
		b.mu.Unlock()
		if !set {
			b.timer.restart()
			set = true
			continue
		}
		if batch, expired = b.rest(); batch != nil {
			return batch, openCycle
		}
	}
}

// take takes what ends the cycle, if anything does yet. Of several reasons a
// Trigger comes first, once all that was put before it is in no full batch, and
// then a full batch: a Batcher's worker, too, may take all items that there are
// before it looks at its timer. The caller holds mu.
func (b *BatcherDirect[T]) take(expired bool) (batch []*T, over bool) {
	if len(b.triggers) > 0 && (b.waiting == 0 || b.triggers[0].after <= b.flushed) {
		b.releaseTriggers(1)
		if b.waiting == 0 {
			batch = b.takeOpen()
		}
		return batch, true
	}
	if b.waiting > 0 {
		return b.pop(), true
	}
	if expired || b.closed {
		return b.takeOpen(), true
	}
	return nil, false
}

// next is what comes after a cycle that is over. The caller holds mu.
func (b *BatcherDirect[T]) next() nextCycle {
	switch {
	case b.waiting > 0:
		return fullCycle
	case b.closed && b.open == nil:
		return noCycle
	}
	return openCycle
}

// rest waits until somebody wakes the worker, or the cycle's time is over, and
// returns the full batch that woke it, if one did, and whether time is over.
func (b *BatcherDirect[T]) rest() (batch []*T, expired bool) {
	select {
	case batch = <-b.wake:
		return batch, false
	case <-b.timer.ticks():
	}
	expired = b.timer.expired()
	b.mu.Lock()
	woken := !b.idle
	b.idle = false
	b.mu.Unlock()
	if woken {
		batch = <-b.wake // it is on its way: none may be left for the next rest
	}
	return batch, expired
}

// flush hands a batch that is not empty to fn.
func (b *BatcherDirect[T]) flush(batch []*T) {
	switch {
	case len(batch) == 0:
	case b.background:
		b.handlers.Add(1)
		go func() {
			defer b.handlers.Done()
			b.call(batch)
			if b.pool {
				b.mu.Lock()
				b.addSpare(batch[:0])
				b.mu.Unlock()
			}
		}()
	default:
		b.call(batch)
		if b.pool {
			b.returned = batch[:0]
		}
	}
}

// call calls fn. With a pool it clears the slice, which may then be used again,
// unless fn does not return: what a panicking fn may still refer to is nobody
// else's.
func (b *BatcherDirect[T]) call(batch []*T) {
	if !b.pool {
		b.fn(batch)
		return
	}
	// Without spare capacity, an append in fn copies, and cannot leave pointers
	// behind in a part that is not cleared.
	b.fn(batch[:len(batch):len(batch)])
	clear(batch)
}

// addSpare keeps a slice for a batch to come. The caller holds mu.
func (b *BatcherDirect[T]) addSpare(slice []*T) {
	if len(b.spares) < queueFactor { // the queue never needs more at once
		b.spares = append(b.spares, slice)
	}
}

// newSlice returns a slice for a batch. The caller holds mu.
func (b *BatcherDirect[T]) newSlice() []*T {
	last := len(b.spares) - 1
	if last < 0 {
		return make([]*T, 0, b.size)
	}
	slice := b.spares[last]
	b.spares[last] = nil
	b.spares = b.spares[:last]
	return slice
}
