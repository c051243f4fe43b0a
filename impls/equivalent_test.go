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

// setting is how a component is made, and what the handler of a batcher does.
type setting struct {
	spec.MapConfig
	spec.BatcherConfig
	does string
}

const timeout = 10 * time.Millisecond

// settings are those that are tried, the first of a kind where one has to do.
var settings = map[spec.Kind][]setting{
	spec.KindBatcher: {
		{BatcherConfig: spec.BatcherConfig{Size: 2, Timeout: timeout}},
		{BatcherConfig: spec.BatcherConfig{Size: 2, Timeout: timeout}, does: "takes"},
		{BatcherConfig: spec.BatcherConfig{Size: 1, Timeout: timeout}, does: "takes"},
		{BatcherConfig: spec.BatcherConfig{Size: 1, Timeout: timeout, Background: true}, does: "takes"},
		{BatcherConfig: spec.BatcherConfig{Size: 1, Timeout: timeout}, does: "keeps"},
	},
	spec.KindDedupBatcher: {
		{BatcherConfig: spec.BatcherConfig{Size: 2, Timeout: timeout}},
		{BatcherConfig: spec.BatcherConfig{Size: 1, Timeout: timeout}, does: "takes"},
		{BatcherConfig: spec.BatcherConfig{Size: 1, Timeout: time.Hour}},
	},
	spec.KindDedup: {
		{MapConfig: spec.MapConfig{Bucket: 200 * time.Millisecond, Buckets: 2}},
		{MapConfig: spec.MapConfig{Bucket: 200 * time.Millisecond, Buckets: 4}},
		{MapConfig: spec.MapConfig{Bucket: 40 * time.Millisecond, Buckets: 6}}, // shorter than the refresh
	},
}

// equivalent tries what is derived from the types alone.
func equivalent(t testing.TB, first, s spec.Subject, c setting, opts ...sim.Option) {
	t.Helper()
	if s.Kind == spec.KindDedup {
		sim.Equivalent(t, maps(first, c), maps(s, c), opts...)
	} else {
		sim.Equivalent(t, batchers(first, c), batchers(s, c), opts...)
	}
}

func maps(s spec.Subject, c setting) func(*sim.Env) spec.Map {
	return func(e *sim.Env) spec.Map { return s.NewMap(c.MapConfig, e.Clock()) }
}

// batchers make a batcher whose handler tells what it is given.
func batchers(s spec.Subject, c setting) func(*sim.Env) spec.Batcher {
	return func(e *sim.Env) spec.Batcher {
		var kept []*spec.Item
		return s.NewBatcher(c.BatcherConfig, e.Clock(), func(batch []*spec.Item) {
			e.Note(batch)
			switch c.does {
			case "takes":
				e.Clock().Sleep(15 * time.Millisecond)
				e.Note("done")
			case "keeps":
				e.Note("before", kept)
				kept = batch
			}
		})
	}
}

// TestEquivalent: nothing tells the others from the baseline, in a third of a second each: campaigns of batchlab lab look
// for longer.
func TestEquivalent(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	for _, s := range All() {
		if first := Of(s.Kind)[0]; s.Name != first.Name {
			t.Run(string(s.Kind)+"/"+s.Name, func(t *testing.T) {
				equivalent(t, first, s, settings[s.Kind][0], sim.Budget(300*time.Millisecond))
			})
		}
	}
}

// expecting is a test that is to fail: it keeps why it did.
type expecting struct {
	testing.TB
	found string
}

func (e *expecting) Log(...any)        {}
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
	equivalent(e, subjects[direct], subjects[0], settings[spec.KindDedup][0],
		sim.Budget(10*time.Minute)) // ends when it is found
	if !strings.Contains(e.found, "| Set(1, 1) true | Set(1, 1) true |  <- want false") {
		t.Errorf("the double win is not found, or not shrunk to two calls: %s", e.found)
	}
}
