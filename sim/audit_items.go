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

	put       map[itemKey]putRecord
	delivered map[itemKey]bool
	lastOf    map[byte]int32 // per lane, the last item delivered
	batchOf   subject.Event  // the event that delivered it
	running   []subject.Event
	nils      int // nil items put less those delivered
	keys      map[int32]time.Duration
	passed    map[int32]bool // keys delivered at least once
}

// itemKey is an item without its key, which a subject cannot change.
type itemKey struct {
	lane    byte
	n       int32
	derived bool
}

// putRecord is when an item was put and when its Put had returned.
type putRecord struct {
	at   time.Duration
	step int // 0 while the Put has not returned
	key  int32
}

func keyOf(id subject.ItemID) itemKey { return itemKey{id.Lane, id.N, id.Derived} }

func newItemAudit(p *program.Program, s subject.Subject) *itemAudit {
	return &itemAudit{
		size: p.Config.Size, background: p.Config.Background, dedup: s.Kind == subject.KindDedupBatcher,
		put: map[itemKey]putRecord{}, delivered: map[itemKey]bool{}, lastOf: map[byte]int32{},
		keys: map[int32]time.Duration{}, passed: map[int32]bool{},
	}
}

func (a *itemAudit) event(e subject.Event, mode program.Mode) subject.Law {
	switch e.Verb {
	case subject.Put:
		a.noteput(e)
	case subject.Begin:
		a.running = append(a.running, e)
		if mode == program.Panics {
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
	for n := first.N; n <= last.N; n++ {
		k := itemKey{first.Lane, n, first.Derived}
		r, seen := a.put[k]
		if !seen {
			r = putRecord{at: e.At, key: first.Key}
		}
		if e.Outcome == subject.OK || n < last.N {
			r.step = e.Step
		}
		a.put[k] = r
	}
}

// batch checks a batch that a handler was given.
func (a *itemAudit) batch(e subject.Event) subject.Law {
	for _, id := range e.Items {
		if id == (subject.ItemID{}) {
			continue
		}
		k := keyOf(id)
		if a.delivered[k] || id.Lane == '?' {
			return subject.ExactlyOnce
		}
		a.delivered[k] = true
	}
	if len(e.Items) == 0 || len(e.Items) > a.size {
		return subject.SizeCap
	}
	if !a.background && len(a.running) > 1 {
		return subject.Serial
	}
	if law := a.order(e); law != "" {
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
		r, ok := a.put[keyOf(id)]
		if id == (subject.ItemID{}) {
			return subject.ExactlyOnce // a dedup batcher passes no nil on
		}
		if !ok { // its put has not been seen yet: it is of this very instant
			r = putRecord{at: e.At, key: id.Key}
		}
		if won, again := a.keys[id.Key]; again && r.at < won+remembered {
			return subject.OncePerWindow
		}
		a.keys[id.Key], a.passed[id.Key] = r.at, true
	}
	return ""
}

// drained reports whether everything that was put before a step is delivered and
// no handler runs.
func (a *itemAudit) drained(step int) bool {
	lost, _ := a.lost(step)
	return !lost && len(a.running) == 0
}

// lost looks for an item whose Put returned before a step and that was not
// delivered. A duplicate need not be.
func (a *itemAudit) lost(before int) (bool, itemKey) {
	for k, r := range a.put {
		if r.step != 0 && r.step < before && !a.delivered[k] && !(a.dedup && a.passed[r.key]) {
			return true, k
		}
	}
	return false, itemKey{}
}

// end checks that nothing is left: act 2 has closed the batcher.
func (a *itemAudit) end() (subject.Law, string) {
	const always = 1 << 30
	if lost, _ := a.lost(always); lost {
		n := 0
		for k, r := range a.put {
			if r.step != 0 && !a.delivered[k] && !(a.dedup && a.passed[r.key]) {
				n++
			}
		}
		return subject.ExactlyOnce, fmt.Sprintf("%d items were put and never delivered", n)
	}
	if len(a.running) > 0 {
		return subject.Progress, "a handler that began never ended: " + trimmed(a.running[0])
	}
	return "", ""
}
