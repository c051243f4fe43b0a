package stress_test

import (
	"context"
	"fmt"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/stress"
)

// A subject in two of the five scenarios, from four producers.
func Example() {
	s, err := impls.Find(spec.KindBatcher, "baseline")
	if err != nil {
		fmt.Println(err)
		return
	}
	summary, err := stress.Run(context.Background(), stress.Options{
		Items:     10_000,
		Subjects:  []spec.Subject{s},
		Scenarios: []string{"heavy", "duplicates"},
		Producers: []int{4},
		Seed:      1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range summary.Rows {
		fmt.Println(r.ID(), r.Scenario, r.Producers, "producers,", len(r.Breaches), "laws broken")
	}
	// Output:
	// batcher/baseline heavy 4 producers, 0 laws broken
	// batcher/baseline duplicates 4 producers, 0 laws broken
}
