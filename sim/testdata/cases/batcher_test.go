package cases

import (
	"testing"
	"time"

	"github.com/mikestefanello/batcher"

	"batchlab/sim"
)

// hookdeck/outpost PR#1043: Shutdown and a tick wait for each other.
func TestBatcher(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		b, err := batcher.NewBatcher(batcher.Config[int]{GroupCountThreshold: 5, DelayThreshold: time.Second, NumGoroutines: 1,
			Processor: func(string, []int) {}})
		if err != nil {
			t.Fatal(err)
		}
		b.Add("a", 1)
		b.Shutdown()
	})
}
