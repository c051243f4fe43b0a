package sched

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

// Mixed takes a schedule of a search and one of the portfolio in turn, until the search has taken all: small
// programs are searched whole, and in the others, and beyond a bound, chance finds what takes more.
type Mixed struct {
	search interface {
		Strategy
		Searched() *Search
	}
	others *portfolio
	now    Strategy
}

// NewMixed returns the strategy with a DFS of at most so many preemptions, or, if that is negative, with a POR.
func NewMixed(bound int, seed uint64) *Mixed {
	m := &Mixed{others: newPortfolio(seed), search: NewDFS(bound)}
	if bound < 0 {
		m.search = NewPOR(bound)
	}
	m.now = m.others
	return m
}

// Begin prepares the next schedule.
func (m *Mixed) Begin() bool {
	if m.Deep() {
		m.now = m.search
	} else {
		m.now = m.others
	}
	return m.now.Begin()
}

// Deep reports whether the schedule under way may have more preemptions than the bound.
func (m *Mixed) Deep() bool { return m.now == Strategy(m.others) }

// Searched is how far the search came.
func (m *Mixed) Searched() *Search { return m.search.Searched() }

// End takes in how the schedule went.
func (m *Mixed) End(r rt.Result) { m.now.End(r) }

// Covered says whether all within the bound were among them.
func (m *Mixed) Covered(n int) string {
	switch s := m.Searched(); {
	case s.Bound < 0 && s.Complete():
		return fmt.Sprintf("no violation in %d schedules, as many as stand for all among them", n)
	case s.Bound < 0:
		return fmt.Sprintf("no violation in %d schedules (some of those that stand for all, and random, PCT d=2, PCT d=3 "+
			"and URW in turn)", n)
	case s.Complete():
		return fmt.Sprintf("no violation in %d schedules, all with at most %d preemptions among them", n, s.Bound)
	default:
		return fmt.Sprintf("no violation in %d schedules (those with at most %d preemptions, not all there are, and random, "+
			"PCT d=2, PCT d=3 and URW in turn)", n, s.Bound)
	}
}

// Watch tells where the steps are written down, and reports whether they are to be.
//
//go:norace
func (m *Mixed) Watch(r *rt.Record) bool {
	w, ok := m.now.(rt.Watcher)
	return ok && w.Watch(r)
}

//go:norace
func (m *Mixed) Next(p *rt.Point) int { return m.now.Next(p) }

//go:norace
func (m *Mixed) Value(p *rt.Point) int { return m.now.Value(p) }
