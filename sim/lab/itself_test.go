package lab

import (
	"math/rand/v2"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/engine"
	"batchlab/sim/program"
)

// TestItselfFindsTheFilter: a Get misses a key that is there while the filter is rebuilt.
// No law says so where operations run together, and the map as it is one call at a time
// does. It is shrunk to the calls that it takes.
func TestItselfFindsTheFilter(t *testing.T) {
	for _, text := range []string{
		"a set k1 v1\nb get k1\n& +1s\n",
		"a set k1 v1\n& b set k2 v2\n+500ms\na get k1\n& +500ms\n& b get k2\n",
	} {
		e := exploring(t, mapConfig+text, filtered(true), Search{Strategy: "portfolio", Seed: 1, Schedules: 1000})
		v := e.Violation
		if v == nil || v.Law != spec.Linearizable || !strings.Contains(v.Got, "get k") || !strings.Contains(v.Got, "no order of the calls, one at a time") {
			t.Errorf("%s: got %v", text, v)
		}
		if want := "judged against itself, one call at a time, and by the laws D2 D6 G1 G2 G3"; e.Judged != want && e.Judged != want+" G4" {
			t.Errorf("%q, want %q", e.Judged, want)
		}
		if e := exploring(t, mapConfig+text, filtered(false), Search{Strategy: "portfolio", Seed: 1, Schedules: 3000}); e.Violation != nil || e.Beyond > 0 {
			t.Errorf("of the map that is right: %v, %d beyond", e.Violation, e.Beyond)
		}
	}
}

// TestItselfIsSilent: generated programs find the fault, and nothing in the map that is
// right.
func TestItselfIsSilent(t *testing.T) {
	found, beyond, schedules := 0, 0, 0
	for i := range uint64(100) {
		p := program.GenerateConcurrent(rand.New(rand.NewPCG(1, i)), dedup.Kind)
		p.Config.Epoch = engine.BubbleEpoch
		search := Search{Strategy: "portfolio", Seed: i, Schedules: 100}
		e := exploring(t, p.String(), filtered(false), search)
		if e.Violation != nil || e.Unjudged > 0 {
			t.Errorf("%v, %d not judged, in\n%s", e.Violation, e.Unjudged, p)
		}
		beyond += e.Beyond
		schedules += e.Schedules
		if exploring(t, p.String(), filtered(true), search).Find(spec.Linearizable) != nil {
			found++
		}
	}
	t.Logf("%d schedules, %d traces beyond; the fault shows in %d of 100 programs", schedules, beyond, found)
	if found == 0 || beyond > schedules/1000 {
		t.Errorf("found in %d programs, %d traces beyond", found, beyond)
	}
}

// TestItselfWaits: a component whose calls wait for each other is judged, without a false
// alarm: who waits inside a call is between two halves of it.
func TestItselfWaits(t *testing.T) {
	for _, text := range []string{
		"a delete k0\n& b set k1 v1\n& c set k2 v2\n& a get k0\n& b delete k0\n& c count\n",
		"a set k1 v1\n& a set k2 v2\n& b set k3 v3\n& b delete k0\n& c delete k0\n& c delete k0\nb count\n",
		"a set k1 v1\nb set k2 v2\nc set k3 v3\na delete k0\n& a delete k0\n& a count\n",
		"a delete k0\nb set k1 v1\n& c close\n& a set k5 v5\nb count\n",
	} {
		e := exploring(t, mapConfig+text, queue(false), Search{Strategy: "portfolio", Seed: 1, Schedules: 5000})
		if e.Violation != nil || e.Beyond > 0 || e.Unjudged > 0 {
			t.Errorf("%v, %d beyond, %d not judged, in %d traces of\n%s", e.Violation, e.Beyond, e.Unjudged, e.Traces, text)
		}
	}
	text := "a set k1 v1\n& b set k2 v2\nc count\n"
	e := exploring(t, mapConfig+text, queue(true), Search{Strategy: "portfolio", Seed: 1, Schedules: 1000})
	if e.Find(spec.Linearizable) == nil {
		t.Errorf("a queue that holds one more than it may: %v, %d beyond", e.Finds, e.Beyond)
	}
	if want := "waived D2 D6 D1 D3 D5 D4 D7 G2"; !strings.HasSuffix(e.Judged, want) {
		t.Errorf("%q, want %q in the end", e.Judged, want)
	}
}

// TestItselfTimers: what a timer does between two calls is right, early or late. What it
// does in the middle of another's call, or in two halves around one, is not.
func TestItselfTimers(t *testing.T) {
	torn := "a set k1 v1\n+2999ms\na delete k1\n& a set k1 v2\n& +1ms\n& b get k1\nb get k1\n"
	for _, text := range []string{
		"a set k1 v1\na get k1\n& +3s\n& b get k1\n& a count\n",
		"a set k1 v1\n& +3s\n& b delete k1\n& b set k1 v2\n& a get k1\n",
		torn,
	} {
		e := exploring(t, mapConfig+text, timed(false), Search{Strategy: "portfolio", Seed: 1, Schedules: 5000})
		if e.Violation != nil || e.Beyond > 0 || e.Unjudged > 0 {
			t.Errorf("%v, %d beyond, %d not judged, in %d traces of\n%s", e.Violation, e.Beyond, e.Unjudged, e.Traces, text)
		}
	}
	e := exploring(t, mapConfig+torn, timed(true), Search{Strategy: "portfolio", Seed: 1, Schedules: 5000})
	if e.Find(spec.Linearizable) == nil {
		t.Errorf("a timer that takes out another's entry: %v, %d beyond", e.Finds, e.Beyond)
	}
}
