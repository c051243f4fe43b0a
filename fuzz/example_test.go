package fuzz_test

import (
	"fmt"

	"batchlab/fuzz"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/program"
)

// Any bytes make a program, and none is an empty one.
func ExampleSource() {
	for _, data := range [][]byte{nil, []byte("any bytes make a program")} {
		p := program.Decode(dedup.Kind, fuzz.Source(data))
		fmt.Println(p.Validate(), len(p.Ops) > 0)
	}
	// Output:
	// <nil> false
	// <nil> true
}
