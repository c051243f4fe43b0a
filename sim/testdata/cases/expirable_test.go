package cases

import (
	"testing"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"

	"batchlab/sim"
)

// hashicorp/golang-lru#150: what has expired is there until the reaper comes, with a zero value.
func TestExpirable(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		c := expirable.NewLRU[string, int](2, nil, time.Second)
		c.Add("a", 7)
		time.Sleep(time.Second)
		if v, ok := c.Get("a"); ok && v != 7 {
			t.Errorf("a is there, and is %d", v)
		}
	})
}
