package body

import "batchlab/sim/sched"

// Plainly runs a body once where nothing is woven, for the lines that it covers. Nobody asks
// what came of it.
func Plainly(name string, body func(*T)) {
	x := &explorer{name: name, body: body, r: &Report{Name: name}}
	if s, err := sched.New("random", 1); err == nil && s.Begin() {
		x.run(s, pace{})
	}
}
