package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// The recommendations.
const (
	adopt      = "adopt"
	adoptWhere = "adopt where it is better"
	doNotAdopt = "do not adopt"
	notShown   = "not shown"
)

// rules are said on the page. They are what advise does.
var rules = []string{
	"A scenario is better if time, processor time or, where items come at a pace, P99 of latency is significantly less " +
		"than the baseline's and none of them is significantly more; or if they show no significant difference, and there " +
		"are significantly fewer allocations. It is worse if any of the three is significantly more.",
	"Adopt: better in every scenario of the idea. Adopt where it is better: better in some, worse in none. Do not " +
		"adopt: worse in one or more, or better in none. Not shown: the samples do not say.",
	"More allocations and more memory of live keys are a price, which is named, and which the reader has to weigh.",
	"Without complete evidence that an optimized version is still the same component it is not recommended, whatever " +
		"the figures are.",
}

// advice is what to do with an idea.
type advice struct {
	Name, Code, Of string
	Verdict        string
	Why            []string // the deciding figures first
	Caveats        []string
	Rows           []advisedRow
}

// advisedRow is what an idea does to a scenario.
type advisedRow struct {
	ID      string
	Verdict string // "better", "worse", "no significant difference" or "not shown"
	Figures []string
	Worse   []string // those of the figures that make it worse
}

// advise is what to do with one idea. doubt says what is missing of the evidence for it.
func advise(i idea, f *gate.Findings, doubt string) advice {
	a := advice{Name: i.name, Code: i.code, Of: i.of, Caveats: i.caveats}
	all := slices.DeleteFunc(slices.Clone(f.Comparisons),
		func(c gate.Comparison) bool { return c.Rival != i.rival || !i.about(c.ID) })
	for _, id := range i.scenarios(all) {
		a.Rows = append(a.Rows, rowOf(id, all))
	}
	a.Verdict = a.decide()
	a.Why = append(a.reasons(), gains(all)...)
	if doubt != "" && (a.Verdict == adopt || a.Verdict == adoptWhere) {
		a.Why = append([]string{fmt.Sprintf("The figures alone would say “%s”, but %s.", a.Verdict, doubt)}, a.Why...)
		a.Verdict = notShown
	}
	return a
}

func (i idea) about(id string) bool {
	return slices.ContainsFunc(i.rows, func(p string) bool { return strings.HasPrefix(id, p) })
}

