package judge

import (
	"fmt"
	"math"
	"slices"

	"batchlab/impls/spec"
	"batchlab/impls/spec/model"
	"batchlab/sim/kind"
)

// Model follows the specification of a kind beside a run, group by group: what runs one
// operation at a time has groups of one, and exact histories, and the model follows them
// line by line. Where operations ran together, the answers of a map are to be those of some
// order of its calls, and what a batcher does is to be what the model can do.
func Model(run *kind.Run) (f kind.Followed) {
	r := newRecord(run)
	if r.Stamped && r.of == spec.KindDedup {
		f.Branched = r.FirstGroup()
		f.Breach, f.Err = r.linearize()
		return f
	}
	if !r.Stamped { // all went quiet after each operation, and nothing is marked
		r.groups = kind.Parts(r.Ops)
	}
	var bad int
	bad, f.Branched, f.Err = r.follow(r.h)
	if bad >= 0 && r.Stamped {
		// Where the known order of the items is broken, the model stops early. Without it, it
		// stops where the first line is wrong.
		later, _, _ := r.follow(nil)
		bad = max(bad, later)
	}
	if bad >= 0 {
		f.Breach = r.explain(bad)
	}
	if !r.Stamped {
		f.Knows = func(kind.LawID) bool { return true }
		return f
	}
	f.Branched = r.FirstGroup()
	f.Whole = r.Fatal() == math.MaxInt
	f.Knows = func(law kind.LawID) bool { // not of what the lab sees, and of nobody's panics
		return f.Whole && law != spec.NoPanic && !slices.Contains(r.Kind.Sights(), law)
	}
	return f
}

// follow follows a run, told its history or not. It returns the index of the group that
// cannot be explained, or -1, and the first step at which the model had a choice, or 0. Of
// the step in which a stamped run ended badly not all has been seen, and the laws say what
// was wrong.
func (r *record) follow(known []kind.Event) (bad, branched int, err error) {
	f := model.Follow(r.Kind, r.Config, r.Ops, known, r.Stamped)
	fatal := r.Fatal()
	for i, g := range r.groups {
		seen := r.seen(g)
		crashed := slices.ContainsFunc(seen, func(e kind.Event) bool { return e.Verb == kind.Crash })
		if r.Stamped && g.Last >= fatal && !crashed {
			return -1, branched, nil
		}
		ok := f.Step(g.Ops, seen)
		if f.Err() != nil {
			return -1, branched, f.Err()
		}
		if f.Branched() && branched == 0 {
			branched = g.Step
		}
		switch {
		case !ok:
			return i, branched, nil
		case crashed:
			return -1, branched, nil
		}
	}
	if n := len(r.h); n > 0 && r.h[n-1].Step > len(r.Ops) &&
		!r.Stamped { // what the lab itself saw when everything was over
		return len(r.groups), branched, nil
	}
	return -1, branched, nil
}

// seen are the events of a group that a model has to explain.
func (r *record) seen(g kind.Part) []kind.Event {
	lo := r.from(g.Step)
	hi := lo
	for hi < len(r.h) && r.h[hi].Step == g.Step {
		hi++
	}
	if !r.Stamped {
		return r.h[lo:hi:hi]
	}
	return slices.DeleteFunc(slices.Clone(r.h[lo:hi]), r.isLabs)
}

// from is the index of the first event of a step, or of a later one.
func (r *record) from(step int) int {
	i, _ := slices.BinarySearchFunc(r.h, step, func(e kind.Event, step int) int { return e.Step - step })
	return i
}

// isLabs reports whether an event is one that the lab saw and no model does, in a stamped
// run: the laws judge that.
func (r *record) isLabs(e kind.Event) bool {
	return r.Stamped && e.Outcome != kind.Broke && r.Kind.Breaks(e) != ""
}

// alternatives is how many possibilities an explanation looks at.
const alternatives = 256

// explain follows the model again up to the group that went wrong and says what it would
// have had there: of several possibilities the one that agrees longest.
func (r *record) explain(bad int) *kind.Breach {
	if bad == len(r.groups) {
		at := r.from(len(r.Ops) + 1)
		b := r.at(at, r.classify(kind.Op{}, kind.Event{}, r.h[at]))
		b.Want = "nothing"
		return b
	}
	known := r.h
	if r.Stamped {
		known = nil
	}
	f := model.Follow(r.Kind, r.Config, r.Ops, known, r.Stamped)
	for _, g := range r.groups[:bad] {
		f.Step(g.Ops, r.seen(g))
	}
	g := r.groups[bad]
	seen := r.seen(g)
	var want []kind.Event
	n := 0
	if outcomes := f.Outcomes(g.Ops, alternatives); f.Err() == nil && len(outcomes) > 0 {
		agree := func(out []kind.Event) int { return kind.Agree(out, seen) }
		want = slices.MaxFunc(outcomes, func(a, b []kind.Event) int { return agree(a) - agree(b) })
		n = agree(want)
	}
	at := r.from(g.Step)
	for left := n; at < len(r.h) && (left > 0 || r.isLabs(r.h[at])); at++ {
		if !r.isLabs(r.h[at]) {
			left--
		}
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
