package batcher_test

import (
	"fmt"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/sim/kind"
)

// What ends a program: time in which a batch leaves, then Close.
func Example() {
	c := kind.Config{Values: [kind.MaxValues]int64{spec.SetSize: 2, spec.SetTimeout: 10e6}}
	for _, o := range batcher.Kind.End(c, nil) {
		fmt.Println(batcher.Kind.Ops[o.Verb].Name, o.Moved())
	}
	// Output:
	// handler 0s
	// release 0s
	// + 10ms
	// close 0s
}
