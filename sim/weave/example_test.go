package weave_test

import (
	"context"
	"fmt"
	"strings"

	"batchlab/sim/weave"
)

// What weaving does to a package: a line that has a scheduling point asks first.
func ExampleLoad() {
	packages, err := weave.Load(context.Background(), weave.Options{}, "./testdata/example")
	if err != nil {
		fmt.Println(err)
		return
	}
	p := packages[0]
	fmt.Println(p.Points, "points,", len(p.Gaps), "gaps")
	for line := range strings.Lines(p.Diff()) {
		if strings.HasPrefix(line, "+\t") {
			fmt.Print(line)
		}
	}
	// Output:
	// 3 points, 0 gaps
	// +	batchlab_rt.MutexLock("example.go:14", &c.mu)
	// +	defer batchlab_rt.MutexUnlock("example.go:15", &c.mu)
	// +	batchlab_rt.To("example.go:17", said).Send(c.n)
}
