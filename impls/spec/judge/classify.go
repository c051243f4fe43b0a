package judge

import (
	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// classify names the law behind a difference between the model's line and the
// observed one, by what the two lines are about. Either may be missing (zero).
func (r *record) classify(o kind.Op, want, got kind.Event) kind.LawID {
	is := func(v kind.Verb) bool { return want.Verb == v || got.Verb == v }
	switch law := r.Kind.Breaks(got); {
	case law != "":
		return law
	case is(kind.Crash):
		return spec.PanicCrashes
	case r.of == spec.KindDedup:
		return classifyMap(want, got)
	case want.Outcome == kind.Refused || got.Outcome == kind.Refused:
		return spec.AfterClose
	case o.Verb == spec.Trigger:
		return spec.TriggerLaw
	case is(spec.Put):
		return spec.Backpressure
	case is(spec.Begin) && o.Verb == kind.Advance:
		return spec.TimerPhase
	}
	return spec.SameHistory
}

func classifyMap(want, got kind.Event) kind.LawID {
	early := map[kind.Verb]kind.Outcome{spec.Get: kind.No, spec.Set: kind.Yes, spec.Delete: kind.No}
	switch {
	case want.Verb != got.Verb || got.Verb == spec.Close || got.Verb == 0:
		return spec.SameHistory
	case got.Verb == spec.Count:
		return spec.CountLaw
	case want.Outcome == got.Outcome:
		return spec.Value
	case got.Outcome == early[got.Verb]: // the map had lost the key
		return spec.Lifetime
	}
	return spec.Expiry // the map still had it
}
