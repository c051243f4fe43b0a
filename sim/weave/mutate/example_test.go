package mutate_test

import (
	"fmt"

	"batchlab/sim/weave/mutate"
)

func Example() {
	all, err := mutate.All("../../../impls/batcher")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range all {
		if m.Operator == "late-add" && m.Func == "Batcher.flush" {
			fmt.Println(m.Name)
			fmt.Println(m.What)
			fmt.Print(m.Diff())
		}
	}
	// Output:
	// batcher.go:190-late-add
	// in Batcher.flush, b.handlers.Add(1) is called in the goroutine instead of before it
	// @@ batcher.go:190 Batcher.flush @@
	// -		b.handlers.Add(1)
	// -			defer b.handlers.Done()
	// +			b.handlers.Add(1); defer b.handlers.Done()
}
