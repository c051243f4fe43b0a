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

var all []Row

// All returns the mutants: none, unless an overlay put them here.
func All() []Row { return all }

// add lists a mutant, which affects the rows named kind/name. Each has the mutant's id
// before its name.
func add(id, name, operator, what string, rows []spec.Subject, affects []string) {
	r := Row{ID: id, Name: name, Operator: operator, What: what}
	for _, s := range rows {
		if slices.Contains(affects, string(s.Kind)+"/"+s.Name) {
			s.Name = id + "-" + s.Name
			r.Subjects = append(r.Subjects, s)
		}
	}
	all = append(all, r)
}
