package judge

import (
	"fmt"
	"math"
	"slices"

	"batchlab/impls/spec"
	"batchlab/impls/spec/model"
	"batchlab/sim/kind"
)

// Model follows the specification of a kind beside a run. What runs one operation at a
// time has exact histories, and the model follows them line by line. Where operations ran
// together, the answers of a map are to be those of some order of its calls, and what a
// batcher does is to be what the model can do, group by group.
func Model(of spec.Kind) func(*kind.Run) kind.Followed {
	return func(run *kind.Run) kind.Followed {
		r := newRecord(of, run)
		if !r.Stamped {
			f := r.follow()
			f.Knows = func(kind.LawID) bool { return true }
			return f
		}
		f := kind.Followed{Branched: r.firstGroup()}
		if of == spec.KindDedup {
			f.Breach, f.Err = r.linearize()
			return f
		}
		f.Breach, f.Err = r.followGroups()
		f.Whole = r.Fatal() == math.MaxInt
		f.Knows = func(law kind.LawID) bool {
			switch law { // of what the lab sees, and of nobody's panics
			case spec.Leak, spec.NoRace, spec.NoPanic, spec.SliceLease:
				return false
			}
			return f.Whole
		}
		return f
	}
}

// firstGroup is the first step at which operations run together, which is a choice; 0 if
// there is none.
func (r *record) firstGroup() int {
	for i, o := range r.Ops {
		if o.And {
			return i // counted from 1, the operation before
		}
	}
	return 0
}

// follow follows a history one operation at a time, up to the first line that the model
// cannot explain.
func (r *record) follow() kind.Followed {
	out := kind.Followed{}
	f := model.Follow(r.of, r.Config, r.Ops, r.h)
	rest := r.h
	for i, o := range r.Ops {
		n := 0
		for n < len(rest) && rest[n].Step <= i+1 {
			n++
		}
		seen := rest[:n:n]
		rest = rest[n:]
		ok := f.Step(o, seen)
		if out.Err = f.Err(); out.Err != nil {
			return out
		}
		if f.Branched() && out.Branched == 0 {
			out.Branched = i + 1
		}
		if !ok {
			out.Breach = r.explain(i)
			return out
		}
		if n > 0 && seen[n-1].Verb == kind.Crash {
			return out
		}
	}
	if len(rest) > 0 { // what the lab itself saw when everything was over
		out.Breach = r.at(len(r.h)-len(rest), r.classify(kind.Op{}, kind.Event{}, rest[0]))
		out.Breach.Want = "nothing"
	}
	return out
}

// step returns the events of one step.
func (r *record) step(step int) []kind.Event {
	lo := 0
	for lo < len(r.h) && r.h[lo].Step < step {
		lo++
	}
	hi := lo
	for hi < len(r.h) && r.h[hi].Step == step {
		hi++
	}
	return r.h[lo:hi:hi]
}

// alternatives is how many possibilities an explanation looks at.
const alternatives = 256

// explain follows the model again up to the operation that went wrong and says what it
// would have had there: of several possibilities the one that agrees longest.
func (r *record) explain(bad int) *kind.Breach {
	f := model.Follow(r.of, r.Config, r.Ops, r.h)
	for i, o := range r.Ops[:bad] {
		f.Step(o, r.step(i+1))
	}
	seen := r.step(bad + 1)
	want, n := closest(f.Outcomes(r.Ops[bad], alternatives), seen)
	at := 0
	for at < len(r.h) && r.h[at].Step <= bad {
		at++
	}
	b := r.mismatch(at+n, r.Ops[bad], want, seen, n)
	b.Step = bad + 1
	return b
}

// closest is the outcome that agrees longest with what was seen, and for how long.
func closest(outcomes [][]kind.Event, seen []kind.Event) (want []kind.Event, n int) {
	best := -1
	for _, out := range outcomes {
		if n := kind.Agree(out, seen); n > best {
			want, best = out, n
		}
	}
	return want, max(best, 0)
}

// mismatch is the breach at an event of the history, where what was wanted and what was
// seen agree for n events only.
func (r *record) mismatch(at int, o kind.Op, want, seen []kind.Event, n int) *kind.Breach {
	var w, g kind.Event
	text := "nothing"
	if n < len(want) {
		w = want[n]
		text = r.Kind.Trimmed(w)
	}
	if n < len(seen) {
		g = seen[n]
	}
	b := r.at(at, r.classify(o, w, g))
	b.Want = text
	if n >= len(seen) {
		b.Got = "nothing"
	}
	return b
}

// followGroups runs the model beside the history, group by group, and returns the first
// line that it cannot explain. Of the step in which the run ended badly not all has been
// seen, and the laws say what was wrong.
func (r *record) followGroups() (*kind.Breach, error) {
	bad, err := r.followTo(r.h)
	if err != nil || bad < 0 {
		return nil, err
	}
	// Where the known order of the items is broken, the model stops early. Without it, it
	// stops where the first line is wrong.
	if later, err := r.followTo(nil); err == nil && later > bad {
		bad = later
	}
	return r.explainGroup(bad), nil
}

// followTo returns the index of the group that cannot be explained, or -1.
func (r *record) followTo(known []kind.Event) (int, error) {
	f := model.Follow(r.of, r.Config, r.Ops, known)
	fatal := r.Fatal()
	for i, g := range r.groups {
		if g.Last >= fatal && !crashed(r.step(g.Step)) {
			return -1, nil
		}
		ok := f.StepGroup(g.Ops, ofModel(r.step(g.Step)))
		if f.Err() != nil {
			return -1, f.Err()
		}
		if !ok {
			return i, nil
		}
		if crashed(r.step(g.Step)) {
			return -1, nil
		}
	}
	return -1, nil
}

// crashed reports whether a handler panicked, as the program says.
func crashed(events []kind.Event) bool {
	return slices.ContainsFunc(events, func(e kind.Event) bool {
		return e.Verb == kind.Crash && e.Source.Lane == kind.HandlerLane
	})
}

// ofModel leaves out what the lab saw and no model does: the laws judge that.
func ofModel(events []kind.Event) []kind.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e kind.Event) bool {
		switch e.Verb {
		case kind.Leaked, kind.Race, spec.Changed, kind.Hung:
			return true
		}
		return e.Verb == kind.Crash && e.Source.Lane == kind.LabLane
	})
}

// explainGroup says what the model would have had in a group that went wrong.
func (r *record) explainGroup(bad int) *kind.Breach {
	f := model.Follow(r.of, r.Config, r.Ops, nil)
	for _, g := range r.groups[:bad] {
		f.StepGroup(g.Ops, ofModel(r.step(g.Step)))
	}
	g := r.groups[bad]
	seen := ofModel(r.step(g.Step))
	var want []kind.Event
	n := 0
	if f.Err() == nil {
		want, n = closest(f.GroupOutcomes(g.Ops, alternatives), seen)
	}
	at := slices.IndexFunc(r.h, func(e kind.Event) bool { return e.Step >= g.Step })
	if at < 0 {
		at = len(r.h)
	}
	if n < len(seen) {
		for !r.h[at].Same(&seen[n]) {
			at++
		}
	} else {
		at += n
	}
	op := g.Ops[0]
	if len(g.Ops) > 1 {
		op = kind.Op{Verb: spec.Release} // no one operation led to it
	}
	b := r.mismatch(at, op, want, seen, n)
	b.Step = g.Step
	if len(g.Ops) > 1 {
		b.More = fmt.Sprintf(", and no order of operations %d to %d leads to that", g.Step, g.Last)
	}
	return b
}
