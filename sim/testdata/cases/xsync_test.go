package cases

import (
	"testing"

	"github.com/puzpuzpuz/xsync"

	"batchlab/sim"
)

// xsync's commits "#23" and "#24": LoadOrStore beside Store returns and keeps the lock.
func TestXsyncMap(t *testing.T) {
	sim.Linearizable(t, func(*sim.Env) *xsync.Map { return xsync.NewMap() }, sim.Without("Range"))
}
