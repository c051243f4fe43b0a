package report

import (
	"cmp"
	"slices"
	"strings"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// kindOf is a kind's scenarios.
type kindOf struct {
	Title     string
	Scenarios []scenario
}

// scenario is a table of figures.
type scenario struct {
	ID, What string
	Columns  []string
	Rows     []row
}

// row is an implementation's figures.
type row struct {
	Impl    string
	Cells   []cell // one for each column
	Verdict string // beside the baseline
	State   string // "better", "worse" or "", for the eye
}

// cell is a median with its interval, or empty.
type cell struct{ Value, Range string }

// columns are the units that have a place in the tables, after what the scenario is
// compared by. One that nobody has figures of is left out.
var columns = []string{
	bench.BytesPerOp, bench.AllocsPerOp, bench.ItemsPerSec, bench.BytesPerKey,
	bench.P50, bench.P95, bench.P99, bench.P999, bench.MaxLat,
}

// tables makes a table of each scenario, by kind.
func tables(t *bench.Table, f *gate.Findings, impls []string) []kindOf {
	var list []kindOf
	for _, id := range ordered(t) {
		kind, _, _ := strings.Cut(id, "/")
		title := titleOf(kind)
		if len(list) == 0 || list[len(list)-1].Title != title {
			list = append(list, kindOf{Title: title})
		}
		k := &list[len(list)-1]
		k.Scenarios = append(k.Scenarios, tableOf(t, f, id, impls))
	}
	return list
}

func tableOf(t *bench.Table, f *gate.Findings, id string, impls []string) scenario {
	sc, _ := bench.ByID(id)
	s := scenario{ID: id, What: sc.What}
	units := []string{unitOf(id)}
	for _, unit := range columns {
		if slices.ContainsFunc(impls, func(impl string) bool { _, ok := figure(t, impl, id, unit); return ok }) {
			units = append(units, unit)
		}
	}
	for i, unit := range units {
		name := called(unit)
		if i == 0 {
			name += ", " + unit
		} else if unit == bench.AllocsPerOp || unit == bench.BytesPerKey {
			name = unit
		}
		s.Columns = append(s.Columns, name)
	}
	for _, impl := range impls {
		r := t.Row(impl, id)
		if r == nil {
			continue
		}
		out := row{Impl: impl}
		for _, unit := range units {
			c := cell{}
			if m, ok := figure(t, impl, id, unit); ok {
				c = cell{human(unit, m.Center), interval(m)}
			}
			out.Cells = append(out.Cells, c)
		}
		out.Verdict, out.State = verdict(f, r)
		s.Rows = append(s.Rows, out)
	}
	return s
}

// verdict is the plan's line for a row, and what it comes to.
func verdict(f *gate.Findings, r *bench.Row) (words, state string) {
	switch {
	case r.Impl == baseline:
		return "what the others are compared with", ""
	case slices.Contains(gate.Peers[r.Kind], r.Impl):
		return "a peer, compared with direct only", ""
	case bench.IsLimit(r.Impl):
		return "a limit, of no implementation: direct is compared with it", ""
	}
	times, allocs := f.Of(r.Impl, r.ID, unitOf(r.ID)), f.Of(r.Impl, r.ID, bench.AllocsPerOp)
	words = gate.Improvement(times, allocs)
	p99 := f.Of(r.Impl, r.ID, bench.P99)
	if p99.Verdict == gate.Better || p99.Verdict == gate.Worse {
		words += "; P99 " + change(p99)
	}
	if limit := f.Beside(r.Impl, r.ID); limit != "" {
		words += "; " + limit
	}
	for _, c := range []gate.Comparison{times, allocs, p99} {
		if c.Verdict == gate.Worse || c.Verdict == gate.Better && state == "" {
			state = string(c.Verdict)
		}
	}
	return words, state
}

// titleOf is what people call the implementations of a kind.
func titleOf(kind string) string { return cmp.Or(titlesOf[kind], kind) }

var titlesOf = map[string]string{"Batcher": "Batchers", "Map": "Maps", "DedupBatcher": "Dedup batchers"}
