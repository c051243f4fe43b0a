package sched

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

// guided is a portfolio of the two that kill mutants soonest, each where the other does not: see
// sim/testdata/strategies.txt.
type guided struct {
	portfolio
	surw *surw
}

func newGuided(seed uint64) *guided {
	u := newSURW(seed)
	return &guided{portfolio{list: []Strategy{u, newPCT(3, seed+1)}}, u}
}

// Watch tells where the steps are written down, if it is SURW's turn.
//
//go:norace
func (g *guided) Watch(r *rt.Record) bool { return g.now == g.surw && g.surw.Watch(r) }

func (g *guided) Covered(n int) string {
	return fmt.Sprintf("no violation in %d schedules (SURW and PCT d=3 in turn)", n)
}
