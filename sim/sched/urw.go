package sched

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

// urw chooses each goroutine with a probability proportional to the points that it has
// still ahead, as far as the schedules before tell. If they tell right, all
// interleavings are equally likely: the uniform random walk of Zhao et al., Selectively
// Uniform Concurrency Testing, ASPLOS 2025.
type urw struct {
	dice
	total [goroutines]int // points of each goroutine, the most seen
}

func newURW(seed uint64) *urw { return &urw{dice: dice{seed}} }

func (u *urw) Begin() bool { return true }

func (u *urw) End(r rt.Result) {
	for _, d := range r.Log {
		u.learn(d.G)
		if d.To != nil {
			u.learn(d.To)
		}
	}
}

// learn takes in how many points a goroutine had: not as the log has it, for where nobody
// else could go on there was no decision.
func (u *urw) learn(g *rt.G) {
	t := &u.total[g.Index%goroutines]
	*t = max(*t, g.Points)
}

func (u *urw) Covered(n int) string {
	return fmt.Sprintf("no violation in %d schedules (uniform random walk)", n)
}

//go:norace
func (u *urw) Next(p *rt.Point) int {
	sum := 0
	for i := range p.Enabled {
		sum += u.ahead(p.Enabled[i])
	}
	x := u.below(sum)
	for i := range p.Enabled {
		if x -= u.ahead(p.Enabled[i]); x < 0 {
			return i
		}
	}
	return 0
}

//go:norace
func (u *urw) ahead(g *rt.G) int {
	if n := u.total[g.Index%goroutines] - g.Points; n > 1 {
		return n
	}
	return 1
}

//go:norace
func (u *urw) Value(p *rt.Point) int { return u.below(len(p.Alts)) }
