package derived

import (
	"testing"

	"batchlab/sim"
)

var explored int

// In a process that has run it before it fails.
func TestExploredCounter(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		if explored++; explored > 1 {
			t.Error("it has run before")
		}
	})
}

// One of three is first, and two of them are wrong.
func TestExploredTwo(t *testing.T) {
	sim.Explore(t, func(*sim.T) {
		first := make(chan int, 3)
		for i := range 3 {
			go func() { first <- i }()
		}
		switch <-first {
		case 1:
			panic("the second is first")
		case 2:
			panic("the third is first")
		}
	})
}
