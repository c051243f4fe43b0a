package stress

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"batchlab/impls/spec"
)

const (
	// keepBatches is how many slices of a pass are kept to look at again at its end.
	keepBatches = 128
	// lingerBatches handlers of a pass take lingerTime, so that a second one
	// beside them, or a write to their slice, has time to show.
	lingerBatches = 4
	lingerTime    = 2 * time.Millisecond
)

// ledger is what a pass knows about its items: who put them, and which batch
// delivered them. Producer p owns items p*share to (p+1)*share and puts them in
// that order. An item's address tells its number, so the ledger takes twelve bytes an item.
type ledger struct {
	items      []spec.Item
	where      []uint32 // under booking: the batch that delivered the item, from 1; 0 for none
	accepted   []padded // by producer: items whose Put returned, always a prefix; see putLot
	n          int      // items that producers put; items[n] is put after Close
	keys       int      // keys are below this
	share      int
	producers  int
	size       int
	background bool
	overlap    bool // Close comes while items are put
	lease      spec.Lease
	stride     uint32 // every stride-th batch is kept

	batches   atomic.Uint32
	delivered atomic.Int64
	inside    atomic.Int32 // handlers running
	closed    atomic.Bool  // a Close has returned

	found   *findings
	copies  sync.Pool
	booking sync.Mutex // one lock a batch: an atomic an item would cost the race detector a vector clock each
	kept    []keptBatch
}

// padded is a counter that shares its cache line with no other.
type padded struct {
	atomic.Int64
	_ [56]byte
}

type keptBatch struct{ batch, copy []*spec.Item }

func newLedger(c *cell, n int, background, overlap bool, found *findings) *ledger {
	share := (n + c.producers - 1) / c.producers
	l := &ledger{
		items: make([]spec.Item, n+1), where: make([]uint32, n+1), accepted: make([]padded, c.producers),
		n: n, share: share, producers: c.producers, size: c.scenario.size, background: background, overlap: overlap,
		lease: c.subject.Lease, stride: uint32(max(1, n/c.scenario.size/keepBatches)), found: found,
	}
	l.copies.New = func() any { b := make([]*spec.Item, 0, l.size); return &b }
	keys, distinct := c.scenario.keysFor(n, share, false, c.rng(0))
	for i, k := range keys {
		l.items[i].Key = int(k)
	}
	l.keys = distinct + 1
	l.items[n].Key = distinct
	return l
}

// lot is the half-open range of items that producer p puts.
func (l *ledger) lot(p int) (lo, hi int) {
	return min(p*l.share, l.n), min((p+1)*l.share, l.n)
}

// number finds an item by its address.
func (l *ledger) number(item *spec.Item) (int, bool) {
	base := uintptr(unsafe.Pointer(&l.items[0]))
	off := uintptr(unsafe.Pointer(item)) - base
	i := int(off / unsafe.Sizeof(spec.Item{}))
	if item == nil || off >= uintptr(len(l.items))*unsafe.Sizeof(spec.Item{}) || &l.items[i] != item {
		return 0, false
	}
	return i, true
}

// moves grows with every Put that returns and every batch.
func (l *ledger) moves() int64 { return l.delivered.Load() + int64(l.batches.Load()) + sum(l.accepted) }

func sum(counters []padded) (n int64) {
	for i := range counters {
		n += counters[i].Load()
	}
	return n
}

// handle is the handler that subjects are given.
func (l *ledger) handle(batch []*spec.Item) {
	if l.inside.Add(1) > 1 && !l.background {
		l.found.add(spec.Serial, "a handler began while another was running")
	}
	defer l.inside.Add(-1)
	number := l.batches.Add(1)
	if l.closed.Load() {
		l.found.add(spec.CloseDrains, "a handler began after Close had returned")
	}
	if len(batch) < 1 || len(batch) > l.size {
		l.found.add(spec.SizeCap, "a batch holds %d items, size is %d", len(batch), l.size)
	}
	copied := l.copies.Get().(*[]*spec.Item)
	*copied = append((*copied)[:0], batch...)
	l.enter(number, *copied)
	switch {
	case number == 1 || number <= lingerBatches && !l.overlap:
		time.Sleep(lingerTime)
	case number%16 == 0:
		runtime.Gosched()
	}
	l.compare(batch, *copied, "while its handler was running")
	if l.lease == spec.ForEver && number%l.stride == 0 {
		l.keep(batch, *copied)
	}
	l.copies.Put(copied)
}

// enter books the items of a batch, and judges their order within it.
func (l *ledger) enter(number uint32, batch []*spec.Item) {
	var last [MaxProducers]int32 // by producer: the last item of the batch so far, plus one
	fresh := int64(0)
	l.booking.Lock()
	defer l.booking.Unlock()
	for _, item := range batch {
		i, ok := l.number(item)
		switch {
		case item == nil:
			l.found.add(spec.ExactlyOnce, "a nil item was delivered, which nobody put")
			continue
		case !ok:
			l.found.add(spec.ExactlyOnce, "an item was delivered that nobody put (key %d)", item.Key)
			continue
		case l.where[i] != 0:
			l.found.add(spec.ExactlyOnce, "item %d was delivered twice, in batches %d and %d", i, l.where[i], number)
			continue
		}
		l.where[i] = number
		if i == l.n {
			continue
		}
		fresh++
		p := i / l.share
		if int32(i) < last[p] {
			l.found.add(spec.Order, "batch %d has item %d of producer %d after item %d", number, i, p, last[p]-1)
		}
		last[p] = int32(i) + 1
	}
	l.delivered.Add(fresh)
}

func (l *ledger) compare(batch, copied []*spec.Item, when string) {
	for i := range batch {
		if batch[i] != copied[i] {
			l.found.add(spec.SliceLease, "element %d of a batch of %d was overwritten %s", i, len(batch), when)
			return
		}
	}
}

func (l *ledger) keep(batch, copied []*spec.Item) {
	l.booking.Lock()
	defer l.booking.Unlock()
	if len(l.kept) < keepBatches {
		l.kept = append(l.kept, keptBatch{batch, append([]*spec.Item(nil), copied...)})
	}
}
