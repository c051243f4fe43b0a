package sim

import (
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
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

const never = time.Duration(1<<63 - 1)

func newEntryAudit(p *program.Program) *entryAudit {
	c := subject.MapConfig{Bucket: p.Config.Bucket, Buckets: p.Config.Buckets}
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

func (a *entryAudit) event(e subject.Event) subject.Law {
	switch e.Verb {
	case subject.Get:
		return a.get(e)
	case subject.Set:
		return a.set(e)
	case subject.Delete:
		return a.del(e)
	case subject.Count:
		return a.count(e)
	case subject.Close:
		a.close(e)
	}
	return ""
}

func (a *entryAudit) get(e subject.Event) subject.Law {
	known := a.entries[e.Key]
	switch {
	case e.Outcome == subject.No && a.present(e.Key, e.At):
		return a.lostLaw(subject.Lifetime)
	case e.Outcome == subject.No:
		delete(a.entries, e.Key)
	case a.absent(e.Key, e.At):
		return a.stillThere(e.Key)
	case !known.any && e.Value != known.value:
		return subject.Value
	}
	return ""
}

// lostLaw is the law that a present entry's absence breaks.
func (a *entryAudit) lostLaw(open subject.Law) subject.Law {
	if a.closed {
		return subject.ClosedMap
	}
	return open
}

// stillThere is the law that an absent entry's presence breaks.
func (a *entryAudit) stillThere(k int32) subject.Law {
	switch e := a.entries[k]; {
	case e == nil:
		return subject.Value // a value that nobody stored
	case e.deleted:
		return subject.DeleteLaw
	}
	return subject.Expiry
}

func (a *entryAudit) set(e subject.Event) subject.Law {
	if e.Outcome == subject.No {
		if a.absent(e.Key, e.At) {
			if known := a.entries[e.Key]; known != nil && !known.deleted {
				return subject.Expiry
			}
			return subject.OneWinner // no other Set has won, so this one had to
		}
		return ""
	}
	if a.present(e.Key, e.At) {
		return a.lostLaw(subject.OneWinner)
	}
	n := &entry{value: e.Value, until: e.At + a.sure, goneBy: e.At + a.gone}
	if a.closed {
		n.until, n.goneBy = never, never
	}
	a.entries[e.Key] = n
	return ""
}

func (a *entryAudit) del(e subject.Event) subject.Law {
	switch {
	case e.Outcome == subject.Yes && a.absent(e.Key, e.At):
		if known := a.entries[e.Key]; known != nil && !known.deleted {
			return subject.Expiry
		}
		return subject.DeleteLaw
	case e.Outcome == subject.No && a.present(e.Key, e.At):
		return a.lostLaw(subject.DeleteLaw)
	}
	a.entries[e.Key] = &entry{deleted: true}
	return ""
}

// count checks that the count lies between the entries that must and that can be there.
func (a *entryAudit) count(e subject.Event) subject.Law {
	must, can := 0, 0
	for k := range a.entries {
		if a.present(k, e.At) {
			must++
		}
		if !a.absent(k, e.At) {
			can++
		}
	}
	if int(e.Value) < must || int(e.Value) > can {
		return subject.CountLaw
	}
	return ""
}

// close ends expiry: what is present now stays, and what may be, may stay.
func (a *entryAudit) close(e subject.Event) {
	if a.closed {
		return
	}
	a.closed = true
	for _, n := range a.entries {
		if e.At < n.until {
			n.until = never
		}
		if e.At < n.goneBy {
			n.goneBy = never
		}
	}
}
