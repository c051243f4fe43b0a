package sched

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

// Whole takes all schedules where that can be done. It begins with as many as stand for all there are. Where these
// come to no end it takes all of at most two preemptions, with the plain search, which rests on no knowledge of what
// commutes; and where too few are left for that, it leaves them to chance.
type Whole struct {
	limit, runs int
	seed        uint64
	por         *POR
	dfs         *DFS
	now         Strategy
}

const (
	// mostReduced is how many schedules the search without a bound has at most: of the litmus programs 19 of 20 are whole
	// by then.
	mostReduced = 20_000
	// fewBounded is for how many schedules it makes no sense to begin the search with a bound: that of a program that
	// was not whole by then takes thousands.
	fewBounded = 2_000
)

// NewWhole returns the strategy for at most so many schedules. The search without a bound has half of them.
func NewWhole(seed uint64, limit int) *Whole {
	w := &Whole{limit: limit, seed: seed, por: NewPOR(-1)}
	w.now = w.por
	return w
}

// Begin prepares the next schedule, of the search that is under way or of the next one.
func (w *Whole) Begin() bool {
	if w.now == Strategy(w.por) && !w.por.Diverged {
		if w.runs < min(w.limit/2, mostReduced) && w.por.Begin() {
			w.runs++
			return true
		}
		if w.por.Complete() {
			return false
		}
		if w.dfs = NewDFS(2); w.limit-w.runs >= fewBounded {
			w.now = w.dfs
		} else {
			w.now = newPortfolio(w.seed)
		}
		w.por = nil // and its memory
	}
	w.runs++
	return w.now.Begin()
}

// Deep reports whether the schedule under way may have more preemptions than the search with a bound takes.
func (w *Whole) Deep() bool { return w.now != Strategy(w.dfs) }

// Searched is how far the search came that is under way. One without a bound that came to no end is no more than a
// beginning.
func (w *Whole) Searched() *Search {
	if w.por != nil {
		return &w.por.Search
	}
	return &w.dfs.Search
}

// End takes in how the schedule went.
func (w *Whole) End(r rt.Result) { w.now.End(r) }

// Covered says of how much the schedules are.
func (w *Whole) Covered(n int) string {
	switch s := w.Searched(); {
	case w.por != nil:
		return w.por.Covered(n)
	case s.Complete():
		return fmt.Sprintf("no violation in %d schedules, all with at most %d preemptions among them", n, s.Bound)
	}
	return fmt.Sprintf("no violation in %d schedules of many", n)
}

// Watch tells where the steps are written down, and reports whether they are to be.
//
//go:norace
func (w *Whole) Watch(r *rt.Record) bool { return w.por != nil && w.por.Watch(r) }

//go:norace
func (w *Whole) Next(p *rt.Point) int { return w.now.Next(p) }

//go:norace
func (w *Whole) Value(p *rt.Point) int { return w.now.Value(p) }
