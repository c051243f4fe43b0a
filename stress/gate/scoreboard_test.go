package gate

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/stress/bench"
)

// everything is a table of all scenarios, where each rival takes as many times less than
// the baseline as factor says. A limit has rows in the scenarios that it bounds.
func everything(t *testing.T, factor func(impl string, sc bench.Scenario) float64, impls ...string) *bench.Table {
	t.Helper()
	var text strings.Builder
	for _, sc := range bench.Scenarios() {
		for _, impl := range append([]string{"baseline"}, impls...) {
			if bench.IsLimit(impl) && impl != sc.Limit {
				continue
			}
			f := 1.0
			if impl != "baseline" {
				f = factor(impl, sc)
			}
			for i := range MinSamples {
				v := (1000 + float64(i)) / f
				fmt.Fprintf(&text, "Benchmark%s 100 %f %s %f allocs/op", sc.Row(impl), v, sc.Unit, v)
				if sc.Paced {
					fmt.Fprintf(&text, " %f p99-ns", v)
				}
				if sc.Name == "fill" {
					fmt.Fprintf(&text, " %f live-B/key", v)
				}
				text.WriteString("\n")
			}
		}
	}
	return read(t, text.String())
}

// states are what became of somebody's promises.
func states(lines []Line, of string) (list []State) {
	for _, l := range lines {
		if l.Of == of && l.State != Figure {
			list = append(list, l.State)
		}
	}
	return list
}

func complete(t *testing.T) *Evidence {
	t.Helper()
	e := New("abc")
	for _, s := range Stages {
		e.Add(Record{Stage: s, Race: s == Stress, Covered: map[string]int{"programs": 7}})
	}
	return e
}

func TestScoreboard(t *testing.T) {
	peers := []string{"bundler", "go-resiliency", "otter", "ttlcache", "golang-lru"}
	all := slices.Concat([]string{"optimized", "pooled", "direct", "direct-pooled"}, limitNames, peers)
	for _, c := range []struct {
		name                string
		factor              func(impl string, sc bench.Scenario) float64
		plan, direct, peers State
	}{
		{"many times faster", func(impl string, _ bench.Scenario) float64 {
			if slices.Contains(peers, impl) {
				return 10
			}
			return 300
		}, Met, Met, Met},
		{"the same", func(string, bench.Scenario) float64 { return 1 }, NotMet, NotMet, NotMet},
		{"slower", func(string, bench.Scenario) float64 { return 0.5 }, NotMet, NotMet, NotMet},
	} {
		factor := func(impl string, sc bench.Scenario) float64 {
			if bench.IsLimit(impl) { // nobody moves those
				return 400
			}
			return c.factor(impl, sc)
		}
		f := Judge(everything(t, factor, all...), complete(t))
		for of, want := range map[string]State{"plan": c.plan, "direct": c.direct, "peers": c.peers} {
			got := states(f.Lines, of)
			if len(got) == 0 {
				t.Fatalf("%s: no line of %s", c.name, of)
			}
			// What stays the same is no regression, and the evidence is what it is.
			if !slices.Contains(got, want) || want == Met && slices.ContainsFunc(got, func(s State) bool { return s != Met }) {
				t.Errorf("%s: lines of %s are %v, want %s", c.name, of, got, want)
			}
		}
	}
}

// TestPartsShowNothingOfTheWhole: what is promised of every scenario is not met by one.
func TestPartsShowNothingOfTheWhole(t *testing.T) {
	f := Judge(table(t, serial, 10, 5, map[string]float64{"baseline": 100, "optimized": 10}), complete(t))
	for _, l := range f.Lines {
		if strings.Contains(l.Claim, "in any scenario") && l.State != NotShown {
			t.Errorf("%s: %s, %s", l.Claim, l.State, l.Number)
		}
	}
}

// TestOneSlowRowIsSeen: a regression in a single scenario breaks the promise, and is named.
func TestOneSlowRowIsSeen(t *testing.T) {
	f := Judge(everything(t, func(impl string, sc bench.Scenario) float64 {
		if impl == "pooled" && sc.Name == "heavy" {
			return 0.8
		}
		return 400
	}, "optimized", "pooled", "direct"), complete(t))
	var not []string
	for _, l := range f.Lines {
		if l.State == NotMet {
			not = append(not, l.Claim)
			if len(l.Against) != 1 || !strings.Contains(l.Against[0], "pooled in Batcher/heavy: +25.0%") {
				t.Errorf("%s: against it is %q", l.Claim, l.Against)
			}
		}
	}
	if len(not) != 4 { // the pool's target, both kinds of regression, halved allocations
		t.Errorf("not met: %q", not)
	}
}

func TestNothingMeasuredIsNotShown(t *testing.T) {
	f := Judge(table(t, serial, 10, 5, map[string]float64{"baseline": 100}), nil)
	for _, l := range f.Lines {
		if l.State != NotShown {
			t.Errorf("%s: %s", l.Claim, l.State)
		}
	}
}

func TestTextHasEveryRowAndLine(t *testing.T) {
	samples := everything(t, func(string, bench.Scenario) float64 { return 2 }, "optimized", "otter")
	f := Judge(samples, complete(t))
	var out bytes.Buffer
	if err := WriteText(&out, samples, f); err != nil {
		t.Fatal(err)
	}
	for _, r := range samples.Rows {
		if !strings.Contains(out.String(), "Benchmark"+r.Name) {
			t.Errorf("no row %s", r.Name)
		}
	}
	for _, l := range f.Lines {
		if !strings.Contains(out.String(), l.Claim) {
			t.Errorf("no line %q", l.Claim)
		}
	}
	if !strings.Contains(out.String(), "optimized: Improvement: 50.0% faster, 50% fewer allocations") || strings.Contains(out.String(), "otter: ") {
		t.Errorf("the improvement is not there, or that of a peer is:\n%s", out.String())
	}
}

func TestGaps(t *testing.T) {
	subjects := []spec.Subject{{Name: "direct", Kind: spec.KindBatcher}, {Name: "peer", Kind: spec.KindBatcher, LawsOnly: true}}
	covered := func() *Evidence {
		e := complete(t)
		for i := range e.Records {
			e.Records[i].Subjects = map[string]string{"batcher/direct": "no violation"}
		}
		return e
	}
	for _, c := range []struct {
		name  string
		spoil func(*Evidence)
		want  string // "" for none
	}{
		{"nothing", func(*Evidence) {}, ""},
		{"another source", func(e *Evidence) { e.Source = "xyz" }, "it is of source xyz, this is abc"},
		{"another Go", func(e *Evidence) { e.Go = "go1.0" }, "it is of go1.0, this is " + runtime.Version()},
		{"no campaign", func(e *Evidence) { e.Records = slices.Delete(e.Records, 1, 2) }, "no campaign"},
		{"a find", func(e *Evidence) { e.Records[1].Found = []string{"D2"} }, "campaign found D2"},
		{"no race detector", func(e *Evidence) { e.Records[4].Race = false }, "stress without the race detector"},
		{"a stage without the subject", func(e *Evidence) { delete(e.Records[2].Subjects, "batcher/direct") },
			"no explore of batcher/direct"},
	} {
		e := covered()
		c.spoil(e)
		if got := strings.Join(e.Gaps("abc", subjects), "; "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
