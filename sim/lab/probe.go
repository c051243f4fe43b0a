package lab

import (
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// Probe runs a program once in this process, whose code must be woven, in the schedule without a
// preemption, and judges nothing.
func Probe(p *program.Program, s kind.Subject) (engine.WovenRun, error) {
	defaults, err := sched.New("sequential", 0)
	if err != nil {
		return engine.WovenRun{}, err
	}
	defaults.Begin()
	return engine.Woven(p, s, defaults)
}
