package gate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"batchlab/stress/bench"
)

// table reads samples from figures: for each implementation its median time, in a
// scenario, with n samples that are spread by so many percent.
func table(t *testing.T, id string, n int, percent float64, medians map[string]float64) *bench.Table {
	t.Helper()
	sc, ok := bench.ByID(id)
	if !ok {
		t.Fatalf("no scenario %s", id)
	}
	rng := rand.New(rand.NewPCG(7, uint64(len(id))))
	var text strings.Builder
	for _, impl := range slices.Sorted(keys(medians)) {
		for range n {
			v := medians[impl] * (1 + percent/100*(2*rng.Float64()-1))
			fmt.Fprintf(&text, "Benchmark%s-2 100 %f %s 8 B/op %f allocs/op\n", sc.Row(impl), v, sc.Unit, medians[impl]/1000)
		}
	}
	return read(t, text.String())
}

func keys(m map[string]float64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func read(t *testing.T, text string) *bench.Table {
	t.Helper()
	table, err := bench.Read(strings.NewReader(text), "samples")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

const serial = "Batcher/put/producers=1"

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name    string
		n       int
		percent float64 // of spread
		rival   float64 // beside 100
		want    Verdict
		text    string
	}{
		{"half the time", 10, 5, 50, Better, "% less"},
		{"a slow benchmark", 10, 5, 130, Worse, "more"},
		{"the same", 10, 5, 100, Same, "no significant difference"},
		{"nine samples", 9, 5, 50, TooFew, "too few samples (9 and 9, want 10)"},
		{"noise", 10, 90, 101, TooNoisy, "too noisy"},
	} {
		f := Judge(table(t, serial, c.n, c.percent, map[string]float64{"baseline": 100, "optimized": c.rival}), nil)
		got := f.Of("optimized", serial, bench.NsPerOp)
		if got.Verdict != c.want || !strings.Contains(got.String(), c.text) {
			t.Errorf("%s: got %s: %s, want %s", c.name, got.Verdict, got, c.want)
		}
	}
	if got := Judge(table(t, serial, 10, 5, map[string]float64{"baseline": 1}), nil).Of("optimized", serial, bench.NsPerOp); got.Verdict != NotThere {
		t.Errorf("without a rival: got %s", got.Verdict)
	}
}

// TestAnImplementationBesideItself is never found to differ, in many comparisons at once.
func TestAnImplementationBesideItself(t *testing.T) {
	found := 0
	for seed := range 50 {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		var text strings.Builder
		for _, sc := range bench.Scenarios() {
			for _, impl := range []string{"baseline", "optimized"} {
				for range MinSamples {
					fmt.Fprintf(&text, "Benchmark%s 100 %f %s\n", sc.Row(impl), 100+10*rng.NormFloat64(), sc.Unit)
				}
			}
		}
		for _, c := range Judge(read(t, text.String()), nil).Comparisons {
			if c.Verdict == Better || c.Verdict == Worse {
				found++
				break
			}
		}
	}
	// One run in twenty may find something. Of fifty more than eight would do so once in
	// a thousand times; the seeds are fixed, so this is no matter of luck.
	if found > 8 {
		t.Errorf("%d of 50 runs found a difference where there is none, want about %.0f", found, 50*Alpha)
	}
}

func TestImprovementIsThePlansFormat(t *testing.T) {
	pair := func(v Verdict, unit string, a, b float64) Comparison {
		c := Comparison{Unit: unit, Verdict: v, P: 0.25, NA: 10, NB: 10}
		c.A.Center, c.B.Center = a, b
		return c
	}
	for _, c := range []struct {
		times, allocs Comparison
		want          string
	}{
		{pair(Better, bench.NsPerOp, 145, 72), pair(Same, bench.AllocsPerOp, 0, 0), "Improvement: 50.3% faster"},
		{pair(Better, bench.NsPerOp, 1050, 210), pair(Better, bench.AllocsPerOp, 1, 0),
			"Improvement: 80.0% faster, 100% fewer allocations"},
		{pair(Worse, bench.CPUPerOp, 100, 150), pair(Better, bench.AllocsPerOp, 4, 1),
			"Improvement: 75% fewer allocations; Regression: 50.0% more processor time"},
		{pair(Same, bench.NsPerOp, 100, 90), pair(Worse, bench.AllocsPerOp, 0, 1),
			"Regression: more allocations where there were none"},
		{pair(Same, bench.NsPerOp, 100, 50), pair(Same, bench.AllocsPerOp, 1, 1),
			"no significant difference (p=0.250)"},
		{pair(TooFew, bench.NsPerOp, 100, 50), pair(TooFew, bench.AllocsPerOp, 1, 1),
			"too few samples (10 and 10, want 10)"},
	} {
		if got := Improvement(c.times, c.allocs); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestAdjustIsHolms(t *testing.T) {
	list := []Comparison{{P: 0.01}, {P: 0.04}, {P: 0.005}, {P: 0.9, Verdict: TooFew}, {P: 0.5}}
	adjust(list)
	want := []float64{0.03, 0.08, 0.02, 0.9, 0.5}
	for i, w := range want {
		if d := list[i].P - w; d > 1e-12 || d < -1e-12 {
			t.Errorf("comparison %d: got %v, want %v", i, list[i].P, w)
		}
	}
}

func TestSinceFindsARowThatGotWorse(t *testing.T) {
	was := table(t, serial, 10, 5, map[string]float64{"baseline": 100, "direct": 10, "gone": 1, "locked-append": 5})
	is := table(t, serial, 10, 5, map[string]float64{"baseline": 100, "direct": 15, "new": 1, "locked-append": 10})
	verdicts := map[string]Verdict{}
	for _, c := range Since(was, is) {
		if c.Base != c.Rival || strings.Contains(c.String(), "\x00") {
			t.Errorf("got %+v", c)
		}
		if c.Unit == bench.NsPerOp {
			verdicts[c.Rival] = c.Verdict
		}
	}
	if len(verdicts) != 2 || verdicts["baseline"] != Same || verdicts["direct"] != Worse {
		t.Errorf("got %v", verdicts)
	}
}
