package mutants_test

import (
	"fmt"

	"batchlab/impls/mutants"
)

func ExampleFind() {
	m, err := mutants.Find("tail-forgotten")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Law, "by", m.Shown)
	fmt.Println(m.What)
	// Output:
	// B7-close-drains by size=4 | a put | a close
	// Close delivers full batches only
}

func ExampleCanary() {
	m := mutants.Canary()
	fmt.Println(m.Name, "breaks", m.Law, "and is", m.Reach)
	// Output:
	// drop-every-third breaks B1-exactly-once and is sequential
}
