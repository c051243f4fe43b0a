package report

import (
	"fmt"
	"math"
	"strings"

	"batchlab/stress/bench"
)

// What follows says where a chart has what; chart.svg.tmpl draws it. A chart is as wide as a
// phone, so that nothing shrinks there, and its colours are the page's.
const (
	chartWide = 350
	charWide  = 5.4 // of its text, at most, on average
)

// drawable reports whether a figure has a place on a logarithmic axis.
func drawable(v float64) bool { return v > 0 && !math.IsInf(v, 0) && !math.IsNaN(v) }

// axis is a logarithmic range, and where a chart has its ends. Charts that are to be compared share the range.
type axis struct{ lo, hi, from, to float64 }

// over widens the range to hold values.
func (a *axis) over(values ...float64) {
	for _, v := range values {
		if drawable(v) {
			a.lo, a.hi = min(a.lo, v), max(a.hi, v)
		}
	}
}

// At is where a value is.
func (a axis) At(v float64) float64 {
	return tenth(a.from + (a.to-a.from)*math.Log(v/a.lo)/math.Log(a.hi/a.lo))
}

func tenth(v float64) float64 { return math.Round(10*v) / 10 }

// tick is a value with its name.
type tick struct {
	Value float64
	Label string
}

// ticks are at 1, 2 and 5 times powers of ten, or at fewer, so that there are at most so many.
func (a axis) ticks(most int, label func(float64) string) []tick {
	first, last := int(math.Floor(math.Log10(a.lo))), int(math.Ceil(math.Log10(a.hi)))
	steps := [][]float64{{1, 2, 5}, {1, 3}, {1}}
	for n := 0; ; n++ {
		var list []tick
		decades := max(n-1, 1)
		for e := first; e <= last; e++ {
			for _, s := range steps[min(n, 2)] {
				if v := s * math.Pow10(e); e%decades == 0 && v >= a.lo*0.999 && v <= a.hi*1.001 {
					list = append(list, tick{v, label(v)})
				}
			}
		}
		if len(list) <= most {
			return list
		}
	}
}

// rounded are the next of 1, 2 and 5 times powers of ten: at most a value, and above it.
func rounded(v float64) (below, above float64) {
	power := math.Pow10(int(math.Floor(math.Log10(v))))
	below = power
	for _, s := range []float64{2, 5, 10} {
		if above = s * power; above > v {
			break
		}
		below = above
	}
	return below, above
}

// bar is an implementation in a scenario.
type bar struct {
	Impl, Class, Figure string
	Ratio               float64 // how many times less than the baseline it takes; if that cannot be said it is not Drawn
	Lo, Hi              float64 // its interval beside the baseline's median, if it is Sure
}

func (b bar) Drawn() bool   { return drawable(b.Ratio) }
func (b bar) Sure() bool    { return b.Drawn() && drawable(b.Lo) && drawable(b.Hi) }
func (b bar) Times() string { return times(b.Ratio) }

// barsOf are the bars of a scenario, the baseline's first, or none if it has no baseline.
func barsOf(t *bench.Table, id string, impls []string, paint paint) []bar {
	unit := unitOf(id)
	base, ok := figure(t, baseline, id, unit)
	if !ok || !drawable(base.Center) {
		return nil
	}
	var list []bar
	for _, impl := range impls {
		if s, ok := figure(t, impl, id, unit); ok {
			list = append(list, bar{impl, paint.Class(impl), human(unit, s.Center), base.Center / s.Center,
				base.Center / s.Hi, base.Center / s.Lo})
		}
	}
	return list
}

// barChart is the bars of a scenario, one below the other, from 1 on.
type barChart struct {
	axis
	Label string
	Names float64 // where they end
	Bars  []bar
}

// Top is where a row begins, Low where the last one ends.
func (c barChart) Top(row int) int { return 15 * row }
func (c barChart) Low() int        { return c.Top(len(c.Bars)) }
func (c barChart) Height() int     { return c.Low() + 24 }
func (c barChart) Ticks() []tick {
	return c.ticks(6, func(v float64) string { return fmt.Sprintf("%.3g×", v) })
}

func newBarChart(id string, bars []bar, a axis) *barChart {
	var said []string
	names := 0
	for _, b := range bars {
		text := "no ratio"
		if b.Drawn() {
			text = b.Times()
		}
		said = append(said, fmt.Sprintf("%s %s (%s)", b.Impl, text, b.Figure))
		names = max(names, len(b.Impl))
	}
	name := tenth(min(charWide*float64(names), chartWide/3))
	a.from, a.to = name+8, chartWide-98
	label := fmt.Sprintf("%s, %s beside the baseline: %s", id, called(unitOf(id)), strings.Join(said, ", "))
	return &barChart{a, label, name, bars}
}

// curve is an implementation's latencies in a scenario, by quantile; 0 where there is none.
type curve struct {
	Impl, Class string
	Look        look
	values      []float64
}

// curvesOf are the curves of a scenario: medians, over the samples, of each quantile.
func curvesOf(t *bench.Table, id string, impls []string, paint paint) []curve {
	var list []curve
	for _, impl := range impls {
		c := curve{impl, paint.Class(impl), paint.Look(impl), make([]float64, len(bench.Quantiles))}
		some := false
		for i, q := range bench.Quantiles {
			if s, ok := figure(t, impl, id, q.Unit); ok && drawable(s.Center) {
				c.values[i], some = s.Center, true
			}
		}
		if some {
			list = append(list, c)
		}
	}
	return list
}

// curveChart is the curves of a scenario.
type curveChart struct {
	axis
	Label  string
	Curves []curve
}

func newCurveChart(id string, curves []curve) *curveChart {
	a := axis{lo: math.Inf(1), from: 164, to: 6}
	var said []string
	for _, c := range curves {
		a.over(c.values...)
		var points []string
		for i, v := range c.values {
			if drawable(v) {
				points = append(points, called(bench.Quantiles[i].Unit)+" "+human(bench.Quantiles[i].Unit, v))
			}
		}
		said = append(said, c.Impl+" "+strings.Join(points, ", "))
	}
	a.lo, _ = rounded(a.lo)
	_, a.hi = rounded(a.hi)
	return &curveChart{a, fmt.Sprintf("%s, latency: %s", id, strings.Join(said, "; ")), curves}
}

func (c curveChart) Ticks() []tick {
	return c.ticks(7, func(v float64) string { return human(bench.P50, v) })
}

// point is a place in a chart, and what it is called.
type point struct {
	X, Y  float64
	Label string
}

// Quantiles are where the quantiles are, from left to right.
func (c curveChart) Quantiles() []point {
	list := make([]point, len(bench.Quantiles))
	for i, q := range bench.Quantiles {
		list[i] = point{tenth(46 + (chartWide-50)*(float64(i)+0.25)/(float64(len(list))-0.5)), 0, called(q.Unit)}
	}
	return list
}

// Points are those of a curve that can be drawn, and Path is what joins neighbours.
func (c curveChart) Points(of curve) (list []point) {
	for i, q := range c.Quantiles() {
		if drawable(of.values[i]) {
			list = append(list, point{q.X, c.At(of.values[i]), ""})
		}
	}
	return list
}

func (c curveChart) Path(of curve) string {
	var path strings.Builder
	move := "M"
	for i, q := range c.Quantiles() {
		if !drawable(of.values[i]) {
			move = "M"
			continue
		}
		fmt.Fprintf(&path, "%s%v %v", move, q.X, c.At(of.values[i]))
		move = "L"
	}
	return path.String()
}
