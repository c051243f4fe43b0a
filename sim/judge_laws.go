package sim

import (
	"math"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// auditTogether checks the laws that do not depend on the order of what happens in a
// group. Of a batcher these are all that audit knows: it compares steps, and the order
// within one source. Only times are not what they seem, for all of a group have that of
// its end. Of a map they are those of every call; an entry's fate depends on the order.
func auditTogether(p *program.Program, s subject.Subject, h History) *Violation {
	a := newAuditor(p, s)
	switch {
	case s.Kind != subject.KindDedup:
		a.items = newItemAudit(p, s)
		begins := beginnings(p)
		a.items.earliest = func(e subject.Event) time.Duration { return begins(e.Step) }
	case s.LawsOnly && !p.Concurrent():
		a.entries = newEntryAudit(p)
	}
	return a.run(h)
}

// beginnings tells the virtual time at which the group of a step begins.
func beginnings(p *program.Program) func(step int) time.Duration {
	list := parts(p)
	return func(step int) time.Duration {
		for _, g := range list {
			if step <= g.last {
				return g.from
			}
		}
		return list[len(list)-1].to
	}
}

// auditTrace checks the laws that speak of before and after, by the order in which things
// happened.
func auditTrace(p *program.Program, s subject.Subject, t Trace, h History) *Violation {
	if s.Kind != subject.KindDedup {
		return auditClose(s, t, h)
	}
	if s.LawsOnly && p.Concurrent() {
		return auditKeys(p, s, t, h)
	}
	return nil
}

// at is the violation that the i-th event of the trace is.
func (t Trace) at(i int, h History, law subject.Law, more string) *Violation {
	v := mismatchAt(h, slices.IndexFunc(h.Events, t.Events[i].Same), law.Text(), law)
	v.Got += more
	return v
}

// auditClose checks what has to be true when the first Close returns, of Puts that begin
// after that, and, since nothing is delivered after it, of all that was put.
func auditClose(s subject.Subject, t Trace, h History) *Violation {
	called := noSeq // the first Close
	for i, e := range t.Events {
		if e.Verb == subject.Close && e.Outcome != subject.Skipped {
			called = min(called, t.Began[i])
		}
	}
	returned := noSeq
	var running []subject.Event
	delivered, keys := map[subject.ItemID]bool{}, map[int32]bool{}
	for i, e := range t.Events {
		switch {
		case e.Verb == subject.Crash:
			return nil
		case e.Verb == subject.Begin:
			running = append(running, e)
			for _, id := range e.Items {
				delivered[id], keys[id.Key] = true, true
			}
		case e.Verb == subject.End:
			if j := slices.IndexFunc(running, func(r subject.Event) bool { return slices.Equal(r.Items, e.Items) }); j >= 0 {
				running = slices.Delete(running, j, j+1)
			}
		case e.Verb == subject.Close && e.Outcome == subject.OK && returned == noSeq:
			if returned = t.Ended[i]; s.Waived(subject.CloseDrains) {
				continue
			}
			if len(running) > 0 {
				return t.at(i, h, subject.CloseDrains, ", while "+running[0].String()+" and has not ended")
			}
			if j := t.undelivered(i, called, s, delivered, keys); j >= 0 {
				return t.at(i, h, subject.CloseDrains, ", and not all is delivered of "+t.Events[j].String())
			}
		case e.Verb == subject.Put && e.Outcome == subject.OK && t.Began[i] > returned && !droppedNil(s, e) && !s.Waived(subject.AfterClose):
			return t.at(i, h, subject.AfterClose, ", and Close had returned before it began")
		}
	}
	if returned != noSeq && t.fatal() == math.MaxInt && !s.Waived(subject.ExactlyOnce) {
		if j := t.undelivered(len(t.Events), noSeq, s, delivered, keys); j >= 0 {
			return t.at(j, h, subject.ExactlyOnce, ", and not all of it is ever delivered")
		}
	}
	return nil
}

// undelivered is the first of n events that is a Put which returned before a moment and
// whose items are not all delivered, or -1. An item equal to one that is need not be.
func (t Trace) undelivered(n int, before int64, s subject.Subject, delivered map[subject.ItemID]bool, keys map[int32]bool) int {
	for j, e := range t.Events[:n] {
		if e.Verb != subject.Put || e.Outcome != subject.OK || t.Ended[j] >= before || e.Items[0] == (subject.ItemID{}) {
			continue
		}
		for id := e.Items[0]; id.N <= e.Items[len(e.Items)-1].N; id.N++ {
			if !delivered[id] && (s.Kind != subject.KindDedupBatcher || !keys[id.Key]) {
				return j
			}
		}
	}
	return -1
}

// droppedNil reports whether a put was of nothing that a dedup batcher would pass on.
func droppedNil(s subject.Subject, e subject.Event) bool {
	return s.Kind == subject.KindDedupBatcher && e.Items[0] == (subject.ItemID{})
}

// auditKeys checks what has to be true of the keys of every map, whatever it does when: of
// two Sets that both won one came after the key was gone, and a value that is read was
// stored.
func auditKeys(p *program.Program, s subject.Subject, t Trace, h History) *Violation {
	begins := beginnings(p)
	sure := newEntryAudit(p).sure
	var first *Violation
	for i, e := range t.Events {
		switch {
		case e.Step >= t.fatal():
			return first
		case e.Verb == subject.Set && e.Outcome == subject.Yes && !s.Waived(subject.OneWinner):
			for j, o := range t.Events[:i] {
				if o.Verb == subject.Set && o.Outcome == subject.Yes && o.Key == e.Key && e.At < begins(o.Step)+sure && !t.deleted(e.Key, min(t.Began[i], t.Began[j]), t.Ended[i]) {
					first = earliest(first, t.at(i, h, subject.OneWinner, ", and so did "+o.String()))
				}
			}
		case e.Verb == subject.Get && e.Outcome == subject.Yes && !s.Waived(subject.Value) && !t.stored(e, t.Ended[i]):
			first = earliest(first, t.at(i, h, subject.Value, ""))
		}
	}
	return first
}

// deleted reports whether a key may have been deleted between two moments.
func (t Trace) deleted(key int32, from, to int64) bool {
	for i, e := range t.Events {
		if e.Verb == subject.Delete && e.Key == key && e.Outcome != subject.No && e.Outcome != subject.Skipped && t.Began[i] < to && t.Ended[i] > from {
			return true
		}
	}
	return false
}

// stored reports whether a value may have been stored before a moment.
func (t Trace) stored(get subject.Event, before int64) bool {
	for i, e := range t.Events {
		if e.Verb == subject.Set && e.Key == get.Key && e.Value == get.Value && e.Outcome != subject.No && e.Outcome != subject.Skipped && t.Began[i] < before {
			return true
		}
	}
	return false
}
