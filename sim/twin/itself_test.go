package twin

import (
	"sync"
	"testing"

	"batchlab/sim/weave/rt"
)

type plainly struct{}

func (plainly) Next(p *rt.Point) int  { return p.Default }
func (plainly) Value(p *rt.Point) int { return p.Default }

// TestItself: the tests of the lab's own packages are woven, though those packages are not.
func TestItself(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	if !In() {
		Run(t)
		return
	}
	Serve(t, func(r *Reporter) {
		res := rt.Run(rt.Config{Chooser: plainly{}}, func() {
			var mu sync.Mutex
			mu.Lock()
			mu.Lock()
		})
		if res.Deadlock != "lab waits for a lock at itself_test.go:28, held by lab" {
			r.Error(res.Deadlock)
		}
	})
}
