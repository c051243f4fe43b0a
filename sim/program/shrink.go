package program

import (
	"slices"
	"time"

	"batchlab/sim/kind"
)

// Shrink looks for a simpler program for which fails is still true: fewer
// operations, fewer lanes, fewer items, rounder times, shorter names, fewer that run
// together, in this order of importance. It calls fails at most budget times and returns the simplest
// program that failed, p itself if none did.
//
// What fails means is the caller's business; "breaks the same law in the same
// subject" keeps a shrink from sliding to another fault.
func Shrink(p *Program, fails func(*Program) bool, budget int) *Program {
	s := &shrinker{best: p.Bare(), fails: fails, budget: budget, tried: map[string]bool{}}
	for {
		before := s.best.String()
		s.dropOps()
		for _, simplify := range []func(){s.lanes, s.settings, s.gather, s.counts, s.times, s.names, s.words, s.marks} {
			simplify()
		}
		if s.best.String() == before || s.budget <= 0 {
			return s.best
		}
	}
}

type shrinker struct {
	best   *Program
	fails  func(*Program) bool
	budget int
	tried  map[string]bool
}

// try makes q the best if it is simpler and still fails.
func (s *shrinker) try(q *Program) bool {
	if s.budget <= 0 || !simpler(q, s.best) || q.Validate() != nil {
		return false
	}
	text := q.String()
	if s.tried[text] {
		return false
	}
	s.tried[text] = true
	s.budget--
	if !s.fails(q) {
		return false
	}
	s.best = q
	return true
}

// edit tries a changed copy of the best program.
func (s *shrinker) edit(change func(*Program)) bool {
	q := s.best.Bare()
	change(q)
	return s.try(q)
}

// set tries another value of an argument.
func (s *shrinker) set(op, arg int, v int64) bool {
	return s.edit(func(q *Program) { q.Ops[op].Args[arg] = v })
}

// simpler is the order in which programs are preferred.
func simpler(q, p *Program) bool {
	a, b := measure(q), measure(p)
	if c := slices.Compare(a[:], b[:]); c != 0 {
		return c < 0
	}
	return q.String() < p.String()
}

// measure is what simpler compares, most important first.
func measure(p *Program) [6]int {
	items, durations, words := 0, 0, 0
	for i, s := range p.Kind.Settings {
		switch {
		case s.Form == kind.Count && s.Unit:
			items += p.Config.N(i)
		case s.Form == kind.Choice:
			words += p.Config.N(i)
		}
	}
	for _, o := range p.Ops {
		items += amount(p.Kind, o)
		for i := range p.Kind.Ops[o.Verb].Params {
			if q := &p.Kind.Ops[o.Verb].Params[i]; q.Form == kind.Duration && q.There(o.Args) {
				durations += len(DurationText(o.D(i)))
			}
		}
	}
	text := len(p.String())
	return [6]int{len(p.Ops), len(p.Lanes()), items, durations, words, text}
}

// each calls f for every argument of a form that the operations of the best program have.
func (s *shrinker) each(form kind.Form, f func(op, arg int, p *kind.Param)) {
	for i := 0; i < len(s.best.Ops); i++ {
		op := &s.best.Kind.Ops[s.best.Ops[i].Verb]
		for j := range op.Params {
			if p := &op.Params[j]; i < len(s.best.Ops) && p.Form == form && p.There(s.best.Ops[i].Args) {
				f(i, j, p)
			}
		}
	}
}

// dropOps removes runs of operations, long ones first (Zeller and Hildebrandt,
// "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002).
func (s *shrinker) dropOps() {
	for n := max(len(s.best.Ops)/2, 1); n >= 1; n /= 2 {
		for at := len(s.best.Ops) - n; at >= 0; at -= n {
			end := min(at+n, len(s.best.Ops))
			s.edit(func(q *Program) { q.cut(at, end) })
		}
	}
}

// lanes merges each lane into an earlier one, and closes gaps between letters.
func (s *shrinker) lanes() {
	lanes := s.best.Lanes()
	for i := len(lanes) - 1; i > 0; i-- {
		for _, to := range lanes[:i] {
			if s.edit(func(q *Program) { rename(q, lanes[i], to) }) {
				break
			}
		}
	}
	s.edit(func(q *Program) {
		for i, l := range q.Lanes() {
			rename(q, l, byte('a'+i))
		}
	})
}

func rename(q *Program, from, to byte) {
	for i := range q.Ops {
		if q.Ops[i].Lane == from {
			q.Ops[i].Lane = to
		}
	}
}

