package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"batchlab/stress/bench"
)

// figureOf is a group of charts that share a legend.
type figureOf struct {
	Title, Caption string
	Legend         []key
	Charts         []chart
	Missing        []string // scenarios that cannot be drawn
	Lines          bool
}

type chart struct {
	Name, Keys string // "put" and "producers=8"
	What, Unit string
	SVG        template.HTML
}

// key is a line of a legend.
type key struct {
	Impl string
	SVG  template.HTML
}

const barCaption = "How many times less %s than the baseline, on a logarithmic axis: to the right of 1× is better. " +
	"Whiskers are the 95%% interval of each median, beside the baseline's median. The figures at the right are the " +
	"ratio and the median."

const lineCaption = "From when an item was due to when its handler has seen it: the median, over the samples, of " +
	"each quantile, on a logarithmic axis. Lower is better."

// charts draws every figure: bars for batchers, for maps by the number of buckets, for
// dedup batchers, and latencies.
func charts(t *bench.Table, impls []string, paint paint) []figureOf {
	var titles []string
	groups := map[string][]string{}
	for _, id := range ordered(t) {
		title := figureTitle(id)
		if !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
		groups[title] = append(groups[title], id)
	}
	var list []figureOf
	for _, title := range titles {
		list = append(list, barFigure(t, title, groups[title], impls, paint))
	}
	if f := latencyFigure(t, impls, paint); len(f.Charts) > 0 {
		list = append(list, f)
	}
	return list
}

// figureTitle is the figure that a scenario belongs to.
func figureTitle(id string) string {
	kind, keys, _ := strings.Cut(id, "/")
	for key := range strings.SplitSeq(keys, "/") {
		if n, ok := strings.CutPrefix(key, "buckets="); ok && kind == "Map" {
			return titleOf(kind) + " with " + plural(n, "bucket")
		}
	}
	return titleOf(kind)
}

func barFigure(t *bench.Table, title string, ids, impls []string, paint paint) figureOf {
	f := figureOf{Title: title}
	shared := axis{0.5, 2}
	bars := map[string][]bar{}
	var units, shown []string
	for _, id := range ids {
		list := barsOf(t, id, impls)
		if len(list) == 0 {
			f.Missing = append(f.Missing, id)
			continue
		}
		bars[id] = list
		for _, b := range list {
			shared.over(b.ratio, b.lo, b.hi)
			if !slices.Contains(shown, b.impl) {
				shown = append(shown, b.impl)
			}
		}
		if u := called(unitOf(id)); !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	f.Caption = fmt.Sprintf(barCaption, strings.Join(units, " or "))
	for _, id := range ids {
		if bars[id] == nil {
			continue
		}
		f.Charts = append(f.Charts, newChart(id, called(unitOf(id)), barChart(id, bars[id], shared, paint)))
	}
	f.Legend = legend(impls, shown, paint, false)
	return f
}

func latencyFigure(t *bench.Table, impls []string, paint paint) figureOf {
	f := figureOf{Title: "Latency", Caption: lineCaption, Lines: true}
	var shown []string
	for _, id := range ordered(t) {
		curves := curvesOf(t, id, impls)
		if len(curves) == 0 {
			continue
		}
		for _, c := range curves {
			shown = append(shown, c.impl)
		}
		f.Charts = append(f.Charts, newChart(id, "", latencyChart(id, curves, paint)))
	}
	f.Legend = legend(impls, shown, paint, true)
	return f
}

// newChart heads a chart with its scenario, without the kind, which the figure may have.
func newChart(id, unit string, svg template.HTML) chart {
	parts := strings.Split(id, "/")
	c := chart{Name: parts[0], Unit: unit, SVG: svg}
	if len(parts) > 1 {
		c.Name, c.Keys = parts[1], strings.Join(parts[2:], ", ")
	}
	sc, _ := bench.ByID(id)
	c.What = sc.What
	return c
}

// legend names what is shown, in the order of all charts.
func legend(impls, shown []string, paint paint, lines bool) []key {
	var list []key
	for _, impl := range impls {
		if slices.Contains(shown, impl) {
			list = append(list, key{Impl: impl, SVG: swatch(impl, paint, lines)})
		}
	}
	return list
}

// ordered lists a table's scenarios in the order in which they are run, and then those
// that nobody knows.
func ordered(t *bench.Table) []string {
	all := bench.Scenarios()
	place := func(id string) int {
		if i := slices.IndexFunc(all, func(sc bench.Scenario) bool { return sc.ID() == id }); i >= 0 {
			return i
		}
		return len(all)
	}
	return slices.SortedStableFunc(slices.Values(t.IDs()), func(a, b string) int { return place(a) - place(b) })
}
