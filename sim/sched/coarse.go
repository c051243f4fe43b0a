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
type Coarse struct {
	DFS
	guide   Guide
	outside *rt.G // who is outside of the component, up to
	next    int   // this point

	// Passes says that time may pass while somebody is inside a call: the clock goes on, all its way, and
	// then who was interrupted.
	Passes      bool
	interrupted *rt.G
}

// Guide ranks goroutines: the one with the lowest rank goes on first, so that a search for one
// particular schedule comes to it early. It must be written like a strategy.
type Guide interface{ Rank(g *rt.G) int64 }

// NewCoarse returns the strategy before its first schedule. The guide may be nil.
func NewCoarse(guide Guide) *Coarse { return &Coarse{guide: guide} }

// Begin prepares the next schedule. Goroutines of the last one are others now.
func (c *Coarse) Begin() bool {
	c.outside, c.interrupted = nil, nil
	return c.DFS.Begin()
}

// Between says that a goroutine is between two calls of the component, or in what the
// component has called, up to its next point: there is none of the lab's own.
//
//go:norace
func (c *Coarse) Between(g *rt.G) { c.outside, c.next = g, g.Met()+1 }

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
	if c.interrupted != nil {
		if at := c.resume(p); at >= 0 {
			return at
		}
	}
	inside := p.Site != "" && (p.G != c.outside || p.G.Met() != c.next)
	if p.Self >= 0 && !p.Yields && inside {
		if at := clockAmong(p); c.Passes && at >= 0 && at != p.Self && c.take(2, 0) == 1 {
			c.interrupted = p.G
			return at
		}
		return p.Self
	}
	first := p.Default
	if c.guide != nil {
		first = 0
		for i := range p.Enabled {
			if c.guide.Rank(p.Enabled[i]) < c.guide.Rank(p.Enabled[first]) {
				first = i
			}
		}
	}
	return c.among(p, first, 0)
}

// clockAmong is which of those that can go on is the clock, -1 if it is none of them.
//
//go:norace
func clockAmong(p *rt.Point) int {
	for i := range p.Enabled {
		if p.Enabled[i].Name == "clock" {
			return i
		}
	}
	return -1
}

// resume lets the clock go on as long as it can, and then who was interrupted.
//
//go:norace
func (c *Coarse) resume(p *rt.Point) int {
	if p.G.Name == "clock" && p.Self >= 0 {
		return p.Self
	}
	g := c.interrupted
	c.interrupted = nil
	for i := range p.Enabled {
		if p.Enabled[i] == g {
			return i
		}
	}
	return -1
}

// Value chooses among alternatives, which is always free.
//
//go:norace
func (c *Coarse) Value(p *rt.Point) int { return c.take(len(p.Alts), 0) }
