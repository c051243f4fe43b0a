package gate

import (
	"bytes"
	"strings"
	"testing"

	"batchlab/stress/bench"
)

var limitNames = []string{bench.LockedAppend, bench.BareMap, bench.LockedMap}

// lineOf returns the line of a claim that begins like this.
func lineOf(t *testing.T, f *Findings, claim string) Line {
	t.Helper()
	for _, l := range f.Lines {
		if strings.HasPrefix(l.Claim, claim) {
			return l
		}
	}
	t.Fatalf("no line %q", claim)
	return Line{}
}

// TestLimitBars shows each bar a row below it, and a row above it. Where the direct
// versions stand beside the baseline does not matter.
func TestLimitBars(t *testing.T) {
	for _, c := range []struct {
		claim, id, limit string
		direct           float64 // where the limit takes 100
		want             State
		number, against  string
	}{
		{"Put takes", "Batcher/put/producers=1", bench.LockedAppend, 148, Met, "3 of 3; from 1.48 times to 1 times",
			""},
		{"Put takes", "Batcher/put/producers=64", bench.LockedAppend, 152, NotMet, "2 of 3; from 1.52 times to 1 times",
			"direct in Batcher/put/producers=64: 1.52 times ns/op, worse beside locked-append"},
		{"Get takes", "Map/get-miss/buckets=60/keys=1000", bench.BareMap, 295, Met,
			"13 of 13; from 2.95 times to 1 times", ""},
		{"Get takes", "Map/get-spread/buckets=60/keys=1000/goroutines=8", bench.BareMap, 305, NotMet, "12 of 13; from 3.05 times to 1 times",
			"beside bare-map"},
		{"a new key takes", "Map/fill/buckets=10/keys=1000", bench.BareMap, 245, Met,
			"8 of 8; from 2.45 times to 1 times", ""},
		{"a new key takes", "Map/set-new/buckets=60/keys=1000/goroutines=8", bench.LockedMap, 255, NotMet, "7 of 8; from 2.55 times to 1 times",
			"beside locked-map"},
		{"a new key takes", "Map/set-new/buckets=1/keys=1000", bench.BareMap, 40, Met,
			"8 of 8; from 1 times to 0.4 times", ""},
	} {
		samples := everything(t, func(impl string, sc bench.Scenario) float64 {
			if impl == direct && sc.ID() == c.id {
				return 100 / c.direct
			}
			return 1
		}, append([]string{direct}, limitNames...)...)
		f := Judge(samples, complete(t))
		l := lineOf(t, f, c.claim)
		if l.State != c.want || l.Number != c.number || l.Of != "direct" {
			t.Errorf("%s: %s is %s, %s; want %s, %s", c.id, l.Claim, l.State, l.Number, c.want, c.number)
		}
		if got := strings.Join(l.Against, "; "); !strings.Contains(got, c.against) || (got == "") != (c.against == "") {
			t.Errorf("%s: against it is %q, want %q", c.id, got, c.against)
		}
		var text bytes.Buffer
		if err := WriteText(&text, samples, f); err != nil {
			t.Fatal(err)
		}
		if words := text.String(); strings.Contains(words, c.limit+": Improvement") ||
			!strings.Contains(words, " the limit, "+c.limit+"\n") {
			t.Errorf("%s: the limit has a verdict of its own, or direct has none beside it", c.id)
		}
	}
}

// TestBarsWithoutTheirLimit: a run without a limit's rows shows nothing about its bars, and
// one with some of them no more than that.
func TestBarsWithoutTheirLimit(t *testing.T) {
	alike := func(string, bench.Scenario) float64 { return 300 }
	f := Judge(everything(t, alike, direct), complete(t))
	for _, b := range limitBars {
		if l := lineOf(t, f, b.claim); l.State != NotShown || l.Number != "not measured" || len(l.Against) > 0 {
			t.Errorf("no limit: %s is %s, %s, %q", l.Claim, l.State, l.Number, l.Against)
		}
	}
	f = Judge(everything(t, alike, direct, bench.BareMap), complete(t))
	for claim, want := range map[string]string{
		"Put takes": "not measured", "Get takes": "13 of 13; 1 times", "a new key takes": "7 of 8; 1 times",
	} {
		l := lineOf(t, f, claim)
		if l.Number != want || (l.State == Met) != (claim == "Get takes") || l.State == NotMet {
			t.Errorf("some limits: %s is %s, %s, want %s", l.Claim, l.State, l.Number, want)
		}
	}
}

// TestPooledBesideDirect: slower than without its pool is a promise broken, however much
// faster than the baseline both are.
func TestPooledBesideDirect(t *testing.T) {
	for pooled, want := range map[float64]State{10: Met, 12: Met, 8: NotMet} {
		f := Judge(everything(t, func(impl string, _ bench.Scenario) float64 {
			if impl == directPooled {
				return pooled
			}
			return 10
		}, direct, directPooled), complete(t))
		l := lineOf(t, f, "Put with pooled slices")
		if l.State != want {
			t.Errorf("%v: %s, %s, want %s", pooled, l.State, l.Number, want)
		}
		const against = "direct-pooled in Batcher/put/producers=1: +25.0% ns/op, worse beside direct"
		if want == NotMet && (len(l.Against) != 3 || l.Against[0] != against) {
			t.Errorf("%v: against it is %q, want 3 like %q", pooled, l.Against, against)
		}
	}
}

// TestRatiosPromiseNothing: they are figures, however large, and only of what was measured.
func TestRatiosPromiseNothing(t *testing.T) {
	for factor, want := range map[float64]string{0.5: "3 of 3; 0.5 times as fast", 20: "3 of 3; 20 times as fast"} {
		f := Judge(everything(t, func(string, bench.Scenario) float64 { return factor }, direct), complete(t))
		if l := lineOf(t, f, "Put beside the baseline's"); l.State != Figure || l.Number != want || len(l.Against) > 0 {
			t.Errorf("%v: %s, %s, %q; want %s", factor, l.State, l.Number, l.Against, want)
		}
	}
	f := Judge(table(t, serial, 10, 5, map[string]float64{baseline: 100, direct: 10}), nil)
	if l := lineOf(t, f, "Put beside the baseline's"); l.State != Figure || !strings.HasPrefix(l.Number, "1 of 3; ") {
		t.Errorf("one row: %s, %s", l.State, l.Number)
	}
	if l := lineOf(t, f, "Get with 60 buckets beside"); l.State != NotShown || l.Number != "not measured" {
		t.Errorf("no row: %s, %s", l.State, l.Number)
	}
}