// gather makes one operation of two that hand over, and differ in nothing but how much.
func (s *shrinker) gather() {
	for i := 0; i < len(s.best.Ops); i++ {
		for j := i + 1; j < len(s.best.Ops); j++ {
			a, b := s.best.Ops[i], s.best.Ops[j]
			c := s.countOf(a)
			if c < 0 || a.Verb != b.Verb {
				continue
			}
			n, m := a.Args[c], b.Args[c]
			a.Args[c], a.And, b.And = m, false, false
			if a != b {
				continue
			}
			if !s.edit(func(q *Program) { q.Ops[i].Args[c] += m; q.cut(j, j+1) }) {
				s.edit(func(q *Program) { q.Ops[j].Args[c] += n; q.cut(i, i+1) })
			}
			break // the next one after i was tried; those after it come with their own i
		}
	}
}

// countOf is the argument that says how much an operation hands over, -1 if none does.
func (s *shrinker) countOf(o Op) int {
	op := &s.best.Kind.Ops[o.Verb]
	return slices.IndexFunc(op.Params, func(p kind.Param) bool { return p.Form == kind.Count && op.Hands })
}

// counts hands over less, and makes ranges shorter: as few as possible, else the fewest
// that halving finds.
func (s *shrinker) counts() {
	s.each(kind.Count, func(i, j int, p *kind.Param) {
		least := p.Min
		if s.best.Kind.Ops[s.best.Ops[i].Verb].Hidden(j) {
			least = 0
		}
		if s.best.Ops[i].Args[j] <= least || s.set(i, j, least) {
			return
		}
		for enough := s.best.Ops[i].Args[j]; enough-least > 1; {
			if n := least + (enough-least)/2; s.set(i, j, n) {
				enough = n
			} else {
				least = n
			}
		}
	})
}

// times makes durations rounder: boundaries of the settings, fewer digits.
func (s *shrinker) times() {
	round := []time.Duration{time.Second, time.Millisecond, 10 * time.Millisecond}
	for i, set := range s.best.Kind.Settings {
		if d := s.best.Config.D(i); set.Form == kind.Duration {
			round = append(round, d, 2*d, d/2)
		}
	}
	s.each(kind.Duration, func(i, j int, _ *kind.Param) {
		d := s.best.Ops[i].D(j)
		candidates := slices.Clone(round)
		for unit := time.Hour; unit >= 1; unit /= 10 {
			candidates = append(candidates, d.Truncate(unit), d.Truncate(unit)+unit)
		}
		for _, want := range candidates {
			if want > 0 && len(DurationText(want)) < len(DurationText(s.best.Ops[i].D(j))) {
				s.set(i, j, int64(want))
			}
		}
	})
	for i := range s.best.Ops { // two steps of time in a row are one
		ops := s.best.Ops
		if i+1 >= len(ops) || ops[i].Verb != kind.Advance || ops[i+1].Verb != kind.Advance {
			continue
		}
		if !s.edit(func(q *Program) { q.Ops[i].Args[0] += q.Ops[i+1].Args[0]; q.cut(i+1, i+2) }) && len(ops) > i+2 &&
			ops[i+2].And {
			s.edit(func(q *Program) { q.Ops[i+1].Args[0] += q.Ops[i].Args[0]; q.cut(i, i+1) }) // the later one heads a group
		}
	}
}

// words takes the simplest of a choice, and a name in place of nil.
func (s *shrinker) words() {
	s.each(kind.Named, func(i, j int, p *kind.Param) {
		if s.best.Ops[i].Args[j] == kind.NilArg {
			s.set(i, j, p.Default)
		}
	})
	simplest := func(q *Program, i, j int) {
		args := &q.Ops[i].Args
		args[j] = 0
		for n, p := range q.Kind.Ops[q.Ops[i].Verb].Params { // what the text does not show any more is not there
			if !p.There(*args) {
				args[n] = 0
			}
		}
	}
	s.edit(func(q *Program) { // of many operations, all at once
		s.each(kind.Choice, func(i, j int, _ *kind.Param) { simplest(q, i, j) })
	})
	s.each(kind.Choice, func(i, j int, _ *kind.Param) {
		if s.best.Ops[i].Args[j] != 0 {
			s.edit(func(q *Program) { simplest(q, i, j) })
		}
	})
}

// marks lets operations run one after another again. A schedule stays as it is: whoever
// replays it has to put up with decisions that are not asked for.
func (s *shrinker) marks() {
	for i := range s.best.Ops {
		if s.best.Ops[i].And {
			s.edit(func(q *Program) { q.Ops[i].And = false })
		}
	}
}
