package judge

import (
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// entryAudit follows the entries of a map. It knows between which times an entry
// may disappear, and nothing of buckets.
type entryAudit struct {
	sure, gone time.Duration // how long an entry stays for sure, and when it is gone for sure
	entries    map[int32]*entry
	closed     bool
}

// entry is what is known of a key that was set.
type entry struct {
	value   int32
	until   time.Duration // present for sure before this
	goneBy  time.Duration // absent for sure from this on
	deleted bool
	any     bool // nobody knows which value it has
}

func newEntryAudit(c spec.MapConfig) *entryAudit {
	return &entryAudit{
		sure:    time.Duration(c.Buckets-1)*c.Bucket - c.Refresh(),
		gone:    c.Window() + c.Cleanup(),
		entries: map[int32]*entry{},
	}
}

func (a *entryAudit) present(k int32, at time.Duration) bool {
	e := a.entries[k]
	return e != nil && !e.deleted && at < e.until
}

func (a *entryAudit) absent(k int32, at time.Duration) bool {
	e := a.entries[k]
	return e == nil || e.deleted || at >= e.goneBy
}

func (a *entryAudit) event(e kind.Event) spec.Law {
	if e.Outcome == kind.Waits || e.Outcome == kind.Broke || e.Outcome == kind.Skipped {
		return "" // no answer
	}
	switch e.Verb {
	case spec.Get:
		return a.get(e)
	case spec.Set:
		return a.set(e)
	case spec.Delete:
		return a.del(e)
	case spec.Count:
		return a.count(e)
	case spec.Close:
		a.close(e)
	}
	return ""
}

func (a *entryAudit) get(e kind.Event) spec.Law {
	known := a.entries[e.Arg]
	switch {
	case e.Outcome == kind.No && a.present(e.Arg, e.At):
		return a.lostLaw(spec.Lifetime)
	case e.Outcome == kind.No:
		delete(a.entries, e.Arg)
	case a.absent(e.Arg, e.At):
		return a.stillThere(e.Arg, spec.Value, spec.DeleteLaw) // unset: a value that nobody stored
	case !known.any && e.Val != known.value:
		return spec.Value
	}
	return ""
}

// lostLaw is the law that a present entry's absence breaks.
func (a *entryAudit) lostLaw(open spec.Law) spec.Law {
	if a.closed {
		return spec.ClosedMap
	}
	return open
}

// stillThere is the law that an absent entry's presence breaks: another one if the key was
// never there, or is deleted.
func (a *entryAudit) stillThere(k int32, unset, deleted spec.Law) spec.Law {
	switch e := a.entries[k]; {
	case e == nil:
		return unset
	case e.deleted:
		return deleted
	}
	return spec.Expiry
}

func (a *entryAudit) set(e kind.Event) spec.Law {
	if e.Outcome == kind.No {
		if a.absent(e.Arg, e.At) { // if no other Set has won, this one had to
			return a.stillThere(e.Arg, spec.OneWinner, spec.OneWinner)
		}
		return ""
	}
	if a.present(e.Arg, e.At) {
		return a.lostLaw(spec.OneWinner)
	}
	n := &entry{value: e.Val, until: e.At + a.sure, goneBy: e.At + a.gone}
	if a.closed {
		n.until, n.goneBy = kind.Never, kind.Never
	}
	a.entries[e.Arg] = n
	return ""
}

func (a *entryAudit) del(e kind.Event) spec.Law {
	switch {
	case e.Outcome == kind.Yes && a.absent(e.Arg, e.At):
		return a.stillThere(e.Arg, spec.DeleteLaw, spec.DeleteLaw)
	case e.Outcome == kind.No && a.present(e.Arg, e.At):
		return a.lostLaw(spec.DeleteLaw)
	}
	a.entries[e.Arg] = &entry{deleted: true}
	return ""
}

// count: the number lies between the entries that have to be there and those that may be.
func (a *entryAudit) count(e kind.Event) spec.Law {
	must, can := 0, 0
	for k := range a.entries {
		if a.present(k, e.At) {
			must++
		}
		if !a.absent(k, e.At) {
			can++
		}
	}
	if int(e.Val) < must || int(e.Val) > can {
		return spec.CountLaw
	}
	return ""
}

// close ends expiry: what is present now stays, and what may be, may stay.
func (a *entryAudit) close(e kind.Event) {
	if a.closed {
		return
	}
	a.closed = true
	for _, n := range a.entries {
		if e.At < n.until {
			n.until = kind.Never
		}
		if e.At < n.goneBy {
			n.goneBy = kind.Never
		}
	}
}

// A subject need not keep a law that it waives. Whoever judges goes on after a breach of
// such a law, for what comes after may break another.

// relearn takes from an event that breaks a waived law what is to be known of the map after
// it: what was seen is so.
func (a *entryAudit) relearn(e kind.Event) {
	known := a.entries[e.Arg]
	here := &entry{until: e.At, goneBy: kind.Never, any: true} // it may go at any time
	if known != nil && !known.deleted {
		here.value, here.any = known.value, known.any
	}
	switch {
	case e.Verb == spec.Count:
	case e.Verb == spec.Delete, e.Verb == spec.Get && e.Outcome == kind.No:
		a.entries[e.Arg] = &entry{deleted: true}
	case e.Verb == spec.Get:
		here.value, here.any = e.Val, false
		a.entries[e.Arg] = here
	case e.Outcome == kind.Yes: // there are two winners, and nobody knows whose value is there
		here.any = true
		a.entries[e.Arg] = here
	default:
		a.entries[e.Arg] = here
	}
}
