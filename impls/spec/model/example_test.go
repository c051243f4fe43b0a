package model_test

import (
	"fmt"

	"batchlab/sim/program"
)

// A foreground handler returns and finds an item and a trigger waiting. The baseline
// takes either first, so the model has both outcomes.
func ExampleFollower_Outcomes() {
	p, err := program.Parse("example", []byte(`batchlab: 1
subject: batcher
config:  size=2 timeout=10ms mode=foreground

handler blocks
a put x2
a put
b trigger
handler returns
release
`), names)
	if err != nil {
		panic(err)
	}
	f := follow(p, nil)
	last := len(p.Ops) - 1
	for _, o := range p.Ops[:last] {
		f.Advance(o)
	}
	for i, events := range f.Outcomes(p.Ops[last:], 10) {
		fmt.Printf("outcome %d\n", i+1)
		for _, e := range events {
			fmt.Println(" ", p.Kind.Text(e))
		}
	}
	// Output:
	// outcome 1
	//   b trigger -> ok
	//   handler [a1 a2] ends
	//   handler [a3] begins
	//   handler [a3] ends
	// outcome 2
	//   b trigger -> ok
	//   handler [a1 a2] ends
}
