package mutants

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim"
)

// expecting is a test that is to fail: it keeps why it did.
type expecting struct {
	testing.TB
	found, covered string
}

func (e *expecting) Error(args ...any) { e.found += fmt.Sprint(args...) }
func (e *expecting) Log(args ...any)   { e.covered = fmt.Sprint(args...) }
func (e *expecting) FailNow()          { e.TB.Fatal(e.found) }

// setting is how a batcher is made, and what its handler does.
type setting struct {
	config spec.BatcherConfig
	does   string
}

const timeout = 10 * time.Millisecond

var settings = []setting{
	{spec.BatcherConfig{Size: 2, Timeout: timeout}, ""},
	{spec.BatcherConfig{Size: 1, Timeout: timeout}, "takes"},
	{spec.BatcherConfig{Size: 1, Timeout: timeout, Background: true}, "takes"},
	{spec.BatcherConfig{Size: 1, Timeout: timeout}, "keeps"},
}

func (c setting) of(s spec.Subject) func(*sim.Env) spec.Batcher {
	return func(e *sim.Env) spec.Batcher {
		var kept [][]*spec.Item
		return s.NewBatcher(c.config, e.Clock(), func(batch []*spec.Item) {
			e.Note(batch)
			switch c.does {
			case "takes":
				e.Clock().Sleep(15 * time.Millisecond)
				e.Note("done")
			case "keeps":
				e.Note("before", kept)
				kept = append(kept, batch)
			}
		})
	}
}

var mapSettings = []spec.MapConfig{
	{Bucket: 200 * time.Millisecond, Buckets: 2},
	{Bucket: 200 * time.Millisecond, Buckets: 4},
	{Bucket: 40 * time.Millisecond, Buckets: 6}, // shorter than the refresh
}

func maps(c spec.MapConfig, s spec.Subject) func(*sim.Env) spec.Map {
	return func(e *sim.Env) spec.Map { return s.NewMap(c, e.Clock()) }
}

// TestEquivalent: of the mutants those are found by what is derived from their types that Underived does not
// list.
func TestEquivalent(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	if err := flag.Set("sim.schedules", "20"); err != nil { // most need other programs, not other schedules
		t.Fatal(err)
	}
	defer flag.Set("sim.schedules", "0")
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) {
			t.Chdir(t.TempDir())                                     // where seeds are left
			e, lanes, budget := &expecting{TB: t}, 1, 30*time.Second // ends when it is found
			if Underived[m.Name] != "" {
				budget = 2 * time.Second
			}
			if m.Reach == Interleaving {
				lanes = 2
			}
			bounds := []sim.Option{sim.Lanes(lanes), sim.Budget(budget)}
			if first := control(t, m.Subject.Kind); m.Subject.Kind == spec.KindDedup {
				for i := 0; i < len(mapSettings) && e.found == ""; i++ {
					sim.Equivalent(e, maps(mapSettings[i], first), maps(mapSettings[i], m.Subject), bounds...)
				}
			} else {
				for i := 0; i < len(settings) && e.found == ""; i++ {
					sim.Equivalent(e, settings[i].of(first), settings[i].of(m.Subject), bounds...)
				}
			}
			if why := Underived[m.Name]; (e.found == "") != (why != "") {
				t.Errorf("found %q, Underived %q: %s", e.found, why, e.covered)
			}
		})
	}
}
