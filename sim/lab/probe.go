package lab

import (
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// Probe runs a program once in this process, whose code must be woven, in its own schedule or the one without
// a preemption, and judges nothing.
func Probe(p *program.Program, s kind.Subject) (engine.WovenRun, error) {
	own := sched.NewReplay(p.Schedule)
	own.Begin()
	return engine.Woven(p, s, own)
}
