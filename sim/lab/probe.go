package lab

import (
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// Probe runs a program once in this process, whose code must be woven, in the schedule that it has, or else the one
// without a preemption, and judges nothing.
func Probe(p *program.Program, s kind.Subject) (engine.WovenRun, error) {
	var strategy sched.Strategy = sched.NewReplay(p.Schedule)
	if len(p.Schedule) == 0 {
		var err error
		if strategy, err = sched.New("sequential", 0); err != nil {
			return engine.WovenRun{}, err
		}
	}
	strategy.Begin()
	return engine.Woven(p, s, strategy)
}
