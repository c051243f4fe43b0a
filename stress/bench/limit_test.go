package bench

import (
	"slices"
	"strings"
	"testing"
	"time"

	"batchlab/impls"
	"batchlab/impls/spec"
)

// TestEveryLimitRuns: a limit does the work of each scenario that it bounds, of which the
// scenario's own checks see whether it was done, and says what the rivals say.
func TestEveryLimitRuns(t *testing.T) {
	bounded := map[string]int{}
	for _, sc := range Scenarios() {
		if sc.Limit == "" {
			continue
		}
		bounded[sc.Limit]++
		sample, err := measure(request{Row: sc.Row(sc.Limit)}, impls.All())
		if err != nil {
			t.Errorf("%s: %v", sc.Row(sc.Limit), err)
			continue
		}
		for _, unit := range []string{NsPerOp, BytesPerOp, AllocsPerOp, sc.Unit} {
			if !slices.ContainsFunc(sample.Values, func(v Value) bool { return v.Unit == unit }) {
				t.Errorf("%s: no %s in %v", sc.Row(sc.Limit), unit, sample.Values)
			}
		}
	}
	for name, want := range map[string]int{LockedAppend: 3, BareMap: 20, LockedMap: 1} {
		if bounded[name] != want {
			t.Errorf("%s bounds %d scenarios, want %d", name, bounded[name], want)
		}
		delete(bounded, name)
	}
	if len(bounded) > 0 {
		t.Errorf("unknown limits: %v", bounded)
	}
}

// TestLimitsTakeTurnsWithRivals: in the scenarios that they bound, and only if it is asked for.
func TestLimitsTakeTurnsWithRivals(t *testing.T) {
	scenarios, err := Select([]string{"Batcher/put/producers=1", "Batcher/worker/size=10"})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Scenarios: scenarios, Subjects: toysNamed("honest"), Samples: 2, Time: time.Millisecond, Limit: time.Minute,
		Seed: 1, Worker: self,
	}
	for _, limits := range []bool{false, true} {
		o.WithLimits = limits
		table, failed := Run(t.Context(), o)
		if len(failed) > 0 {
			t.Fatal(failed)
		}
		var names []string
		for _, r := range table.Rows {
			if len(r.Samples) != 2 {
				t.Errorf("%s has %d samples", r.Name, len(r.Samples))
			}
			names = append(names, r.Impl+" "+r.ID)
		}
		want := "honest Batcher/put/producers=1, honest Batcher/worker/size=10"
		if limits {
			want = "honest Batcher/put/producers=1, locked-append Batcher/put/producers=1, honest " +
				"Batcher/worker/size=10"
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("limits %v: measured %s, want %s", limits, got, want)
		}
	}
}

// TestLimitsAreNoImplementations: the registry knows none of them, nor they one of its names.
func TestLimitsAreNoImplementations(t *testing.T) {
	for _, s := range impls.All() {
		if IsLimit(s.Name) {
			t.Errorf("%s is in the registry", s.Name)
		}
	}
}

// TestLockedAppendHandsOnWhatItWasGiven: all of it, in order, in full batches, and what is
// left over at the end, in slices that it does not use again.
func TestLockedAppendHandsOnWhatItWasGiven(t *testing.T) {
	var batches [][]*spec.Item
	l := newLockedAppend(spec.BatcherConfig{Size: 3}, nil, func(batch []*spec.Item) { batches = append(batches, batch) })
	items := make([]spec.Item, 7)
	for i := range items {
		l.Put(&items[i])
	}
	l.Close()
	l.Close()
	n := 0
	for i, batch := range batches {
		if i < 2 && len(batch) != 3 {
			t.Errorf("batch %d has %d items, want 3", i, len(batch))
		}
		for _, item := range batch {
			if n < len(items) && item != &items[n] {
				t.Errorf("item %d is another", n)
			}
			n++
		}
	}
	if n != len(items) || len(batches) != 3 {
		t.Errorf("%d items in %d batches, want 7 in 3", n, len(batches))
	}
}

// TestMapLimitsAnswerAsMapsDo when a key is looked up, set, set again and deleted.
func TestMapLimitsAnswerAsMapsDo(t *testing.T) {
	for _, s := range limits {
		if s.Kind != spec.KindDedup {
			continue
		}
		m := s.NewMap(spec.MapConfig{}, nil)
		_, before := m.Get(1)
		first, again := m.Set(1, 7), m.Set(1, 7)
		value, ok := m.Get(1)
		n := m.Count()
		gone, nothing := m.Delete(1), m.Delete(1)
		if before || !first || again || value != 7 || !ok || n != 1 || !gone || nothing || m.Count() != 0 {
			t.Errorf("%s: %v %v %v %v %v %v %v %v %d", s.Name, before, first, again, value, ok, n, gone, nothing, m.Count())
		}
		m.Close()
	}
}
