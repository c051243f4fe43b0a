package derived

import (
	"sync"
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

// Two count in a variable of the test's own, under a lock or not.
func TestExploredLost(t *testing.T) {
	sim.Explore(t, func(t *sim.T) { counted(t, new(noLock)) })
}

func TestExploredKept(t *testing.T) {
	sim.Explore(t, func(t *sim.T) { counted(t, new(sync.Mutex)) })
}

type noLock struct{}

func (*noLock) Lock()   {}
func (*noLock) Unlock() {}

func counted(t *sim.T, mu sync.Locker) {
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			n++
		})
	}
	if wg.Wait(); n != 2 {
		t.Errorf("%d were counted", n)
	}
}
