package bench_test

import (
	"fmt"
	"strings"

	"batchlab/stress/bench"
)

// The names of rows, and what is read of a file of samples.
func Example() {
	scenarios, err := bench.Select([]string{"Batcher/bursty"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, sc := range scenarios {
		fmt.Println(sc.Row("direct"))
	}
	samples, err := bench.Read(strings.NewReader("cores: 2\n\nBenchmarkBatcher/impl=direct/scenario=bursty/producers=8-2 100 430 ns/op\n"), "samples")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(samples.Get("cores"), samples.Row("direct", "Batcher/bursty/producers=8").Values(bench.NsPerOp))
	// Output:
	// Batcher/impl=direct/scenario=bursty/producers=1
	// Batcher/impl=direct/scenario=bursty/producers=8
	// 2 [430]
}
