package stress

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"batchlab/impls/spec"
)

func TestOptionsAreChecked(t *testing.T) {
	good := Options{Items: 1, Subjects: []spec.Subject{flaw{}.subject()}}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.Items = 0 }, "stress: items is 0, want 1 to 10000000"},
		{func(o *Options) { o.Items = -5 }, "stress: items is -5, want 1 to 10000000"},
		{func(o *Options) { o.Items = MaxItems + 1 }, "stress: items is 10000001, want 1 to 10000000"},
		{func(o *Options) { o.Subjects = nil }, "stress: no subjects"},
		{func(o *Options) { o.Subjects = []spec.Subject{{}} }, `stress: subject: a subject has no name (kind "")`},
		{func(o *Options) { o.Scenarios = []string{"hevy"} },
			`stress: unknown scenario "hevy", want one of light, heavy, bursty, high-concurrency, duplicates`},
		{func(o *Options) { o.Producers = []int{0} }, "stress: producers is 0, want 1 to 256"},
		{func(o *Options) { o.Producers = []int{257} }, "stress: producers is 257, want 1 to 256"},
		{func(o *Options) { o.Watchdog = -1 }, "stress: watchdog is -1ns, want more than 0, or 0 for 1m0s"},
	} {
		o := good
		c.change(&o)
		if _, err := Run(context.Background(), o); err == nil || err.Error() != c.want {
			t.Errorf("error: %v\nwant:  %s", err, c.want)
		}
	}
}

// With one item, and with as many producers as may be but fewer items.
func TestFewItems(t *testing.T) {
	for _, s := range []spec.Subject{flaw{}.subject(), flaw{dedup: true}.subject(), mapFlaw{}.subject()} {
		wantBroken(t, Options{Items: 1, Subjects: []spec.Subject{s}, Producers: []int{1}})
		wantBroken(t, Options{Items: 5, Subjects: []spec.Subject{s}, Scenarios: []string{"high-concurrency"}, Producers: []int{MaxProducers}})
	}
}

