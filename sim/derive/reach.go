package derive

import (
	"slices"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// reach is which calls of a subject were made, have returned, and have met a point: a schedule reaches into them.
type reach struct{ called, returned, met []bool }

func newReach(n int) *reach { return &reach{make([]bool, n), make([]bool, n), make([]bool, n)} }

// enter takes in a call, and returns how many points were passed before it.
//
//go:norace
func (r *reach) enter(v kind.Verb) int {
	if r != nil {
		r.called[v] = true
	}
	return rt.Chances()
}

// leave takes in that a call ends that began when so many points had been passed, also with the run.
//
//go:norace
func (r *reach) leave(v kind.Verb, chances int) {
	if r != nil {
		r.met[v] = r.met[v] || rt.Chances() > chances
	}
}

//go:norace
func (r *reach) back(v kind.Verb) {
	if r != nil {
		r.returned[v] = true
	}
}

// Reached is into which methods of a subject a schedule has reached: into any; those that it has not reached into;
// and those that were called and never returned.
func (d *Derived) Reached(subject string) (any bool, not, endless []string) {
	r := d.reaches[subject]
	for v := range d.methods {
		switch {
		case !r.called[v]:
		case !r.returned[v]:
			endless = append(endless, d.methods[v].name)
		case !r.met[v]:
			not = append(not, d.methods[v].name)
		}
	}
	return slices.Contains(r.met, true), not, endless
}
