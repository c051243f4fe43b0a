package rt_test

import (
	"fmt"
	"sync"

	"batchlab/sim/weave/rt"
)

// first lets whoever was started first go on, and takes the first alternative.
type first struct{}

func (first) Next(*rt.Point) int  { return 0 }
func (first) Value(*rt.Point) int { return 0 }

// A lock that is never given back is a deadlock, and is seen at once.
func ExampleRun() {
	res := rt.Run(rt.Config{Chooser: first{}, Steps: 100}, func() {
		var mu sync.Mutex
		rt.MutexLock("bank.go:1", &mu)
		rt.MutexLock("bank.go:2", &mu)
	})
	fmt.Println(res.Deadlock)
	// Output: lab waits for a lock at bank.go:2, held by lab
}
