package sched

import (
	"fmt"
	"slices"

	"batchlab/sim/weave/rt"
)

// feedback keeps what led to two accesses that do not commute next to each other in an order not seen before: which
// sites had to wait for which others. It changes that: another order is asked for, or one less, or those of two such
// schedules together. (Wolff, Shi, Duck, Mathur, Roychoudhury: Greybox Fuzzing for Concurrency Testing, ASPLOS 2024.)
// Where nobody has to wait the portfolio chooses, and every other round is its own.
type feedback struct {
	*portfolio
	dice
	record *rt.Record
	known  []turn // in the order in which they were seen
	seen   map[turn]bool
	corpus [][]turn
	asked  []turn // of the schedule under way
	met    [mostAsked]bool
	steps  int // of it that were looked at
}

// turn is a site and one that comes after it.
type turn struct{ first, second string }

const (
	mostAsked = 4
	mostKept  = 256 // schedules; the oldest make room
)

func newFeedback(seed uint64) *feedback {
	return &feedback{portfolio: newPortfolio(seed), dice: dice{seed + 4}, seen: map[turn]bool{}}
}

// Watch tells where the steps are written down.
//
//go:norace
func (f *feedback) Watch(r *rt.Record) bool {
	f.record = r
	return true
}

func (f *feedback) Begin() bool {
	f.asked, f.met, f.steps = nil, [mostAsked]bool{}, 0
	if f.runs/len(f.list)%2 == 1 && len(f.known) > 0 {
		f.asked = f.changed()
	}
	return f.portfolio.Begin()
}

// changed is what was asked for in a schedule that is kept, with a change.
func (f *feedback) changed() []turn {
	var list []turn
	if len(f.corpus) > 0 {
		list = slices.Clone(f.corpus[f.below(len(f.corpus))])
	}
	switch n := f.below(4); {
	case n == 0 && len(list) > 0:
		i := f.below(len(list))
		list = slices.Delete(list, i, i+1)
	case n == 1 && len(f.corpus) > 0:
		list = append(list, f.corpus[f.below(len(f.corpus))]...)
	default:
		o := f.known[f.below(len(f.known))]
		list = append(list, turn{o.second, o.first})
	}
	return list[max(0, len(list)-mostAsked):]
}

func (f *feedback) End(r rt.Result) {
	f.portfolio.End(r)
	if f.record == nil {
		return
	}
	var fresh []turn
	type access struct {
		by   int32
		does rt.Effect
		site string
	}
	last := make([]access, f.record.Objects)
	for i, step := range f.record.Steps[:f.record.N] {
		for _, a := range f.record.Accesses(i) {
			e := a.Effect()
			if e >= rt.Starts || a.Object() == rt.Everything || step.Site == "" {
				continue
			}
			was := last[a.Object()]
			last[a.Object()] = access{step.G, e, step.Site}
			o := turn{was.site, step.Site}
			if was.site != "" && was.by != step.G && !rt.Commute(was.does, e) && !f.seen[o] {
				f.seen[o], fresh = true, append(fresh, o)
			}
		}
	}
	if f.known = append(f.known, fresh...); len(fresh) > 0 {
		kept := append(slices.Clone(f.asked), fresh[f.below(len(fresh))])
		f.corpus = append(f.corpus, kept[max(0, len(kept)-mostAsked):])
		f.corpus = f.corpus[max(0, len(f.corpus)-mostKept):]
	}
}

func (f *feedback) Covered(n int) string {
	return fmt.Sprintf("no violation in %d schedules (the portfolio's, and some in which sites wait for others so that "+
		"accesses come in a new order)", n)
}

//go:norace
func (f *feedback) Next(p *rt.Point) int {
	i := f.portfolio.Next(p)
	if len(f.asked) == 0 {
		return i
	}
	for ; f.steps < f.record.N; f.steps++ {
		for j := range f.asked {
			f.met[j] = f.met[j] || f.asked[j].first == f.record.Steps[f.steps].Site
		}
	}
	if !f.waits(p.Enabled[i]) {
		return i
	}
	for n, k := 0, f.below(len(p.Enabled)); n < len(p.Enabled); n++ {
		if j := (n + k) % len(p.Enabled); !f.waits(p.Enabled[j]) {
			return j
		}
	}
	return i
}

// waits reports whether a goroutine is at a site that is to come after another, which did not come yet.
//
//go:norace
func (f *feedback) waits(g *rt.G) bool {
	for i := range f.asked {
		if !f.met[i] && f.asked[i].second == g.At() {
			return true
		}
	}
	return false
}
