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

// curve is an implementation's latencies in a scenario, by quantile; 0 where there is none.
type curve struct {
	impl   string
	values []float64
}

// curvesOf are the curves of a scenario: medians, over the samples, of each quantile.
func curvesOf(t *bench.Table, id string, impls []string) []curve {
	var list []curve
	for _, impl := range impls {
		c := curve{impl: impl}
		some := false
		for _, q := range bench.Quantiles {
			s, ok := figure(t, impl, id, q.Unit)
			v := 0.0
			if ok && drawable(s.Center) {
				v, some = s.Center, true
			}
			c.values = append(c.values, v)
		}
		if some {
			list = append(list, c)
		}
	}
	return list
}

// curvePlot draws curves with a mark at each quantile.
type curvePlot struct {
	curves []curve
	paint  paint
}

// Plot implements plot.Plotter.
func (l curvePlot) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, curve := range l.curves {
		colour := l.paint.colour(curve.impl)
		line := draw.LineStyle{Color: colour, Width: 1.5, Dashes: l.paint.dashes(curve.impl)}
		mark := draw.GlyphStyle{Color: colour, Radius: 2.6, Shape: l.paint.mark(curve.impl)}
		var run []vg.Point // what hangs together
		for i, v := range curve.values {
			if !drawable(v) {
				c.StrokeLines(line, run)
				run = nil
				continue
			}
			at := vg.Point{X: x(float64(i)), Y: y(v)}
			run = append(run, at)
			c.DrawGlyphNoClip(mark, at)
		}
		if len(run) > 1 {
			c.StrokeLines(line, run)
		}
	}
}

// latencyChart draws the curves of one scenario.
func latencyChart(id string, curves []curve, paint paint) template.HTML {
	a := axis{math.Inf(1), math.Inf(-1)}
	var said []string
	for _, c := range curves {
		a.over(c.values...)
		var points []string
		for i, v := range c.values {
			if drawable(v) {
				points = append(points, called(bench.Quantiles[i].Unit)+" "+human(bench.Quantiles[i].Unit, v))
			}
		}
		said = append(said, c.impl+" "+strings.Join(points, ", "))
	}
	a.lo, a.hi = roundDown(a.lo), roundUp(a.hi)
	p := newPlot()
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal = nil, faint
	p.Add(grid, curvePlot{curves, paint})
	names := make([]string, 0, len(bench.Quantiles))
	for _, q := range bench.Quantiles {
		names = append(names, called(q.Unit))
	}
	p.NominalX(names...)
	p.X.Min, p.X.Max = -0.25, float64(len(names))-0.75
	p.Y.Min, p.Y.Max = a.lo, a.hi
	p.Y.Scale = plot.LogScale{}
	p.Y.Tick.Marker = plot.ConstantTicks(logTicks(a.lo, a.hi, 7, func(v float64) string { return human(bench.P50, v) }))
	label := fmt.Sprintf("%s, latency: %s", id, strings.Join(said, "; "))
	const high = 190
	return render(chartWide, high, label, func(c draw.Canvas) { p.Draw(draw.Crop(c, 0, -4, 0, -4)) })
}

// roundDown and roundUp go to the next of 1, 2 and 5 times a power of ten.
func roundDown(v float64) float64 {
	p := math.Pow10(int(math.Floor(math.Log10(v))))
	for _, s := range []float64{5, 2} {
		if v >= s*p {
			return s * p
		}
	}
	return p
}

func roundUp(v float64) float64 {
	p := math.Pow10(int(math.Floor(math.Log10(v))))
	for _, s := range []float64{1, 2, 5} {
		if v <= s*p {
			return math.Max(s*p, roundDown(v)*1.5) // an axis has a length
		}
	}
	return 10 * p
}
