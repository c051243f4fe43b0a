package sched

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

// Coarse takes every schedule in which nobody is preempted, one after another: whoever is
// at it goes on until he waits, gives way, or is between two calls. So each call is made
// as if it were alone, and so is each piece of work of a goroutine of the component's own;
// in which order they come is all there is to choose. What a component answers in these
// schedules is what it means to answer.
//
// A point without a place in the code is the lab's own: that between two calls of a lane.
type Coarse struct{ DFS }

// NewCoarse returns the strategy before its first schedule.
func NewCoarse() *Coarse { return &Coarse{} }

// Made is how many choices the schedule under way has made.
//
//go:norace
func (c *Coarse) Made() int { return c.at }

// Skip leaves out the schedules that begin with the first n choices of the last one. Call
// it when that has ended.
func (c *Coarse) Skip(n int) { c.n = min(c.n, n) }

// Covered says whether it was all of them.
func (c *Coarse) Covered(n int) string {
	if c.Complete() {
		return fmt.Sprintf("no violation in all %d schedules in which nobody is preempted inside a call", n)
	}
	return fmt.Sprintf("no violation in %d schedules in which nobody is preempted inside a call, not all there are", n)
}

// Next chooses among goroutines where that is allowed.
//
//go:norace
func (c *Coarse) Next(p *rt.Point) int {
	if p.Self >= 0 && !p.Yields && p.Site != "" {
		return p.Self
	}
	return c.among(p, 0)
}

// Value chooses among alternatives, which is always free.
//
//go:norace
func (c *Coarse) Value(p *rt.Point) int { return c.take(len(p.Alts), 0) }
