package sim_test

import (
	"fmt"
	"strings"

	"batchlab/sim"
	"batchlab/sim/program"
)

// A campaign is a seed. Any of its programs can be made again by itself.
func ExampleProgramOf() {
	p := sim.ProgramOf(1, program.KindDedup, 2, 6)
	again := sim.ProgramOf(1, program.KindDedup, 2, 6)
	fmt.Println(p.String() == again.String())
	fmt.Println(strings.SplitN(p.String(), "\n", 3)[1])
	// Output:
	// true
	// subject: dedup
}
