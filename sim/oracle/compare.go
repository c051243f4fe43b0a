package oracle

import (
	"fmt"

	"batchlab/sim/history"
	"batchlab/sim/kind"
)

// Compare takes a verdict on a run further: what the component does has to be what its
// original does of the same program, line by line, as long as the program leaves one event
// ready at a time (see choice). A law that both break at the same step is the
// specification's fault.
//
// The original's run is to be no worse than the component's: if it breaks a law where they
// differ, it is no reference, and the error says so.
func Compare(r, original *kind.Run, v Verdict) (Verdict, error) {
	alike := *original // judged as the component is
	alike.Traits.LawsOnly, alike.Traits.Waives = true, r.Traits.Waives
	own, err := Judge(&alike)
	if err != nil {
		return v, err
	}
	v.Branched = choice(original)
	broken := own.Violation
	if broken != nil && v.Violation != nil && broken.Law == v.Violation.Law && broken.Step == v.Violation.Step {
		v.Specified = true
		return v, nil
	}
	b := difference(r, original, v.Branched)
	if b == nil || v.Violation != nil && v.Violation.Step <= b.Step {
		return v, nil
	}
	if broken != nil && broken.Step <= b.Step {
		return v, &kind.LabError{Msg: fmt.Sprintf(
			"kind %s: the original %s itself breaks %s here, at step %d (%s): mend it, or name another",
			r.Kind.Name, original.Traits.Title, broken.Law, broken.Step, broken.Got)}
	}
	v.Violation = violation(history.Seen(r), b)
	return v, nil
}

// difference is the first line that the original does not have, up to the step at which
// it had a choice.
func difference(r, original *kind.Run, branched int) *kind.Breach {
	if r.Traits.Waived(kind.SameHistory) {
		return nil
	}
	got, want := history.Seen(r), history.Seen(original)
	i := history.Agree(got, want)
	if i == len(got.Events) && i == len(want.Events) {
		return nil
	}
	b := &kind.Breach{Law: kind.SameHistory, At: i, Step: len(r.Ops)}
	b.Want = want.Line(i) + " as in " + original.Traits.Title
	for _, h := range []history.History{got, want} {
		if i < len(h.Events) {
			b.Step = min(b.Step, h.Events[i].Step)
		}
	}
	if branched > 0 && b.Step >= branched {
		return nil
	}
	return b
}

// choice is the first step at which more than one event was ready, so that the order in
// which goroutines go on decides what is seen: two lanes wait when it begins, or beside the
// caller two others do something at one instant. It is 0 if there is none.
func choice(r *kind.Run) int {
	waiting := map[kind.Source]bool{}
	events := r.History()
	for len(events) > 0 {
		step, n := events[0].Step, 0
		for n < len(events) && events[n].Step == step {
			n++
		}
		if len(waiting) > 1 || crowded(r, events[:n]) {
			return step
		}
		for _, e := range events[:n] {
			switch {
			case e.Outcome == kind.Waits:
				waiting[e.Source] = true
			case r.Kind.IsAnswered(e) && e.Outcome != kind.Skipped:
				delete(waiting, e.Source)
			}
		}
		events = events[n:]
	}
	return 0
}

// crowded reports whether, in one step, several do something at one instant besides who
// makes the call.
func crowded(r *kind.Run, events []kind.Event) bool {
	caller := byte(0)
	if step := events[0].Step; step >= 1 && step <= len(r.Ops) {
		caller = r.Ops[step-1].Lane
	}
	other := -1
	for i, e := range events {
		switch {
		case e.Source.Lane == caller || r.Kind.Sight(e.Verb) != "":
		case other >= 0 && events[other].At == e.At && (events[other].Source != e.Source || e.Source.Anonymous()):
			return true
		default:
			other = i
		}
	}
	return false
}
