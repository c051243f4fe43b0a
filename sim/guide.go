package sim

import (
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// guide leads a coarse schedule along an observed trace: of the lanes that can go on, and
// the clock, the one whose next act came first there. The component's own goroutines go
// first, as if they had been quick.
//
// It is asked while a run is under way, by whoever has the turn: see package sched.
type guide struct {
	ended [256][]int64 // per lane
	next  [256]int     // per lane, how many of its acts are over in the run under way
}

func newGuide(o observed) *guide {
	g := &guide{}
	for l, lane := range o.order.lanes {
		g.ended[lane] = o.order.ended[l]
	}
	return g
}

// begin begins another run.
func (g *guide) begin() { clear(g.next[:]) }

// did says that a lane has done an act.
//
//go:norace
func (g *guide) did(lane byte) { g.next[lane]++ }

// Rank is when the next act of a goroutine ended.
//
//go:norace
func (g *guide) Rank(of *rt.G) int64 {
	lane := laneOf(of.Name)
	if lane == notLane {
		return -1
	}
	if n := g.next[lane]; n < len(g.ended[lane]) {
		return g.ended[lane][n]
	}
	return noSeq
}

// notLane stands for what is no lane.
const notLane = 255

// laneOf is the lane that a goroutine is, by its name: see play.player.
//
//go:norace
func laneOf(name string) byte {
	switch {
	case len(name) == 1:
		return name[0]
	case name == "clock":
		return clockLane
	case name == "closer":
		return program.LabLane
	}
	return notLane
}
