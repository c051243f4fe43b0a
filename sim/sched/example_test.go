package sched_test

import (
	"fmt"
	"sync/atomic"

	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// All schedules of two goroutines that each pass one point, of which one is last.
func Example() {
	s := sched.NewDFS(2)
	last, schedules := map[int32]bool{}, 0
	for s.Begin() {
		var who atomic.Int32
		s.End(rt.Run(rt.Config{Chooser: s, Steps: 100}, func() {
			for i, name := range []string{"a", "b"} {
				rt.Spawn(name, func() { rt.Yield("store"); who.Store(int32(i)) })
			}
			rt.Idle(2)
		}))
		last[who.Load()] = true
		schedules++
	}
	fmt.Println(last[0], last[1], s.Complete())
	fmt.Println(s.Covered(schedules))
	// Output:
	// true true true
	// no violation in all 6 schedules with at most 2 preemptions
}
