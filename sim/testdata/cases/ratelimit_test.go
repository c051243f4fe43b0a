package cases

import (
	"testing"
	"time"

	"go.uber.org/ratelimit"

	"batchlab/sim"
)

// uber-go/ratelimit#119: after an idle time longer than the slack nobody ever waits again.
func TestRatelimit(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		l := ratelimit.New(10)
		l.Take()
		time.Sleep(time.Minute)
		begun := time.Now()
		for range 30 {
			l.Take()
		}
		if took := time.Since(begun); took < time.Second {
			t.Errorf("30 takes at 10 a second took %v", took)
		}
	})
}
