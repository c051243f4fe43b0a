package impls_test

import (
	"fmt"

	"batchlab/impls"
	"batchlab/impls/spec"
)

// Whoever ranges over the registry has all of them, the baseline first.
func Example() {
	for _, s := range impls.Of(spec.KindDedup) {
		fmt.Println(s.Kind, s.Name)
	}
	_, err := impls.Find(spec.KindDedup, "fastest")
	fmt.Println(err)
	// Output:
	// dedup baseline
	// dedup optimized
	// dedup direct
	// impls: unknown dedup "fastest", want one of baseline, optimized, direct
}
