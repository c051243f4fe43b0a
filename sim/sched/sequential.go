package sched

import "batchlab/sim/weave/rt"

// sequential takes the default everywhere: a goroutine goes on until it has to wait.
// There is one such schedule.
type sequential struct{ done bool }

func (s *sequential) Begin() bool {
	first := !s.done
	s.done = true
	return first
}

func (s *sequential) End(rt.Result) {}

func (s *sequential) Covered(int) string {
	return "no violation in the one schedule without a preemption in which the default goes on"
}

//go:norace
func (s *sequential) Next(p *rt.Point) int { return p.Default }

//go:norace
func (s *sequential) Value(*rt.Point) int { return 0 }
