package impls

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim"
)

// TestEquivalent: what is derived from the types alone finds no difference between the baseline
// and the others, in a third of a second each: campaigns of batchlab lab look for longer.
func TestEquivalent(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	for _, s := range All() {
		t.Run(string(s.Kind)+"/"+s.Name, func(t *testing.T) {
			switch first := Of(s.Kind)[0]; {
			case s.Name == first.Name:
			case s.Kind == spec.KindDedup:
				sim.Equivalent(t, maps(first), maps(s), sim.Budget(300*time.Millisecond))
			default:
				sim.Equivalent(t, batchers(first), batchers(s), sim.Budget(300*time.Millisecond))
			}
		})
	}
}

// maps and batchers make a subject as Equivalent calls it: with its clock, and with a handler that tells what
// it is given.
func maps(s spec.Subject) func(*sim.Env) spec.Map {
	return func(e *sim.Env) spec.Map {
		return s.NewMap(spec.MapConfig{Bucket: 200 * time.Millisecond, Buckets: 2}, e.Clock())
	}
}

func batchers(s spec.Subject) func(*sim.Env) spec.Batcher {
	return func(e *sim.Env) spec.Batcher {
		return s.NewBatcher(spec.BatcherConfig{Size: 2, Timeout: 50 * time.Millisecond}, e.Clock(), func(batch []*spec.Item) {
			e.Note(batch)
		})
	}
}

// expecting is a test that is to fail: it keeps why it did.
type expecting struct {
	testing.TB
	found string
}

func (e *expecting) Error(args ...any) { e.found += fmt.Sprint(args...) }
func (e *expecting) FailNow()          { e.TB.Fatal(e.found) }

// TestEquivalentDoubleWin: of two Sets of one key that meet, both win in the baseline, and in the map
// that looks under its lock one does.
func TestEquivalentDoubleWin(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	t.Chdir(t.TempDir()) // where the seed is left
	subjects := Of(spec.KindDedup)
	direct := slices.IndexFunc(subjects, func(s spec.Subject) bool { return s.Name == "direct" })
	e := &expecting{TB: t}
	sim.Equivalent(e, maps(subjects[direct]), maps(subjects[0]), sim.Only("Set", "Get", "Delete"),
		sim.Budget(10*time.Minute)) // ends when it is found, in program 13
	if !strings.Contains(e.found, "| Set(1, 1) true | Set(1, 1) true |  <- want false") {
		t.Errorf("the double win is not found, or not shrunk to two calls: %s", e.found)
	}
}
