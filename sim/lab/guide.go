package lab

import (
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
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

func newGuide(o oracle.Observed) *guide {
	g := &guide{}
	o.Order.Ended(func(lane byte, ended []int64) { g.ended[lane] = ended })
	return g
}

// begin begins another run.
func (g *guide) begin() { clear(g.next[:]) }

// Did says that a lane has done an act.
//
//go:norace
func (g *guide) Did(lane byte) { g.next[lane]++ }

// Rank is when the next act of a goroutine ended.
//
//go:norace
func (g *guide) Rank(of *rt.G) int64 {
	lane := engine.LaneOf(of.Name)
	if lane == engine.NotLane {
		return -1
	}
	if n := g.next[lane]; n < len(g.ended[lane]) {
		return g.ended[lane][n]
	}
	return kind.NoSeq
}
