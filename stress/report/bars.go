package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"batchlab/stress/bench"
)

// bar is an implementation in a scenario.
type bar struct {
	impl   string
	ratio  float64 // how many times less than the baseline it takes; NaN if that cannot be said
	lo, hi float64 // its interval beside the baseline's median; NaN if there is none
	figure string
}

// drawable reports whether a figure has a place on a logarithmic axis.
func drawable(v float64) bool { return v > 0 && !math.IsInf(v, 0) && !math.IsNaN(v) }

// barsOf are the bars of a scenario, the baseline's first, or none if it has no baseline.
func barsOf(t *bench.Table, id string, impls []string) []bar {
	unit := unitOf(id)
	base, ok := figure(t, baseline, id, unit)
	if !ok || !drawable(base.Center) {
		return nil
	}
	var list []bar
	for _, impl := range impls {
		s, ok := figure(t, impl, id, unit)
		if !ok {
			continue
		}
		b := bar{impl: impl, ratio: base.Center / s.Center, lo: base.Center / s.Hi, hi: base.Center / s.Lo,
			figure: human(unit, s.Center)}
		if !drawable(b.ratio) {
			b.ratio = math.NaN()
		}
		if !drawable(b.ratio) || !drawable(b.lo) || !drawable(b.hi) {
			b.lo, b.hi = math.NaN(), math.NaN()
		}
		list = append(list, b)
	}
	return list
}

// axis is the range that the charts of a figure share: they are to be compared.
type axis struct{ lo, hi float64 }

// over widens the range to hold a value.
func (a *axis) over(values ...float64) {
	for _, v := range values {
		if drawable(v) {
			a.lo, a.hi = math.Min(a.lo, v), math.Max(a.hi, v)
		}
	}
}

// barPlot draws horizontal bars from 1, with whiskers, the first on top.
type barPlot struct {
	bars  []bar
	paint paint
}

// Plot implements plot.Plotter.
func (b barPlot) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	const half = 4.5
	for i, bar := range b.bars {
		at := y(float64(len(b.bars) - 1 - i))
		if drawable(bar.ratio) {
			from, to := x(1), x(bar.ratio)
			c.FillPolygon(b.paint.colour(bar.impl), []vg.Point{{X: from, Y: at - half}, {X: to, Y: at - half},
				{X: to, Y: at + half}, {X: from, Y: at + half}})
		}
		if drawable(bar.lo) {
			line := draw.LineStyle{Color: ink, Width: 1}
			c.StrokeLine2(line, x(bar.lo), at, x(bar.hi), at)
			for _, end := range []float64{bar.lo, bar.hi} {
				c.StrokeLine2(line, x(end), at-2.5, x(end), at+2.5)
			}
		}
	}
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: 0.75}, x(1), c.Min.Y, x(1), c.Max.Y)
}

// barChart draws the bars of one scenario.
func barChart(id string, bars []bar, a axis, paint paint) template.HTML {
	p := newPlot()
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical = nil, faint
	p.Add(grid, barPlot{bars, paint})
	var said []string
	names := vg.Length(0)
	for _, b := range bars {
		text := "no ratio"
		if drawable(b.ratio) {
			text = times(b.ratio)
		}
		said = append(said, fmt.Sprintf("%s %s (%s)", b.impl, text, b.figure))
		names = max(names, textStyle(draw.XRight).Width(printable(b.impl)))
	}
	names = min(names, chartWide/3)
	p.HideY()
	p.X.Min, p.X.Max = a.lo, a.hi
	p.X.Scale = plot.LogScale{}
	p.X.Tick.Marker = plot.ConstantTicks(logTicks(a.lo, a.hi, 6,
		func(v float64) string { return fmt.Sprintf("%.3g×", v) }))
	p.Y.Min, p.Y.Max = -0.6, float64(len(bars))-0.4
	const barHigh, below, figures, ratios, gap = 15, 24, 52, 46, 8
	height := vg.Length(len(bars)*barHigh + below)
	label := fmt.Sprintf("%s, %s beside the baseline: %s", id, called(unitOf(id)), strings.Join(said, ", "))
	return render(chartWide, height, label, func(c draw.Canvas) {
		middle := draw.Crop(c, names+gap, -figures-ratios, 0, 0)
		p.Draw(middle)
		data := p.DataCanvas(middle)
		_, y := p.Transforms(&data)
		for i, b := range bars {
			at := y(float64(len(bars) - 1 - i))
			write(&c, c.Min.X+names, at, draw.XRight, b.impl)
			if drawable(b.ratio) {
				write(&c, c.Max.X-figures-2, at, draw.XRight, times(b.ratio))
			}
			write(&c, c.Max.X, at, draw.XRight, b.figure)
		}
	})
}

// logTicks are ticks at 1, 2 and 5 times powers of ten, or at the powers alone, with at
// most so many labels.
func logTicks(lo, hi float64, most int, label func(float64) string) []plot.Tick {
	first, last := int(math.Floor(math.Log10(lo))), int(math.Ceil(math.Log10(hi)))
	for _, steps := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
		if ticks := ticksAt(lo, hi, first, last, 1, steps, label); len(ticks) <= most && len(ticks) > 1 {
			return ticks
		}
	}
	decades := 1
	for (last-first)/decades > most {
		decades++
	}
	return ticksAt(lo, hi, first, last, decades, []float64{1}, label)
}

func ticksAt(lo, hi float64, first, last, decades int, steps []float64, label func(float64) string) []plot.Tick {
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		if e%decades != 0 {
			continue
		}
		for _, s := range steps {
			if v := s * math.Pow10(e); v >= lo*0.999 && v <= hi*1.001 {
				ticks = append(ticks, plot.Tick{Value: v, Label: label(v)})
			}
		}
	}
	return ticks
}
