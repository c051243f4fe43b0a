package sched

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

// random takes each choice with the same probability.
type random struct{ dice }

func (r *random) Begin() bool { return true }

func (r *random) End(rt.Result) {}

func (r *random) Covered(n int) string {
	return fmt.Sprintf("no violation in %d schedules (uniform random)", n)
}

//go:norace
func (r *random) Next(p *rt.Point) int { return r.below(len(p.Enabled)) }

//go:norace
func (r *random) Value(p *rt.Point) int { return r.below(len(p.Alts)) }
