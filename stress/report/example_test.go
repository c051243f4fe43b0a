package report_test

import (
	"fmt"
	"os"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
	"batchlab/stress/report"
)

// The page of a file of samples, without evidence for them.
func Example() {
	in, err := os.Open("testdata/small.txt")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	samples, err := bench.Read(in, in.Name())
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := os.CreateTemp("", "*.html")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(page.Name())
	defer page.Close()
	err = report.New(samples, nil, gate.Judge(samples, nil)).HTML(page)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleScoreboard() {
	f := &gate.Findings{Lines: []gate.Line{{Of: "plan", Claim: "it is faster", State: gate.NotShown, Number: "not measured"}}}
	if err := report.Scoreboard(os.Stdout, f); err != nil {
		fmt.Println(err)
	}
	// Output:
	// | promise of | promise | state | measured |
	// |---|---|---|---|
	// | plan | it is faster | not shown | not measured |
}
