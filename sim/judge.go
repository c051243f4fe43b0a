package sim

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"batchlab/sim/model"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// judging is true while a run is judged: then nothing hangs, for judgements have limits.
var judging atomic.Bool

// judge judges an explored run, as check judges a history: against the specification,
// which a subject is exempt from that answers to the laws only, and against the laws that
// hold whatever the order in which things happened. The answers of a map are to be those
// of some order of its calls; what a batcher does is to be what the model can do.
//
// It must not be called in a bubble: a search that takes too long is given up after some
// real time, with a *LabError that is Wild.
func judge(p *program.Program, s subject.Subject, t Trace) (Verdict, error) {
	judging.Store(true)
	defer judging.Store(false)
	h := t.History(Title(s))
	v := Verdict{Subject: h.Subject}
	if msg := t.valid(); msg != "" {
		return v, &LabError{Msg: msg}
	}
	v.Branched = firstGroup(p)
	lines := auditTogether(p, s, h)
	law := earliest(lines, auditTrace(p, s, t, h))
	if s.LawsOnly {
		v.Violation = law
		return v, nil
	}
	var mismatch *Violation
	var err error
	if s.Kind == subject.KindDedup {
		mismatch, err = linearize(p, h.Subject, t, s.Waives...)
	} else {
		mismatch, err = followGroups(p, h, t.fatal())
	}
	switch {
	case err != nil && law == nil:
		return v, err
	case err != nil: // the laws do not need the specification
		v.Violation = law
	case mismatch != nil && s.Waived(mismatch.Law): // what comes after that no model knows
		v.Violation = law
	case mismatch == nil:
		v.Allowed = modelled(s, t, "")
		v.Violation, v.Specified = law, law != nil && law == lines && modelled(s, t, law.Law)
	case law == nil || mismatch.Step < law.Step:
		v.Violation = mismatch
	default:
		v.Violation = law
	}
	return v, nil
}

// modelled reports whether a law that the history breaks is one of which the
// specification has an opinion: then the fault is its own. It has none of what the lab
// sees, nor of a map's panics.
func modelled(s subject.Subject, t Trace, law subject.Law) bool {
	switch law {
	case subject.Leak, subject.NoRace, subject.NoPanic, subject.SliceLease:
		return false
	}
	return s.Kind != subject.KindDedup && t.fatal() == math.MaxInt
}

// earliest is the violation at the earliest step.
func earliest(list ...*Violation) *Violation {
	var first *Violation
	for _, v := range list {
		if v != nil && (first == nil || v.Step < first.Step) {
			first = v
		}
	}
	return first
}

// firstGroup is the first step at which operations run together, which is a choice; 0 if
// there is none.
func firstGroup(p *program.Program) int {
	for i, o := range p.Ops {
		if o.And {
			return i // counted from 1, the operation before
		}
	}
	return 0
}

// followGroups runs the model beside the history, group by group, and returns the first
// line that it cannot explain. Of the step in which the run ended badly not all has been
// seen, and the laws say what was wrong.
func followGroups(p *program.Program, h History, fatal int) (*Violation, error) {
	bad, err := followTo(p, h, h.Events, fatal)
	if err != nil || bad < 0 {
		return nil, err
	}
	// Where the known order of the items is broken, the model stops early. Without it, it
	// stops where the first line is wrong.
	if later, err := followTo(p, h, nil, fatal); err == nil && later > bad {
		bad = later
	}
	return explainGroup(p, h, bad), nil
}

// followTo returns the index of the group that cannot be explained, or -1.
func followTo(p *program.Program, h History, known []subject.Event, fatal int) (int, error) {
	f := model.Follow(p, known)
	for i, g := range parts(p) {
		if g.last >= fatal && !crashed(h.Step(g.step)) {
			return -1, nil
		}
		ok := f.StepGroup(g.ops, ofModel(h.Step(g.step)))
		if f.Err() != nil {
			return -1, &LabError{Msg: f.Err().Error(), Wild: true}
		}
		if !ok {
			return i, nil
		}
		if crashed(h.Step(g.step)) {
			return -1, nil
		}
	}
	return -1, nil
}

// crashed reports whether a handler panicked, as the program says.
func crashed(events []subject.Event) bool {
	return slices.ContainsFunc(events, func(e subject.Event) bool {
		return e.Verb == subject.Crash && e.Source.Lane == subject.HandlerLane
	})
}

// ofModel leaves out what the lab saw and no model does: the laws judge that.
func ofModel(events []subject.Event) []subject.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e subject.Event) bool {
		switch e.Verb {
		case subject.Leaked, subject.Race, subject.Changed, subject.Hung:
			return true
		}
		return e.Verb == subject.Crash && e.Source.Lane == subject.LabLane
	})
}

// explainGroup says what the model would have had in a group that went wrong: of several
// possibilities the one that agrees longest.
func explainGroup(p *program.Program, h History, bad int) *Violation {
	const alternatives = 256
	list := parts(p)
	f := model.Follow(p, nil)
	for _, g := range list[:bad] {
		f.StepGroup(g.ops, ofModel(h.Step(g.step)))
	}
	g := list[bad]
	seen := ofModel(h.Step(g.step))
	var want []subject.Event
	best := -1
	if f.Err() == nil {
		for _, out := range f.GroupOutcomes(g.ops, alternatives) {
			if n := agree(out, seen); n > best {
				want, best = out, n
			}
		}
	}
	best = max(best, 0)
	var w, got subject.Event
	text := "nothing"
	if best < len(want) {
		w = want[best]
		text = trimmed(w)
	}
	at := slices.IndexFunc(h.Events, func(e subject.Event) bool { return e.Step >= g.step })
	if at < 0 {
		at = len(h.Events)
	}
	if best < len(seen) {
		got = seen[best]
		for !h.Events[at].Same(got) {
			at++
		}
	} else {
		at += best
	}
	op := g.ops[0]
	if len(g.ops) > 1 {
		op = program.Op{Verb: program.Release} // no one operation led to it
	}
	v := mismatchAt(h, at, text, classify(op, w, got))
	v.Step = g.step
	if best >= len(seen) {
		v.Got = "nothing"
	}
	if len(g.ops) > 1 {
		v.Got += fmt.Sprintf(", and no order of operations %d to %d leads to that", g.step, g.last)
	}
	return v
}
