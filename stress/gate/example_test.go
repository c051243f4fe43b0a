package gate_test

import (
	"fmt"
	"strings"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// Ten samples of each rival have a verdict, nine have none.
func ExampleJudge() {
	row := func(impl string, ns, n int) string {
		return strings.Repeat(fmt.Sprintf("BenchmarkBatcher/impl=%s/scenario=put/producers=1 100 %d ns/op 0 allocs/op\n", impl, ns), n)
	}
	for _, n := range []int{10, 9} {
		samples, err := bench.Read(strings.NewReader(row("baseline", 145, n)+row("optimized", 72, n)), "samples")
		if err != nil {
			fmt.Println(err)
			return
		}
		f := gate.Judge(samples, nil)
		const id = "Batcher/put/producers=1"
		fmt.Println(gate.Improvement(f.Of("optimized", id, bench.NsPerOp), f.Of("optimized", id, bench.AllocsPerOp)))
	}
	// Output:
	// Improvement: 50.3% faster
	// too few samples (9 and 9, want 10)
}