func TestCellsGetTheirItems(t *testing.T) {
	const items = 5000
	s, err := Run(context.Background(), Options{Items: items, Subjects: []spec.Subject{flaw{}.subject(), mapFlaw{}.subject()}, Producers: []int{3}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Rows {
		want := items
		if r.Scenario == "light" {
			want = LightItems
		}
		if r.Items < want {
			t.Errorf("%s %s: %d items, want at least %d", r.ID(), r.Scenario, r.Items, want)
		}
	}
}

// TestEachKindHasTheScenariosThatAddSomething: unless one is asked for by name.
func TestEachKindHasTheScenariosThatAddSomething(t *testing.T) {
	for kind, want := range map[spec.Kind]string{
		spec.KindBatcher:      "light, heavy, bursty, high-concurrency",
		spec.KindDedup:        "light, heavy, high-concurrency, duplicates",
		spec.KindDedupBatcher: "light, heavy, bursty, high-concurrency, duplicates",
	} {
		var got []string
		o := Options{Items: 1, Subjects: []spec.Subject{{Kind: kind}}, Producers: []int{1}}
		for _, c := range o.cells() {
			got = append(got, c.scenario.name)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, want %s", kind, got, want)
		}
		o.Scenarios = ScenarioNames()
		if n := len(o.cells()); n != len(scenarios) {
			t.Errorf("%s: %d cells by name, want %d", kind, n, len(scenarios))
		}
	}
}

func TestDuplicatesAreHalfAtLeast(t *testing.T) {
	repeats := slices.IndexFunc(scenarios, func(s scenario) bool { return s.repeats })
	for _, producers := range []int{1, 8, 64} {
		c := cell{Options: &Options{}, scenario: scenarios[repeats], producers: producers}
		const n = 10_000
		keys, distinct := c.scenario.keysFor(n, (n+producers-1)/producers, false, c.rng(0))
		seen := map[uint32]bool{}
		for _, k := range keys {
			if int(k) >= distinct {
				t.Fatalf("key %d, want below %d", k, distinct)
			}
			seen[k] = true
		}
		if len(seen) > n/2 {
			t.Errorf("%d producers: %d different keys among %d items", producers, len(seen), n)
		}
	}
}

func TestCancelBetweenCells(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var labels []string
	s, err := Run(ctx, Options{Items: 100, Subjects: []spec.Subject{flaw{}.subject()}, Progress: func(done, total int, label string) {
		labels = append(labels, label)
		if done == 2 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"batcher/toy light 1", "batcher/toy light 8"}; !reflect.DeepEqual(labels, want) {
		t.Errorf("labels: %q, want %q", labels, want)
	}
	if !s.Interrupted || len(s.Rows) != 2 || s.Broken() {
		t.Errorf("summary: %+v", s)
	}
}

func TestCancelWithinCell(t *testing.T) {
	for _, kind := range spec.Kinds {
		t.Run(string(kind), func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			stop := func(key int) {
				if key == 1000 {
					cancel()
					time.Sleep(40 * watchPeriod)
				}
			}
			s := flaw{dedup: kind == spec.KindDedupBatcher, put: func(_ *toy, i *spec.Item) { stop(i.Key) }}.subject()
			if kind == spec.KindDedup {
				s = mapFlaw{set: func(_ *toyMap, key, _ int) (bool, bool) { stop(key); return false, false }}.subject()
			}
			sum, err := Run(ctx, Options{Items: 100_000, Subjects: []spec.Subject{s}, Scenarios: []string{"heavy"}, Producers: []int{1}})
			if err != nil {
				t.Fatal(err)
			}
			if !sum.Interrupted || sum.Broken() || len(sum.Rows) != 1 || !sum.Rows[0].Interrupted || sum.Rows[0].Items != 1001 {
				t.Errorf("summary: %+v, want one interrupted row with 1001 items", sum)
			}
		})
	}
}

var shown = Summary{Seed: 7, Items: 1000, Race: true, Elapsed: 1500 * time.Millisecond, Rows: []Row{
	{Kind: "batcher", Subject: "a", Scenario: "heavy", Producers: 8, Items: 1234567, Delivered: 1234567,
		Batches: 1300, PeakBytes: 3 << 20, Elapsed: 80 * time.Millisecond},
	{Kind: "dedup", Subject: "a", Scenario: "duplicates", Producers: 64, Items: 1000, Elapsed: time.Millisecond,
		Known: []Breach{{"D2-one-winner", 12, "2 Sets of key 1 won"}}},
	{Kind: "dedup", Subject: "b", Scenario: "heavy", Producers: 1, Items: 1000, Notes: []string{"too slow"}, Elapsed: time.Millisecond,
		Breaches: []Breach{{"D4-count", 1, "Count is 3 with 2 entries"}, {"memory", 2, "much"}}},
	{Kind: "dedup", Subject: "b", Scenario: "heavy", Producers: 8, Skipped: true},
}}

func TestTable(t *testing.T) {
	var b strings.Builder
	if err := shown.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	want := strings.TrimPrefix(`
subject    scenario    producers  items      delivered  batches  peak MiB  elapsed  result
batcher/a  heavy       8          1,234,567  1,234,567  1,300    3.0       80ms     ok
dedup/a    duplicates  64         1,000      -          -        0.0       1ms      known D2-one-winner x12
dedup/b    heavy       1          1,000      -          -        0.0       1ms      BROKEN D4-count, BROKEN memory, partly judged
dedup/b    heavy       8          0          -          -        0.0       0s       not run: the subject hung before

dedup/b heavy 1: D4-count, once: Count is 3 with 2 entries
dedup/b heavy 1: memory, 2 times: much
dedup/b heavy 1: too slow

batcher/a  no violation in 1 cell, 1,234,567 items
dedup/a    no violation but known ones in 1 cell, 1,000 items; known: D2-one-winner 12 times
dedup/b    violated D4-count, memory in 1 of 1 cell, 1,000 items; partly judged: 1 cell; not run: 1 cell
total: 3 cells, 1,236,567 items in 1.5s with the race detector, heap growth at most 3.0 MiB, seed 7
`, "\n")
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
}

func TestSummaryAsJSON(t *testing.T) {
	text, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	var back Summary
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, shown) {
		t.Errorf("got %+v\nwant %+v", back, shown)
	}
}
