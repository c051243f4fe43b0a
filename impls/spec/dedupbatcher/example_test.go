package dedupbatcher_test

import (
	"fmt"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedupbatcher"
)

// It has a batcher's laws and one more, and its items have keys.
func Example() {
	law, ok := dedupbatcher.Kind.Law(spec.OncePerWindow)
	_, plain := batcher.Kind.Law(spec.OncePerWindow)
	fmt.Println(ok, plain, law.Text)
	fmt.Println(dedupbatcher.Kind.Ops[spec.Put].Params[spec.ArgItem].Name)
	// Output:
	// true false an item equal to one still in the window is not delivered again
	// key
}
