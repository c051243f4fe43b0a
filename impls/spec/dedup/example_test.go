package dedup_test

import (
	"fmt"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
)

// An operation on a range of keys is one row of the table and many calls.
func Example() {
	set := kind.Op{Verb: spec.Set, Lane: 'a', Args: kind.Args{spec.ArgKey: 1, spec.ArgValue: 7, spec.ArgMoreOf: 599}}
	fmt.Println(dedup.Kind.Range(set))

	last := dedup.Kind.Nth(set, 599)
	e := kind.Event{Step: 1, Source: kind.Source{Lane: 'a'}, Outcome: kind.Yes}
	dedup.Kind.Label(last, &e)
	fmt.Println(dedup.Kind.Text(e))
	// Output:
	// 600
	// a set k600 v7 -> true
}
