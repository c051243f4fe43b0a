package report

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// figure is the median of a row by a unit, with its interval. It is false if there is none.
func figure(t *bench.Table, impl, id, unit string) (benchmath.Summary, bool) {
	row := t.Row(impl, id)
	if row == nil || len(row.Values(unit)) == 0 {
		return benchmath.Summary{}, false
	}
	return gate.Median(row.Values(unit)), true
}

// unitOf is the unit by which a scenario is compared.
func unitOf(id string) string {
	sc, _ := bench.ByID(id)
	return sc.Unit
}

// called is what people call the figures of a unit.
func called(unit string) string { return cmp.Or(calledSo[unit], unit) }

var calledSo = map[string]string{
	bench.NsPerOp: "time", bench.CPUPerOp: "processor time", bench.AllocsPerOp: "allocations",
	bench.BytesPerKey: "memory of a live key", bench.P50: "P50", bench.P90: "P90", bench.P95: "P95", bench.P99: "P99",
	bench.P999: "P99.9", bench.MaxLat: "max",
}

// human writes a figure with its unit: "45.1 ns", "1.2 KiB", "21.3M".
func human(unit string, v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "none"
	case unit == bench.NsPerOp || unit == bench.CPUPerOp || strings.HasSuffix(unit, "-ns"):
		return scaled(v, 1000, " ", "ns", "µs", "ms", "s")
	case strings.HasPrefix(unit, "B/") || strings.HasPrefix(unit, "live-B/"):
		return scaled(v, 1024, " ", "B", "KiB", "MiB", "GiB")
	}
	return scaled(v, 1000, "", "", "k", "M", "G")
}

// scaled writes three digits of a figure, in the largest unit that it fills.
func scaled(v, step float64, space string, units ...string) string {
	i := 0
	// 999.6 would be written as 1000 of the smaller unit.
	for math.Abs(v) >= step-0.5 && i < len(units)-1 {
		v /= step
		i++
	}
	text := digits(v)
	if units[i] == "" {
		return text
	}
	return text + space + units[i]
}

// digits writes three significant digits, and whole numbers from 100 on.
func digits(v float64) string {
	switch a := math.Abs(v); {
	case v == math.Trunc(v) && a < 1e6, a >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 0.1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

// interval writes how far the median may be off: "±2%".
func interval(s benchmath.Summary) string {
	switch r := s.PctRangeString(); r {
	case "∞":
		return "±∞" // too few samples
	case "?":
		return ""
	default:
		return "±" + r
	}
}

// times writes a ratio: "12.3×".
func times(ratio float64) string { return digits(ratio) + "×" }

// beside says what a comparison shows, with both medians: "time 812 ns → 34.1 ns, 95.8%
// less (p<0.001)".
func beside(c gate.Comparison) string {
	switch c.Verdict {
	case gate.NotThere:
		return fmt.Sprintf("%s %s", called(c.Unit), gate.NotThere)
	case gate.TooFew, gate.TooNoisy:
		return fmt.Sprintf("%s %s", called(c.Unit), c)
	}
	return fmt.Sprintf("%s %s → %s, %s (%s)", called(c.Unit), human(c.Unit, c.A.Center), human(c.Unit, c.B.Center),
		change(c), probability(c.P))
}

// change is how much less or more, where that is significant: "43.1% less", "12.0 times less".
func change(c gate.Comparison) string {
	less := c.Less()
	switch {
	case c.Verdict == gate.Better && c.B.Center > 0 && c.Ratio() >= 3:
		return digits(c.Ratio()) + " times less"
	case c.Verdict == gate.Better:
		return percent(less) + " less"
	case c.Verdict == gate.Worse && math.IsInf(less, 0):
		return "more where there were none"
	case c.Verdict == gate.Worse && less <= -200:
		return digits(c.B.Center/c.A.Center) + " times as much"
	case c.Verdict == gate.Worse:
		return percent(-less) + " more"
	}
	return string(c.Verdict)
}

func probability(p float64) string {
	if p < 0.001 {
		return "p<0.001"
	}
	return fmt.Sprintf("p=%.3f", p)
}

func percent(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) + "%" }
