package cases

import (
	"testing"

	"github.com/alitto/pond/v2"

	"batchlab/sim"
)

// alitto/pond PR#109: with a queue of one a submission misses that there is room again.
func TestPond(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		p := pond.NewPool(1, pond.WithQueueSize(1))
		for range 2 {
			go func() {
				p.Submit(func() {})
				p.Submit(func() {})
			}()
		}
		p.Submit(func() {}).Wait()
	})
}
