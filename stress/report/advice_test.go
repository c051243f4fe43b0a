package report

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"golang.org/x/perf/benchmath"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// TestAdvice shows each rule a case. A row of findings has the two scenarios of a
// made-up idea by time, allocations and memory of a key.
func TestAdvice(t *testing.T) {
	const (
		yes, no, same, few = gate.Better, gate.Worse, gate.Same, gate.TooFew
	)
	i := idea{rival: "optimized", rows: []string{"Some/"}}
	for _, c := range []struct {
		first, second [3]gate.Verdict // time, allocations, memory
		doubt         string
		want, says    string
	}{
		{[3]gate.Verdict{yes, same, same}, [3]gate.Verdict{yes, yes, yes}, "", adopt,
			"Better in every one of 2 scenarios."},
		{[3]gate.Verdict{same, yes, same}, [3]gate.Verdict{yes, same, same}, "", adopt,
			"Allocations: 50.0% less (1 scenario)."},
		{[3]gate.Verdict{yes, same, no}, [3]gate.Verdict{yes, same, same}, "", adopt,
			"The price: memory of a live key 100.0% more (1 scenario)."},
		{[3]gate.Verdict{yes, same, same}, [3]gate.Verdict{same, same, same}, "", adoptWhere,
			"No significant difference in 1 of 2: b."},
		{[3]gate.Verdict{yes, same, same}, [3]gate.Verdict{few, same, same}, "", adoptWhere,
			"Not shown in 1 of 2: b."},
		{[3]gate.Verdict{yes, same, same}, [3]gate.Verdict{no, same, same}, "", doNotAdopt,
			"Worse in b: time 100 ns → 200 ns, 100.0% more (p=0.010)."},
		{[3]gate.Verdict{yes, same, same}, [3]gate.Verdict{yes, no, same}, "", adopt,
			"The price: allocations 100.0% more (1 scenario)."},
		{[3]gate.Verdict{same, no, same}, [3]gate.Verdict{same, no, same}, "", doNotAdopt,
			"No significant gain in any scenario."},
		{[3]gate.Verdict{no, yes, same}, [3]gate.Verdict{yes, yes, same}, "", doNotAdopt, "Worse in 1 of 2: a."},
		{[3]gate.Verdict{few, yes, same}, [3]gate.Verdict{few, yes, same}, "", notShown,
			"Allocations: 50.0% less (2 scenarios)."},
		{[3]gate.Verdict{same, same, yes}, [3]gate.Verdict{same, same, same}, "", doNotAdopt,
			"No significant gain in any scenario."},
		{[3]gate.Verdict{few, few, few}, [3]gate.Verdict{same, same, same}, "", notShown, "Not shown in 1 of 2: a."},
		{[3]gate.Verdict{yes, same, same}, [3]gate.Verdict{yes, same, same}, "nobody looked", notShown,
			"would say “adopt”, but nobody looked."},
		{[3]gate.Verdict{no, same, same}, [3]gate.Verdict{no, same, same}, "nobody looked", doNotAdopt,
			"Worse in every one of 2 scenarios."},
	} {
		f := &gate.Findings{}
		for id, verdicts := range map[string][3]gate.Verdict{"Some/a": c.first, "Some/b": c.second} {
			for n, unit := range []string{bench.NsPerOp, bench.AllocsPerOp, bench.BytesPerKey} {
				f.Comparisons = append(f.Comparisons, made1(id, unit, verdicts[n]))
			}
		}
		if f.Comparisons[0].ID != "Some/a" { // maps have no order
			f.Comparisons = append(f.Comparisons[3:], f.Comparisons[:3]...)
		}
		got := advise(i, f, c.doubt)
		if why := strings.Join(got.Why, "\n"); got.Verdict != c.want || !strings.Contains(why, c.says) {
			t.Errorf("%v %v: %q, want %q and %q in\n%s", c.first, c.second, got.Verdict, c.want, c.says, why)
		}
	}
	if got := advise(i, &gate.Findings{}, ""); got.Verdict != notShown {
		t.Errorf("nothing measured: %q", got.Verdict)
	}
}

// made1 is a comparison with 100 for the baseline.
func made1(id, unit string, v gate.Verdict) gate.Comparison {
	c := gate.Comparison{ID: id, Unit: unit, Base: baseline, Rival: "optimized", Verdict: v, P: 0.01}
	c.A, c.B = benchmath.Summary{Center: 100}, benchmath.Summary{Center: 100}
	switch v {
	case gate.Better:
		c.B.Center = 50
	case gate.Worse:
		c.B.Center = 200
	}
	return c
}

// TestMissingScenariosAreNotShown: a rival that was not run in a scenario gets no praise for it.
func TestMissingScenariosAreNotShown(t *testing.T) {
	table := small(t)
	a := advise(ideas[0], gate.Judge(table, evidence()), "")
	if a.Verdict != adoptWhere || !strings.Contains(strings.Join(a.Why, "\n"), "Not shown in 6 of 7") {
		t.Errorf("%s is %q: %q", a.Code, a.Verdict, a.Why)
	}
}

// TestEveryScenarioIsSomebodys: no scenario of an idea's rival is left out of all ideas.
func TestEveryScenarioIsSomebodys(t *testing.T) {
	for _, sc := range bench.Scenarios() {
		for _, rival := range []string{"optimized", "direct"} {
			n := 0
			for _, i := range ideas {
				if i.rival == rival && i.about(sc.ID()) {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s is of %d ideas of %s, want 1", sc.ID(), n, rival)
			}
		}
	}
}

func TestHuman(t *testing.T) {
	for _, c := range []struct {
		unit  string
		value float64
		want  string
	}{
		{bench.NsPerOp, 0, "0 ns"},
		{bench.NsPerOp, 0.25, "0.25 ns"},
		{bench.NsPerOp, 45.12, "45.1 ns"},
		{bench.NsPerOp, 999.6, "1.00 µs"},
		{bench.P999, 12_345_678, "12.3 ms"},
		{bench.MaxLat, 99e9, "99 s"},
		{bench.BytesPerOp, 1536, "1.50 KiB"},
		{bench.AllocsPerOp, 0.01, "0.01"},
		{bench.AllocsPerOp, 3, "3"},
		{bench.ItemsPerSec, 21_345_678, "21.3M"},
		{bench.NsPerOp, math.NaN(), "none"},
		{bench.NsPerOp, math.Inf(1), "none"},
	} {
		if got := human(c.unit, c.value); got != c.want {
			t.Errorf("%v %s is %q, want %q", c.value, c.unit, got, c.want)
		}
	}
}

// TestPaletteHasContrast: at least 3 to 1 to the ground, as WCAG 2.1 has it for graphics.
func TestPaletteHasContrast(t *testing.T) {
	luminance := func(hex string) float64 {
		var rgb [3]uint8
		if _, err := fmt.Sscanf(hex, "#%02X%02X%02X", &rgb[0], &rgb[1], &rgb[2]); err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			v := float64(rgb[i]) / 255
			if v <= 0.04045 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			sum += weight * v
		}
		return sum
	}
	contrast := func(a, b string) float64 {
		x, y := luminance(a), luminance(b)
		return (max(x, y) + 0.05) / (min(x, y) + 0.05)
	}
	seen := map[string]bool{}
	for _, c := range palette {
		if l, d := contrast(c.light, "#FFFFFF"), contrast(c.dark, "#14171A"); l < 3 || d < 3 {
			t.Errorf("%v has contrasts %.1f and %.1f, want 3", c, l, d)
		}
		if seen[c.light] {
			t.Errorf("%s stands for two", c.light)
		}
		seen[c.light] = true
	}
}
