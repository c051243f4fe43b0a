package sched

import (
	"fmt"
	"math"

	"batchlab/sim/weave/rt"
)

// goroutines is how many goroutines of a run have a priority of their own.
const goroutines = 1 << 10

// pct runs the goroutine of the highest priority. Priorities are drawn when a goroutine
// appears, and at d-1 steps, drawn beforehand, that of the running one becomes the
// lowest: Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of
// Finding Bugs, ASPLOS 2010.
type pct struct {
	dice
	d        int
	longest  int // decisions in the longest schedule so far
	drawn    int // longest, when the change points of this one were drawn
	counted  int // schedules that the guarantee holds for: not longer than expected
	most     int // goroutines in any
	step     int
	change   [8]int
	priority [goroutines]uint64 // 0: not drawn yet
	low      uint64             // the lowest so far, for those that give way
}

func newPCT(d int, seed uint64) *pct { return &pct{dice: dice{seed}, d: d, longest: 20} }

func (p *pct) Begin() bool {
	clear(p.priority[:])
	p.step, p.low, p.drawn = 0, math.MaxUint64/2, p.longest
	for i := range p.d - 1 {
		p.change[i] = 1 + p.below(p.longest)
	}
	return true
}

func (p *pct) End(r rt.Result) {
	if len(r.Log) <= p.drawn {
		p.counted++
	}
	p.longest = max(p.longest, len(r.Log))
	for _, d := range r.Log {
		p.most = max(p.most, d.G.Index+1)
	}
}

// Covered states the guarantee with the numbers seen: n goroutines and k decisions are
// at least 1/(n k^(d-1)) for a bug of depth d in a schedule. A schedule that turned out
// longer than those before may have had its change points too early, and counts for nothing.
func (p *pct) Covered(n int) string {
	missed := math.Pow(1-1/(float64(max(p.most, 1))*math.Pow(float64(p.longest), float64(p.d-1))),
		float64(min(n, p.counted)))
	return fmt.Sprintf("no violation in %d schedules (PCT d=%d; a bug of depth %d is missed with probability <= %.2g, "+
		"at %d goroutines and %d decisions)",
		n, p.d, p.d, missed, p.most, p.longest)
}

//go:norace
func (p *pct) Next(pt *rt.Point) int {
	p.step++
	for i := range p.d - 1 {
		if p.change[i] == p.step {
			p.lower(pt.G)
		}
	}
	if pt.Yields {
		p.lower(pt.G)
	}
	best := 0
	for i := range pt.Enabled {
		if p.of(pt.Enabled[i]) > p.of(pt.Enabled[best]) {
			best = i
		}
	}
	return best
}

//go:norace
func (p *pct) lower(g *rt.G) {
	p.low--
	p.priority[g.Index%goroutines] = p.low
}

//go:norace
func (p *pct) of(g *rt.G) uint64 {
	x := &p.priority[g.Index%goroutines]
	if *x == 0 {
		*x = p.word() | 1<<63
	}
	return *x
}

//go:norace
func (p *pct) Value(pt *rt.Point) int { return p.below(len(pt.Alts)) }
