// Package mutated is where mutants of the implementations are found that are made from
// their source.
//
// There are none here: this file lets what imports it compile. The real content comes
// from an overlay, which sim/weave/mutate makes when the lab is built to be explored.
package mutated

import "batchlab/impls/spec"

// Row is a mutant, with the rows of the registry that its mistake can affect.
type Row struct {
	ID, Name, Operator, What string

	Subjects []spec.Subject
}

// All returns the mutants: none, unless an overlay put them here.
func All() []Row { return nil }
