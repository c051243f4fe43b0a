package lab_test

import (
	"fmt"
	"strings"

	"batchlab/impls/spec/dedup"
	"batchlab/sim/lab"
)

// A campaign is a seed. Any of its programs can be made again by itself.
func ExampleProgramOf() {
	p := lab.ProgramOf(1, dedup.Kind, 2, 6)
	again := lab.ProgramOf(1, dedup.Kind, 2, 6)
	fmt.Println(p.String() == again.String())
	fmt.Println(strings.SplitN(p.String(), "\n", 3)[1])
	// Output:
	// true
	// subject: dedup
}
