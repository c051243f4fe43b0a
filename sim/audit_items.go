package sim

import (
	"fmt"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// itemAudit follows the items of a batcher from Put to handler.
type itemAudit struct {
	size       int
	background bool
	dedup      bool
	waived     func(subject.Law) bool

	lanes   map[byte]*laneItems
	lastOf  map[byte]int32 // per lane, the last item delivered
	batchOf subject.Event  // the event that delivered it
	running []subject.Event
	keys    map[int32]time.Duration
	passed  map[int32]bool // keys delivered at least once

	// earliest is when an event may have happened, if its time is that of the end of a
	// group. Nil means that its time is when it happened.
	earliest func(e subject.Event) time.Duration
}

func (a *itemAudit) since(e subject.Event) time.Duration {
	if a.earliest == nil {
		return e.At
	}
	return a.earliest(e)
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

// record finds or makes the record of an item.
func (a *itemAudit) record(id subject.ItemID) *itemRecord {
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

func newItemAudit(p *program.Program, s subject.Subject) *itemAudit {
	return &itemAudit{
		size: p.Config.Size, background: p.Config.Background, dedup: s.Kind == subject.KindDedupBatcher,
		lanes: map[byte]*laneItems{}, lastOf: map[byte]int32{},
		keys: map[int32]time.Duration{}, passed: map[int32]bool{}, waived: s.Waived,
	}
}

func (a *itemAudit) event(e subject.Event, mode program.Mode) subject.Law {
	switch e.Verb {
	case subject.Put:
		a.noteput(e)
	case subject.Begin:
		a.running = append(a.running, e)
		if mode == program.Panics && !a.waived(subject.PanicCrashes) {
			return subject.PanicCrashes
		}
		return a.batch(e)
	case subject.End:
		if i := slices.IndexFunc(a.running, func(r subject.Event) bool { return slices.Equal(r.Items, e.Items) }); i >= 0 {
			a.running = slices.Delete(a.running, i, i+1)
		}
	}
	return ""
}

// noteput remembers which items were put. A put that still waits or that panicked
// has put all items but its last.
func (a *itemAudit) noteput(e subject.Event) {
	if len(e.Items) == 0 {
		return
	}
	first, last := e.Items[0], e.Items[len(e.Items)-1]
	if first == (subject.ItemID{}) {
		return // of a burst of nils nobody can tell how many have been put
	}
	a.record(last) // makes room for all at once
	for id := first; id.N <= last.N; id.N++ {
		r := a.record(id)
		if !r.put {
			r.put, r.at, r.since, r.key = true, e.At, a.since(e), first.Key
		}
		if e.Outcome == subject.OK || id.N < last.N {
			r.step = e.Step
		}
	}
}

// batch checks a batch that a handler was given.
func (a *itemAudit) batch(e subject.Event) subject.Law {
	again := false // an item was there before, which is waived: it has no place in the order
	for _, id := range e.Items {
		if id == (subject.ItemID{}) {
			continue
		}
		if id.Lane == '?' { // nobody put that
			if a.waived(subject.ExactlyOnce) {
				continue
			}
			return subject.ExactlyOnce
		}
		r := a.record(id)
		if r.delivered && !a.waived(subject.ExactlyOnce) {
			return subject.ExactlyOnce
		}
		again = again || r.delivered
		r.delivered = true
	}
	if (len(e.Items) == 0 || len(e.Items) > a.size) && !a.waived(subject.SizeCap) {
		return subject.SizeCap
	}
	if !a.background && len(a.running) > 1 && !a.waived(subject.Serial) {
		return subject.Serial
	}
	if again {
		return ""
	}
	if law := a.order(e); law != "" && !a.waived(law) {
		return law
	}
	return a.window(e)
}

// order checks that the items of a lane come in the order of their puts. Batches
// that begin at one instant in the background have no order among themselves.
func (a *itemAudit) order(e subject.Event) subject.Law {
	together := a.background && a.batchOf.Step == e.Step && a.batchOf.At == e.At
	within := map[byte]int32{}
	for _, id := range e.Items {
		if id == (subject.ItemID{}) || id.Derived {
			continue
		}
		if id.N < within[id.Lane] || !together && id.N < a.lastOf[id.Lane] {
			return subject.Order
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
func (a *itemAudit) window(e subject.Event) subject.Law {
	if !a.dedup {
		return ""
	}
	const remembered = (subject.DedupBuckets-1)*subject.DedupBucket - subject.MinRefresh
	for _, id := range e.Items {
		if id == (subject.ItemID{}) {
			if a.waived(subject.ExactlyOnce) {
				continue
			}
			return subject.ExactlyOnce // a dedup batcher passes no nil on
		}
		at, since := e.At, a.since(e) // if its Put has not been seen yet, it is of this very instant
		if r := a.record(id); r.put {
			at, since = r.at, r.since
		}
		if won, again := a.keys[id.Key]; again && at < won+remembered && !a.waived(subject.OncePerWindow) {
			return subject.OncePerWindow
		}
		a.keys[id.Key], a.passed[id.Key] = since, true
	}
	return ""
}

// drained reports whether everything that was put before a step is delivered and
// no handler runs.
func (a *itemAudit) drained(step int) bool {
	return a.lost(step) == 0 && len(a.running) == 0
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
func (a *itemAudit) end() (subject.Law, string) {
	const always = 1 << 30
	if n := a.lost(always); n > 0 && !a.waived(subject.ExactlyOnce) {
		return subject.ExactlyOnce, fmt.Sprintf("%d items were put and never delivered", n)
	}
	if len(a.running) > 0 && !a.waived(subject.Progress) {
		return subject.Progress, "a handler that began never ended: " + trimmed(a.running[0])
	}
	return "", ""
}
