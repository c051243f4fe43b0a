package derive

import (
	"slices"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// reach is into which calls of a subject a schedule has reached: they met a point.
type reach struct{ called, met []bool }

// from takes in a call that began when so many points had been passed.
//
//go:norace
func (r *reach) from(v kind.Verb, chances int) {
	if r != nil {
		r.called[v] = true
		r.met[v] = r.met[v] || rt.Chances() > chances
	}
}

// Unreached are the methods of a subject that were called, and met no point; and whether none met any.
func (d *Derived) Unreached(subject string) (list []string, all bool) {
	r := d.reaches[subject]
	for v := range d.methods {
		if r.called[v] && !r.met[v] {
			list = append(list, d.methods[v].name)
		}
	}
	return list, !slices.Contains(r.met, true)
}
