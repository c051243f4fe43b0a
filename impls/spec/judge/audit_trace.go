package judge

import (
	"math"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// Times in a stamped run are not what they seem, for all of a group have that of its end.
// The laws that do not depend on the order within a group are those that Audit checks; of
// a batcher these are all but what Close is about. What follows knows the order in which
// things happened.

// begins is the virtual time at which the group of a step begins.
func (r *record) begins(step int) time.Duration {
	for _, g := range r.groups {
		if step <= g.Last {
			return g.From
		}
	}
	return r.groups[len(r.groups)-1].To
}

// auditOrder checks the laws that speak of before and after.
func (r *record) auditOrder() *kind.Breach {
	switch {
	case r.of != spec.KindDedup:
		return r.auditClose()
	case r.Traits.LawsOnly && kind.Together(r.Ops):
		return r.auditKeys()
	}
	return nil
}

// ordered is the breach that the i-th event of the run is.
func (r *record) ordered(i int, law kind.LawID, more string) *kind.Breach {
	b := r.at(r.index(&r.Events[i]), law)
	b.More, b.Ordered = more, true
	return b
}

// auditClose checks what has to be true when the first Close returns, of Puts that begin
// after that, and, since nothing is delivered after it, of all that was put.
func (r *record) auditClose() *kind.Breach {
	called := kind.NoSeq // the first Close
	for i, e := range r.Events {
		if e.Verb == spec.Close && e.Outcome != kind.Skipped {
			called = min(called, r.Began[i])
		}
	}
	returned := kind.NoSeq
	var running []kind.Event
	delivered, keys := map[kind.Item]bool{}, map[int32]bool{}
	for i, e := range r.Events {
		switch {
		case e.Verb == kind.Crash:
			return nil
		case e.Verb == spec.Begin:
			running = append(running, e)
			for _, id := range e.Items {
				delivered[id], keys[id.Key] = true, true
			}
		case e.Verb == spec.End:
			running = without(running, e)
		case e.Verb == spec.Close && e.Outcome == kind.OK && returned == kind.NoSeq:
			if returned = r.Ended[i]; !r.breaks(spec.CloseDrains) {
				continue
			}
			if len(running) > 0 {
				return r.ordered(i, spec.CloseDrains, ", while "+r.Kind.Text(running[0])+" and has not ended")
			}
			if j := r.undelivered(i, called, delivered, keys); j >= 0 {
				return r.ordered(i, spec.CloseDrains, ", and not all is delivered of "+r.Kind.Text(r.Events[j]))
			}
		case e.Verb == spec.Put && e.Outcome == kind.OK && r.Began[i] > returned && !r.dropped(e) &&
			r.breaks(spec.AfterClose):
			return r.ordered(i, spec.AfterClose, ", and Close had returned before it began")
		}
	}
	if returned != kind.NoSeq && r.Fatal() == math.MaxInt && r.breaks(spec.ExactlyOnce) {
		if j := r.undelivered(len(r.Events), kind.NoSeq, delivered, keys); j >= 0 {
			return r.ordered(j, spec.ExactlyOnce, ", and not all of it is ever delivered")
		}
	}
	return nil
}

// undelivered is the first of n events that is a Put which returned before a moment and
// whose items are not all delivered, or -1. An item equal to one that is need not be.
func (r *record) undelivered(n int, before int64, delivered map[kind.Item]bool, keys map[int32]bool) int {
	for j, e := range r.Events[:n] {
		if e.Verb != spec.Put || e.Outcome != kind.OK || r.Ended[j] >= before || e.Items[0] == (kind.Item{}) {
			continue
		}
		for id := e.Items[0]; id.N <= e.Items[len(e.Items)-1].N; id.N++ {
			if !delivered[id] && (r.of != spec.KindDedupBatcher || !keys[id.Key]) {
				return j
			}
		}
	}
	return -1
}

// auditKeys checks what has to be true of the keys of every map, whatever it does when: of
// two Sets that both won one came after the key was gone, and a value that is read was
// stored.
func (r *record) auditKeys() *kind.Breach {
	sure := newEntryAudit(spec.MapOf(r.Config)).sure
	var first *kind.Breach
	for i, e := range r.Events {
		switch {
		case e.Step >= r.Fatal():
			return first
		case e.Verb == spec.Set && e.Outcome == kind.Yes && r.breaks(spec.OneWinner):
			for j, o := range r.Events[:i] {
				if o.Verb == spec.Set && o.Outcome == kind.Yes && o.Arg == e.Arg && e.At < r.begins(o.Step)+sure &&
					!r.may(kind.Event{Verb: spec.Delete, Arg: e.Arg}, min(r.Began[i], r.Began[j]), r.Ended[i]) {
					first = earliest(first, r.ordered(i, spec.OneWinner, ", and so did "+r.Kind.Text(o)))
				}
			}
		case e.Verb == spec.Get && e.Outcome == kind.Yes && r.breaks(spec.Value) &&
			!r.may(kind.Event{Verb: spec.Set, Arg: e.Arg, Val: e.Val}, -1, r.Ended[i]):
			first = earliest(first, r.ordered(i, spec.Value, ""))
		}
	}
	return first
}

// may reports whether such a call may have taken effect between two moments.
func (r *record) may(call kind.Event, from, to int64) bool {
	for i, e := range r.Events {
		if e.Verb == call.Verb && e.Arg == call.Arg && e.Val == call.Val && e.Outcome != kind.No &&
			e.Outcome != kind.Skipped && r.Began[i] < to && r.Ended[i] > from {
			return true
		}
	}
	return false
}