// scenarios are those that were compared and, if there are any, those that should have
// been: what was not measured must not look as if it had been good.
func (i idea) scenarios(all []gate.Comparison) []string {
	if len(all) == 0 {
		return nil
	}
	var ids []string
	for _, sc := range bench.Scenarios() {
		if i.about(sc.ID()) {
			ids = append(ids, sc.ID())
		}
	}
	for _, c := range all {
		if !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// rowOf is what the comparisons say of one scenario.
func rowOf(id string, all []gate.Comparison) advisedRow {
	r := advisedRow{ID: id}
	found := map[gate.Verdict]bool{}
	open, fewer := false, false
	for _, c := range all {
		if c.ID != id {
			continue
		}
		r.Figures = append(r.Figures, beside(c))
		switch {
		case isPrice(c.Unit):
			fewer = fewer || c.Unit == bench.AllocsPerOp && c.Verdict == gate.Better
			continue
		case c.Verdict == gate.Worse:
			r.Worse = append(r.Worse, beside(c))
		}
		found[c.Verdict] = true
		open = open || c.Verdict != gate.Better && c.Verdict != gate.Worse && c.Verdict != gate.Same
	}
	if len(r.Figures) == 0 {
		open = true
		r.Figures = []string{string(gate.NotThere)}
	}
	switch {
	case found[gate.Worse]:
		r.Verdict = string(gate.Worse)
	case found[gate.Better]:
		r.Verdict = string(gate.Better)
	case open:
		r.Verdict = notShown
	case fewer:
		r.Verdict = string(gate.Better)
	default:
		r.Verdict = string(gate.Same)
	}
	return r
}

// isPrice reports whether more of a unit is weighed by the reader.
func isPrice(unit string) bool { return unit == bench.AllocsPerOp || unit == bench.BytesPerKey }

// with lists the scenarios of a verdict.
func (a *advice) with(verdict string) []string {
	var ids []string
	for _, r := range a.Rows {
		if r.Verdict == verdict {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func (a *advice) decide() string {
	better, open := len(a.with(string(gate.Better))), len(a.with(notShown))
	switch {
	case len(a.Rows) == 0:
		return notShown
	case len(a.with(string(gate.Worse))) > 0:
		return doNotAdopt
	case better == len(a.Rows):
		return adopt
	case better > 0:
		return adoptWhere
	case open > 0:
		return notShown
	}
	return doNotAdopt
}

// few is how many scenarios are named before it is enough.
const few = 4

// reasons say in which scenarios the idea is what.
func (a *advice) reasons() []string {
	if len(a.Rows) == 0 {
		return []string{"It was not measured."}
	}
	var list []string
	for _, v := range []string{string(gate.Worse), string(gate.Better), string(gate.Same), notShown} {
		ids := a.with(v)
		switch {
		case len(ids) == 0:
			continue
		case len(ids) == len(a.Rows):
			list = append(list, fmt.Sprintf("%s in every one of %s.", sentence(v), counted(len(ids), "scenario")))
		default:
			names := short(ids)
			// Where to adopt it is said in full, and the rest is in the table of all.
			if a.Verdict != adoptWhere && len(names) > few {
				names = append(names[:few], fmt.Sprintf("and %d more", len(names)-few))
			}
			list = append(list, fmt.Sprintf("%s in %d of %d: %s.", sentence(v), len(ids), len(a.Rows),
				strings.Join(names, ", ")))
		}
		if v == string(gate.Worse) {
			list = append(list, a.losses()...)
		}
	}
	if a.Verdict == doNotAdopt && len(a.with(string(gate.Worse))) == 0 {
		list = append(list, "No significant gain in any scenario.")
	}
	return list
}

// losses are what the first few worse scenarios show.
func (a *advice) losses() []string {
	var list []string
	for _, r := range a.Rows {
		if r.Verdict == string(gate.Worse) && len(list) < few {
			list = append(list, fmt.Sprintf("Worse in %s: %s.", short([]string{r.ID})[0], strings.Join(r.Worse, "; ")))
		}
	}
	return list
}

// gains say how much less, and how much more, of each unit it takes where that is
// significant, and what the price is.
func gains(all []gate.Comparison) []string {
	var list, price []string
	for _, unit := range []string{bench.NsPerOp, bench.CPUPerOp, bench.P99, bench.AllocsPerOp, bench.BytesPerKey} {
		var parts []string
		for _, v := range []gate.Verdict{gate.Worse, gate.Better} {
			some := slices.DeleteFunc(slices.Clone(all), func(c gate.Comparison) bool {
				return c.Unit != unit || c.Verdict != v
			})
			switch {
			case len(some) == 0:
			case v == gate.Worse && isPrice(unit):
				price = append(price, called(unit)+" "+extent(some))
			default:
				parts = append(parts, extent(some))
			}
		}
		if len(parts) > 0 {
			list = append(list, sentence(called(unit))+": "+strings.Join(parts, "; ")+".")
		}
	}
	if len(price) > 0 {
		list = append(list, "The price: "+strings.Join(price, "; ")+".")
	}
	return list
}

// extent says by how much comparisons of one verdict differ: "12.0% to 43.1% less in 4".
func extent(some []gate.Comparison) string {
	worse := some[0].Verdict == gate.Worse
	least, most := some[0], some[0]
	for _, c := range some {
		// The smaller Less is the smaller gain, and the larger loss.
		if (c.Less() < least.Less()) != worse {
			least = c
		}
		if (c.Less() > most.Less()) != worse {
			most = c
		}
	}
	n := fmt.Sprintf(" (%s)", counted(len(some), "scenario"))
	from, to := change(least), change(most)
	if from == to {
		return from + n
	}
	for _, same := range []string{" times less", " less", " times as much", " more"} {
		if strings.HasSuffix(from, same) && strings.HasSuffix(to, same) {
			from = strings.TrimSuffix(from, same)
			break
		}
	}
	return from + " to " + to + n
}

// short leaves out the kind, which an idea's scenarios share.
func short(ids []string) []string {
	list := slices.Clone(ids)
	for i, id := range ids {
		if _, name, ok := strings.Cut(id, "/"); ok {
			list[i] = name
		}
	}
	return list
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func counted(n int, what string) string { return plural(strconv.Itoa(n), what) }

// plural is counted for a number that is a text.
func plural(n, what string) string {
	if n != "1" {
		what += "s"
	}
	return n + " " + what
}
