package sim

import (
	"slices"
	"strings"

	"batchlab/sim/model"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// Verdict is what the lab has to say of one history.
type Verdict struct {
	Subject   string
	Violation *Violation // nil if no law was seen broken
	// Specified says that the specification itself has the fault: the history is
	// exactly what the model allows, and breaks the law all the same. That is how
	// a quirk of the baseline looks.
	Specified bool
	// Allowed says, of an explored run of a batcher, that the model can do what was seen
	// step by step. A law that knows who was done before whom may be broken all the same.
	Allowed bool
	// Branched is the first step at which the model had a choice, 0 if it never
	// had: then there is one right history, and its digest is the same everywhere.
	Branched int
}

// check judges a history: against the model, which knows every line, and against
// the laws, which know less and do not rely on it. The earlier find is reported. Of
// two at one step the law is, for its name says more than a difference does.
func check(p *program.Program, s subject.Subject, h History) (Verdict, error) {
	v := Verdict{Subject: h.Subject}
	h = unwaived(s, h)
	law := audit(p, s, h)
	if s.LawsOnly {
		v.Violation = law
		return v, nil
	}
	mismatch, branched, err := follow(p, h)
	v.Branched = branched
	switch {
	case err != nil:
		return v, err
	case mismatch != nil && s.Waived(mismatch.Law): // what comes after that no model knows
		v.Violation = law
	case mismatch == nil:
		v.Violation, v.Specified = law, law != nil
	case law == nil || mismatch.Step < law.Step:
		v.Violation = mismatch
	default:
		v.Violation = law
		if law.Step == mismatch.Step { // the lines that differ show more than the law's text
			law.Want, law.Got, law.Before = mismatch.Want, mismatch.Got, mismatch.Before
		}
	}
	return v, nil
}

// follow runs the model beside the history and returns the first line that it
// cannot explain, and the step at which it first had a choice.
func follow(p *program.Program, h History) (mismatch *Violation, branched int, err error) {
	f := model.Follow(p, h.Events)
	ops := slices.Concat(p.Ops, p.Drain())
	rest := h.Events
	for i, o := range ops {
		n := 0
		for n < len(rest) && rest[n].Step <= i+1 {
			n++
		}
		seen := rest[:n:n]
		rest = rest[n:]
		ok := f.Step(o, seen)
		if f.Err() != nil {
			return nil, branched, &LabError{Msg: f.Err().Error(), Wild: true}
		}
		if f.Branched() && branched == 0 {
			branched = i + 1
		}
		if !ok {
			return explain(p, h, ops, i), branched, nil
		}
		if n > 0 && seen[n-1].Verb == subject.Crash {
			return nil, branched, nil
		}
	}
	if len(rest) > 0 { // what the lab itself saw when everything was over
		return mismatchAt(h, len(h.Events)-len(rest), "nothing", classify(program.Op{}, subject.Event{}, rest[0])), branched, nil
	}
	return nil, branched, nil
}

// explain follows the model again up to the step that went wrong and says what it
// would have had there: of several possibilities the one that agrees longest.
func explain(p *program.Program, h History, ops []program.Op, bad int) *Violation {
	const alternatives = 256
	f := model.Follow(p, h.Events)
	for i, o := range ops[:bad] {
		f.Step(o, h.Step(i+1))
	}
	seen := h.Step(bad + 1)
	var want []subject.Event
	best := -1
	for _, out := range f.Outcomes(ops[bad], alternatives) {
		if n := agree(out, seen); n > best {
			want, best = out, n
		}
	}
	best = max(best, 0)
	var w, g subject.Event
	text := "nothing"
	if best < len(want) {
		w = want[best]
		text = trimmed(w)
	}
	if best < len(seen) {
		g = seen[best]
	}
	at := 0
	for at < len(h.Events) && h.Events[at].Step <= bad {
		at++
	}
	v := mismatchAt(h, at+best, text, classify(ops[bad], w, g))
	v.Step = bad + 1
	if best >= len(seen) {
		v.Got = "nothing"
	}
	return v
}

// mismatchAt is the violation that the i-th event of a history is.
func mismatchAt(h History, i int, want string, law subject.Law) *Violation {
	const context = 5
	v := &Violation{Law: law, Subject: h.Subject, Want: want, Got: "nothing"}
	if i < len(h.Events) {
		v.Step, v.Got = h.Events[i].Step, trimmed(h.Events[i])
	} else if len(h.Events) > 0 {
		v.Step = h.Events[len(h.Events)-1].Step
	}
	for _, e := range h.Events[max(0, i-context):min(i, len(h.Events))] {
		v.Before = append(v.Before, trimmed(e))
	}
	return v
}

func trimmed(e subject.Event) string { return strings.TrimRight(Line(e), " ") }

// agree counts the leading events that two lists have in common.
func agree(a, b []subject.Event) int {
	n := 0
	for n < len(a) && n < len(b) && a[n].Same(b[n]) {
		n++
	}
	return n
}

// classify names the law behind a difference between the model's line and the
// observed one, by what the two lines are about. Either may be missing (zero).
func classify(o program.Op, want, got subject.Event) subject.Law {
	is := func(v subject.Verb) bool { return want.Verb == v || got.Verb == v }
	switch {
	case got.Outcome == subject.Broke:
		return subject.NoPanic
	case is(subject.Hung):
		return subject.Progress
	case got.Verb == subject.Crash && got.Source.Lane == subject.LabLane:
		return subject.NoPanic
	case is(subject.Crash):
		return subject.PanicCrashes
	case is(subject.Leaked):
		return subject.Leak
	case is(subject.Race):
		return subject.NoRace
	case is(subject.Changed):
		return subject.SliceLease
	case want.Outcome == subject.Panics || got.Outcome == subject.Panics:
		return subject.AfterClose
	case is(subject.Get), is(subject.Set), is(subject.Delete), is(subject.Count):
		return classifyMap(want, got)
	case o.Verb == program.Trigger:
		return subject.TriggerLaw
	case is(subject.Put):
		return subject.Backpressure
	case is(subject.Begin) && o.Verb == program.Advance:
		return subject.TimerPhase
	}
	return subject.SameHistory
}

func classifyMap(want, got subject.Event) subject.Law {
	early := map[subject.Verb]subject.Outcome{subject.Get: subject.No, subject.Set: subject.Yes, subject.Delete: subject.No}
	switch {
	case want.Verb != got.Verb:
		return subject.SameHistory
	case got.Verb == subject.Count:
		return subject.CountLaw
	case want.Outcome == got.Outcome:
		return subject.Value
	case got.Outcome == early[got.Verb]: // the map had lost the key
		return subject.Lifetime
	}
	return subject.Expiry // the map still had it
}
