package judge

import (
	"fmt"
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// itemAudit follows the items of a batcher from Put to handler. What breaks a waived law is
// looked at further: it may break another.
type itemAudit struct {
	*record
	size       int
	background bool
	dedup      bool

	lanes   map[byte]*laneItems
	lastOf  map[byte]int32 // per lane, the last item delivered
	batchOf kind.Event     // the event that delivered it
	running []kind.Event
	keys    map[int32]time.Duration
	passed  map[int32]bool // keys delivered at least once
}

// since is when an event may have happened: its time, unless that is the time of the end of its group.
func (a *itemAudit) since(e kind.Event) time.Duration {
	if a.Stamped {
		return a.begins(e.Step)
	}
	return e.At
}

// laneItems holds what is known of the items of a lane, by number from 1, and of
// those that handlers of its batches put.
type laneItems struct{ own, derived []itemRecord }

// itemRecord is when an item was put, when its Put had returned, and whether a
// handler got it.
type itemRecord struct {
	at, since time.Duration // its Put was seen, and may have happened
	key       int32
	put       bool // its Put has begun
	step      int  // in which its Put had returned, 0 if it has not
	delivered bool
}

// known finds or makes what is known of an item.
func (a *itemAudit) known(id kind.Item) *itemRecord {
	l := a.lanes[id.Lane]
	if l == nil {
		l = &laneItems{}
		a.lanes[id.Lane] = l
	}
	list := &l.own
	if id.Derived {
		list = &l.derived
	}
	if missing := int(id.N) + 1 - len(*list); missing > 0 {
		*list = append(*list, make([]itemRecord, missing)...)
	}
	return &(*list)[id.N]
}

func newItemAudit(r *record) *itemAudit {
	c := spec.BatcherOf(r.Config)
	return &itemAudit{
		record: r, size: c.Size, background: c.Background, dedup: r.of == spec.KindDedupBatcher,
		lanes: map[byte]*laneItems{}, lastOf: map[byte]int32{},
		keys: map[int32]time.Duration{}, passed: map[int32]bool{},
	}
}

func (a *itemAudit) event(e kind.Event, mode int64) spec.Law {
	switch e.Verb {
	case spec.Put:
		a.noteput(e)
	case spec.Begin:
		a.running = append(a.running, e)
		if mode == spec.Panics && a.breaks(spec.PanicCrashes) {
			return spec.PanicCrashes
		}
		return a.batch(e)
	case spec.End:
		a.running = without(a.running, e)
	}
	return ""
}

// without is running handlers without the one that an event ends.
func without(running []kind.Event, end kind.Event) []kind.Event {
	if i := slices.IndexFunc(running, func(r kind.Event) bool { return slices.Equal(r.Items, end.Items) }); i >= 0 {
		return slices.Delete(running, i, i+1)
	}
	return running
}

// noteput remembers which items were put. A put that still waits or that panicked
// has put all items but its last.
func (a *itemAudit) noteput(e kind.Event) {
	if len(e.Items) == 0 {
		return
	}
	first, last := e.Items[0], e.Items[len(e.Items)-1]
	if first == (kind.Item{}) {
		return // of a burst of nils nobody can tell how many have been put
	}
	a.known(last) // makes room for all at once
	for id := first; id.N <= last.N; id.N++ {
		r := a.known(id)
		if !r.put {
			r.put, r.at, r.since, r.key = true, e.At, a.since(e), first.Key
		}
		if e.Outcome == kind.OK || id.N < last.N {
			r.step = e.Step
		}
	}
}

// batch checks a batch that a handler was given.
func (a *itemAudit) batch(e kind.Event) spec.Law {
	var again []int // items that came before, which is waived: they have no place in the order
	for i, id := range e.Items {
		if id == (kind.Item{}) {
			continue
		}
		if id.Lane == kind.Stranger { // nobody put that
			if a.breaks(spec.ExactlyOnce) {
				return spec.ExactlyOnce
			}
			continue
		}
		r := a.known(id)
		if r.delivered {
			if a.breaks(spec.ExactlyOnce) {
				return spec.ExactlyOnce
			}
			again = append(again, i)
		}
		r.delivered = true
	}
	if (len(e.Items) == 0 || len(e.Items) > a.size) && a.breaks(spec.SizeCap) {
		return spec.SizeCap
	}
	if !a.background && len(a.running) > 1 && a.breaks(spec.Serial) {
		return spec.Serial
	}
	if law := a.order(e, again); a.breaks(law) {
		return law
	}
	return a.window(e)
}

// order checks that the items of a lane come in the order of their puts. Batches
// that begin at one instant in the background have no order among themselves, and the items
// that are there again have none.
func (a *itemAudit) order(e kind.Event, again []int) spec.Law {
	together := a.background && a.batchOf.Step == e.Step && a.batchOf.At == e.At
	within := map[byte]int32{}
	for i, id := range e.Items {
		if id == (kind.Item{}) || id.Derived || slices.Contains(again, i) {
			continue
		}
		if id.N < within[id.Lane] || !together && id.N < a.lastOf[id.Lane] {
			return spec.Order
		}
		within[id.Lane] = id.N
	}
	for lane, n := range within {
		a.lastOf[lane] = max(a.lastOf[lane], n)
	}
	a.batchOf = e
	return ""
}

// window checks that no key is delivered again while an equal item is certainly
// still remembered.
func (a *itemAudit) window(e kind.Event) spec.Law {
	if !a.dedup {
		return ""
	}
	const remembered = (spec.DedupBuckets-1)*spec.DedupBucket - spec.MinRefresh
	for _, id := range e.Items {
		if id == (kind.Item{}) { // a dedup batcher passes no nil on
			if a.breaks(spec.ExactlyOnce) {
				return spec.ExactlyOnce
			}
			continue
		}
		at, since := e.At, a.since(e) // if its Put has not been seen yet, it is of this very instant
		if r := a.known(id); r.put {
			at, since = r.at, r.since
		}
		if won, again := a.keys[id.Key]; again && at < won+remembered && a.breaks(spec.OncePerWindow) {
			return spec.OncePerWindow
		}
		a.keys[id.Key], a.passed[id.Key] = since, true
	}
	return ""
}

// lost counts the items whose Put returned before a step and that were not
// delivered. A duplicate need not be.
func (a *itemAudit) lost(before int) int {
	n := 0
	for _, l := range a.lanes {
		for _, list := range [][]itemRecord{l.own, l.derived} {
			for _, r := range list {
				if r.step != 0 && r.step < before && !r.delivered && !(a.dedup && a.passed[r.key]) {
					n++
				}
			}
		}
	}
	return n
}

// end checks that nothing is left: act 2 has closed the batcher.
func (a *itemAudit) end() (spec.Law, string) {
	const always = 1 << 30
	if n := a.lost(always); n > 0 && a.breaks(spec.ExactlyOnce) {
		return spec.ExactlyOnce, fmt.Sprintf("%d items were put and never delivered", n)
	}
	if len(a.running) > 0 && a.breaks(spec.Progress) {
		return spec.Progress, "a handler that began never ended: " + a.Kind.Trimmed(a.running[0])
	}
	return "", ""
}
