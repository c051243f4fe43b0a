package gate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchmath"

	"batchlab/stress/bench"
)

// Verdict says what may be said of two samples.
type Verdict string

// The verdicts. Less is better in every unit that is compared.
const (
	Better    Verdict = "better"
	Worse     Verdict = "worse"
	Same      Verdict = "no significant difference"
	TooFew    Verdict = "too few samples"
	TooNoisy  Verdict = "too noisy"
	NotThere  Verdict = "not measured"
	undecided Verdict = ""
)

const (
	// MinSamples is how many samples of each rival a verdict takes.
	MinSamples = 10
	// Alpha is the probability, at most, that there is any difference among those
	// reported for one rival that is none.
	Alpha = 0.05
	// Noise is how wide the confidence interval of a median may be, as a part of it, for
	// "no significant difference" to mean something.
	Noise = 0.5
	// confidence is that of the intervals.
	confidence = 0.95
)

// Comparison is a rival beside its base in one scenario, by one unit.
type Comparison struct {
	ID, Unit    string
	Base, Rival string
	A, B        benchmath.Summary // medians with their intervals, of base and rival
	NA, NB      int               // samples
	// P is the probability of a difference as large as this if there were none (Mann
	// and Whitney's U test), adjusted for the number of comparisons (Holm's method).
	P       float64
	Verdict Verdict
}

// Ratio is how many times less than the base the rival takes.
func (c Comparison) Ratio() float64 { return c.A.Center / c.B.Center }

// Less is how much less than the base the rival takes, in percent; negative if more.
func (c Comparison) Less() float64 {
	if c.A.Center == c.B.Center {
		return 0
	}
	return 100 * (c.A.Center - c.B.Center) / c.A.Center
}

// pair is a comparison to be made.
type pair struct{ id, unit, base, rival string }

// compare compares pairs, and counts them as one family for the adjustment.
func compare(t *bench.Table, pairs []pair) []Comparison {
	list := make([]Comparison, 0, len(pairs))
	for _, p := range pairs {
		list = append(list, compareOne(t, p))
	}
	adjust(list)
	for i := range list {
		if list[i].Verdict == undecided {
			list[i].Verdict = list[i].verdict()
		}
	}
	return list
}

func compareOne(t *bench.Table, p pair) Comparison {
	c := Comparison{ID: p.id, Unit: p.unit, Base: p.base, Rival: p.rival, P: 1}
	a, b := values(t, p.base, p), values(t, p.rival, p)
	c.NA, c.NB = len(a), len(b)
	if c.NA == 0 || c.NB == 0 {
		c.Verdict = NotThere
		return c
	}
	thresholds := &benchmath.Thresholds{CompareAlpha: Alpha}
	sa, sb := benchmath.NewSample(a, thresholds), benchmath.NewSample(b, thresholds)
	c.A = benchmath.AssumeNothing.Summary(sa, confidence)
	c.B = benchmath.AssumeNothing.Summary(sb, confidence)
	if min(c.NA, c.NB) < MinSamples {
		c.Verdict = TooFew
		return c
	}
	c.P = benchmath.AssumeNothing.Compare(sa, sb).P
	return c
}

func values(t *bench.Table, impl string, p pair) []float64 {
	if row := t.Row(impl, p.id); row != nil {
		return row.Values(p.unit)
	}
	return nil
}

// adjust is Holm's method: of n comparisons the smallest P has to do for all n, the
// next for n-1, and so on.
func adjust(list []Comparison) {
	var order []*Comparison
	for i := range list {
		if list[i].Verdict == undecided {
			order = append(order, &list[i])
		}
	}
	slices.SortStableFunc(order, func(a, b *Comparison) int { return cmp.Compare(a.P, b.P) })
	least := 0.0
	for i, c := range order {
		least = max(least, min(1, c.P*float64(len(order)-i)))
		c.P = least
	}
}

func (c Comparison) verdict() Verdict {
	switch {
	case c.P < Alpha && c.B.Center < c.A.Center:
		return Better
	case c.P < Alpha && c.B.Center > c.A.Center:
		return Worse
	case spread(c.A) > Noise || spread(c.B) > Noise:
		return TooNoisy
	}
	return Same
}

// spread is the width of an interval, as a part of its median.
func spread(s benchmath.Summary) float64 {
	if s.Center == 0 {
		return 0
	}
	return (s.Hi - s.Lo) / s.Center
}

// String says what may be said, with its figures.
func (c Comparison) String() string {
	switch c.Verdict {
	case Better:
		return fmt.Sprintf("%.1f%% less (p=%.3f)", c.Less(), c.P)
	case Worse:
		return fmt.Sprintf("%.1f%% more (p=%.3f)", -c.Less(), c.P)
	case Same:
		return fmt.Sprintf("%s (p=%.3f)", Same, c.P)
	case TooFew:
		return fmt.Sprintf("%s (%d and %d, want %d)", TooFew, c.NA, c.NB, MinSamples)
	case TooNoisy:
		return fmt.Sprintf("%s (the medians are good to ±%.0f%% and ±%.0f%%)", TooNoisy, 50*spread(c.A), 50*spread(c.B))
	}
	return string(c.Verdict)
}

// Improvement is the line of the plan's format: "Improvement: 50.3% faster, 100% fewer
// allocations", with what is significant only. times and allocs are of one pair.
func Improvement(times, allocs Comparison) string {
	var better, worse []string
	say := func(c Comparison, less, more string, decimals int) {
		switch c.Verdict {
		case Better:
			better = append(better, fmt.Sprintf("%.*f%% %s", decimals, c.Less(), less))
		case Worse:
			if math.IsInf(c.Less(), 0) {
				worse = append(worse, more+" where there were none")
			} else {
				worse = append(worse, fmt.Sprintf("%.*f%% %s", decimals, -c.Less(), more))
			}
		}
	}
	if times.Unit == bench.NsPerOp {
		say(times, "faster", "slower", 1)
	} else {
		say(times, "less processor time", "more processor time", 1)
	}
	say(allocs, "fewer allocations", "more allocations", 0)
	var parts []string
	if len(better) > 0 {
		parts = append(parts, "Improvement: "+strings.Join(better, ", "))
	}
	if len(worse) > 0 {
		parts = append(parts, "Regression: "+strings.Join(worse, ", "))
	}
	if len(parts) == 0 {
		return times.String()
	}
	return strings.Join(parts, "; ")
}
