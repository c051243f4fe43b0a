package derived

import (
	"testing"

	"batchlab/sim"
)

func newLocked(*sim.Env) Queue { return &Locked{} }
func newFree(*sim.Env) Queue   { return NewFree(false) }
func newHasty(*sim.Env) Queue  { return NewFree(true) }

func TestFree(t *testing.T)   { sim.Equivalent(t, newLocked, newFree) }
func TestHasty(t *testing.T)  { sim.Equivalent(t, newLocked, newHasty) }
func TestLocked(t *testing.T) { sim.Linearizable(t, newLocked) }
func TestAlone(t *testing.T)  { sim.Linearizable(t, newHasty) }
