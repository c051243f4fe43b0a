package sched

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

// Mixed takes a schedule of a DFS and one of the portfolio in turn, until the DFS has taken all: small
// programs are searched whole, and in the others, and beyond the bound, chance finds what
// takes more.
type Mixed struct {
	DFS
	others *portfolio
	chance bool // this one is the others'
}

// NewMixed returns the strategy with a DFS of at most so many preemptions.
func NewMixed(bound int, seed uint64) *Mixed {
	return &Mixed{DFS: DFS{Search: Search{Bound: bound}}, others: newPortfolio(seed), chance: true}
}

// Begin prepares the next schedule.
func (m *Mixed) Begin() bool {
	if m.chance = !m.chance; m.chance {
		return m.others.Begin()
	}
	return m.DFS.Begin()
}

// Deep reports whether the schedule under way may have more preemptions than the bound.
func (m *Mixed) Deep() bool { return m.chance }

// End takes in how the schedule went.
func (m *Mixed) End(r rt.Result) {
	if m.chance {
		m.others.End(r)
		return
	}
	m.DFS.End(r)
}

// Covered says whether all within the bound were among them.
func (m *Mixed) Covered(n int) string {
	if m.Complete() {
		return fmt.Sprintf("no violation in %d schedules, all with at most %d preemptions among them", n, m.Bound)
	}
	return fmt.Sprintf("no violation in %d schedules (those with at most %d preemptions, not all there are, and random, "+
		"PCT d=2, PCT d=3 and URW in turn)", n, m.Bound)
}

//go:norace
func (m *Mixed) Next(p *rt.Point) int {
	if m.chance {
		return m.others.Next(p)
	}
	return m.DFS.Next(p)
}

//go:norace
func (m *Mixed) Value(p *rt.Point) int {
	if m.chance {
		return m.others.Value(p)
	}
	return m.DFS.Value(p)
}
