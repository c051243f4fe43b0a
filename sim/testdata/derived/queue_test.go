package derived

import (
	"testing"

	"batchlab/sim"
)

func newLocked(*sim.Env) Queue { return &Locked{} }
func newRing(*sim.Env) Queue   { return NewRing(false) }
func newHasty(*sim.Env) Queue  { return NewRing(true) }

func TestRing(t *testing.T)   { sim.Equivalent(t, newLocked, newRing) }
func TestHasty(t *testing.T)  { sim.Equivalent(t, newLocked, newHasty) }
func TestLocked(t *testing.T) { sim.Linearizable(t, newLocked) }
func TestAlone(t *testing.T)  { sim.Linearizable(t, newHasty) }
