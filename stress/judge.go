package stress

import (
	"time"

	"batchlab/impls/spec"
)

// grace is how long a handler that should be done by now may take before its
// items count as lost. A correct subject never makes the lab wait, and one that loses items does so once a cell.
const grace = 100 * time.Millisecond

// judge looks at a pass after Close: nothing is missing, nothing is too much, the order
// holds, and slices kept are as they were. inWindow says that no key can have expired.
func (l *ledger) judge(dedup, inWindow bool) {
	if l.inside.Load() > 0 {
		l.found.add(spec.CloseDrains, "a handler was running when Close had returned")
	}
	if lost, cut := l.missing(dedup); lost+cut > 0 || l.inside.Load() > 0 {
		for end := time.Now().Add(grace); l.inside.Load() > 0 && time.Since(end) < 10*grace ||
			!l.found.waited && time.Now().Before(end); {
			time.Sleep(grace / 10)
		}
		lost, cut = l.missing(dedup)
		l.found.waited = l.found.waited || lost+cut > 0
		l.found.addCount(string(spec.ExactlyOnce), lost, "%d items were put and never delivered, though later ones of the "+
			"same producer were", lost)
		if l.overlap && l.found.has(spec.AfterClose) {
			cut = 0 // Puts after Close return as if they had been in time
		}
		l.found.addCount(string(spec.CloseDrains), cut, "%d items at the end were put before Close returned and never "+
			"delivered", cut)
	}
	l.booking.Lock()
	defer l.booking.Unlock()
	l.judgeExtra()
	if dedup && inWindow {
		l.judgeKeys()
	}
	if !l.found.has(spec.Serial) { // two handlers at once have no order
		l.judgeOrder()
	}
	for _, k := range l.kept {
		l.compare(k.batch, k.copy, "after it was handed over for ever")
	}
}

// lastDelivered is the number after the last item of producer p that was delivered.
func (l *ledger) lastDelivered(p int) int {
	lo, hi := l.lot(p)
	for hi > lo && l.where[hi-1] == 0 {
		hi--
	}
	return hi
}

// missing counts accepted items that were not delivered: lost in the middle of a
// producer's stream, or cut off at its end. A deduplicating batcher may drop an item for an
// equal one, and so keys are counted in place of items. A key whose Put panicked is
// excused: it may have been taken for the item that was refused.
func (l *ledger) missing(dedup bool) (lost, cut int) {
	const (
		unseen = iota
		inLost
		inCut
		settled
	)
	of, n := func(i int) int { return i }, l.n+1
	if dedup {
		of, n = func(i int) int { return l.items[i].Key }, l.keys
	}
	l.booking.Lock()
	defer l.booking.Unlock()
	state := make([]uint8, n)
	for i := range l.n {
		if l.where[i] != 0 {
			state[of(i)] = settled
		}
	}
	for p := range l.producers {
		lo, hi := l.lot(p)
		last := l.lastDelivered(p)
		end := lo + int(l.accepted[p].Load())
		if end < hi { // the Put after the last accepted one panicked, or was never made
			state[of(end)] = settled
		}
		for i := lo; i < end; i++ {
			switch k := of(i); {
			case state[k] == settled:
			case i < last:
				state[k] = inLost
			case state[k] == unseen:
				state[k] = inCut
			}
		}
	}
	for _, s := range state {
		switch s {
		case inLost:
			lost++
		case inCut:
			cut++
		}
	}
	return lost, cut
}

// judgeExtra finds items that were delivered although their Put did not return.
func (l *ledger) judgeExtra() {
	for p := range l.producers {
		lo, hi := l.lot(p)
		for i := lo + int(l.accepted[p].Load()); i < hi; i++ {
			if l.where[i] != 0 {
				l.found.add(spec.ExactlyOnce, "item %d was delivered although its Put panicked", i)
			}
		}
	}
}

// judgeKeys finds keys that were delivered more than once.
func (l *ledger) judgeKeys() {
	first := make([]uint32, l.keys) // by key: the item delivered, plus one
	for i := range l.n {
		if l.where[i] == 0 {
			continue
		}
		k := l.items[i].Key
		if first[k] != 0 {
			l.found.add(spec.OncePerWindow, "key %d was delivered by item %d and by item %d", k, first[k]-1, i)
		}
		first[k] = uint32(i) + 1
	}
}

// judgeOrder follows each producer from batch to batch. In the foreground the
// numbers of the batches never fall. In the background they number the starts of
// handlers, which promise nothing; but a batch that was left is never met again.
func (l *ledger) judgeOrder() {
	left := make([]uint32, l.batches.Load()+1) // by batch: the last producer met in it, plus one
	for p := range l.producers {
		lo, hi := l.lot(p)
		prev := uint32(0)
		for i := lo; i < hi; i++ {
			b := l.where[i]
			if b == 0 || b == prev {
				continue
			}
			switch {
			case !l.background && b < prev:
				l.found.add(spec.Order, "item %d of producer %d is in batch %d, an earlier one in batch %d", i, p, b, prev)
			case l.background && left[b] == uint32(p)+1:
				l.found.add(spec.Order, "item %d of producer %d is in batch %d, which it had left for batch %d", i, p, b, prev)
			}
			left[b] = uint32(p) + 1
			prev = b
		}
	}
}
