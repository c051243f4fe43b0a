package mutated_test

import (
	"fmt"

	"batchlab/impls/mutated"
)

// Without an overlay there are none.
func Example() {
	fmt.Println(len(mutated.All()))
	// Output: 0
}
