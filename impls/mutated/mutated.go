// Package mutated is where mutants of the implementations are found that are made from
// their source.
//
// There are none here. They come with a file list.go of an overlay, which sim/weave/mutate
// makes when the lab is built to be explored.
package mutated

import (
	"slices"

	"batchlab/impls/spec"
)

// Row is a mutant, with the rows of the registry that its mistake can affect.
type Row struct {
	ID, Name, Operator, What string

	Subjects []spec.Subject
}

// listed is a mutant, the registry that is made of it, and the rows that it affects, as
// kind/name.
type listed struct {
	Row
	registry []spec.Subject
	affects  []string
}

var mutants []listed

// All returns the mutants: none, unless an overlay put them here. The names of their
// subjects begin with their IDs.
func All() (all []Row) {
	for _, m := range mutants {
		r := m.Row
		for _, s := range m.registry {
			if slices.Contains(m.affects, string(s.Kind)+"/"+s.Name) {
				s.Name = r.ID + "-" + s.Name
				r.Subjects = append(r.Subjects, s)
			}
		}
		all = append(all, r)
	}
	return all
}
