package gate

import (
	"slices"

	"batchlab/impls"
	"batchlab/stress/bench"
)

// Findings are what may be said of samples.
type Findings struct {
	Comparisons []Comparison // of every rival with the baseline, in every scenario
	Limits      []Comparison // of the direct versions with what bounds a scenario
	Lines       []Line       // the scoreboard
}

// The names that the scoreboard knows. Everything else in a table is compared with the
// baseline as these are, and has no line of its own.
const (
	baseline  = "baseline"
	optimized = "optimized"
	pooled    = "pooled"
	direct    = "direct"

	directPooled = "direct-pooled"
)

// Peers are implementations by others, which are measured beside and compared with
// nobody but the direct versions.
var Peers = map[string][]string{
	"Batcher": {"bundler", "go-resiliency"},
	"Map":     {"otter", "ttlcache", "golang-lru"},
}

// isRival reports whether a row is to be compared with the baseline.
func isRival(impl string) bool {
	peers := slices.Concat(Peers["Batcher"], Peers["Map"])
	return impl != baseline && !bench.IsLimit(impl) && !slices.Contains(peers, impl)
}

// Judge compares everything with the baseline and draws up the scoreboard. Each
// rival's comparisons, all kinds of it together, are one family for the significance.
func Judge(t *bench.Table, e *Evidence) *Findings {
	f := &Findings{}
	for _, rival := range rivals(t) {
		var pairs []pair
		for _, r := range t.Rows {
			if r.Impl != rival {
				continue
			}
			for _, unit := range compared(r) {
				pairs = append(pairs, pair{r.ID, unit, baseline, rival})
			}
		}
		f.Comparisons = append(f.Comparisons, compare(t, append(pairs, missing(t, rival)...))...)
	}
	f.Limits = besideLimits(t)
	f.Lines = slices.Concat(planLines(e, f), limitLines(t, f), directLines(f), ratioLines(f), peerLines(t))
	return f
}

// missing are the comparisons of a rival of the registry that the samples do not allow:
// what is promised of every scenario is not shown by some.
func missing(t *bench.Table, rival string) []pair {
	var pairs []pair
	for _, sc := range bench.Scenarios() {
		if _, err := impls.Find(sc.Kind, rival); err != nil || t.Row(rival, sc.ID()) != nil {
			continue
		}
		pairs = append(pairs, pair{sc.ID(), sc.Unit, baseline, rival}, pair{sc.ID(), bench.AllocsPerOp, baseline, rival})
	}
	return pairs
}

// rivals lists what is to be compared with the baseline.
func rivals(t *bench.Table) []string {
	var list []string
	for _, r := range t.Rows {
		if isRival(r.Impl) && !slices.Contains(list, r.Impl) {
			list = append(list, r.Impl)
		}
	}
	return list
}

// compared lists the units of a row in which less is better: what its scenario is
// about, allocations, and where items come at a pace, latency.
func compared(r *bench.Row) []string {
	sc, _ := bench.ByID(r.ID)
	units := []string{sc.Unit, bench.AllocsPerOp}
	if sc.Paced {
		units = append(units, bench.P99)
	}
	if len(r.Values(bench.BytesPerKey)) > 0 {
		units = append(units, bench.BytesPerKey)
	}
	return units
}

// Of returns the comparison of a rival in a scenario, by a unit.
func (f *Findings) Of(rival, id, unit string) Comparison {
	for _, c := range f.Comparisons {
		if c.Rival == rival && c.ID == id && c.Unit == unit {
			return c
		}
	}
	return Comparison{ID: id, Unit: unit, Base: baseline, Rival: rival, P: 1, Verdict: NotThere}
}

func (f *Findings) filter(units []string, rivals ...string) []Comparison {
	return slices.DeleteFunc(slices.Clone(f.Comparisons), func(c Comparison) bool {
		return !slices.Contains(rivals, c.Rival) || !slices.Contains(units, c.Unit)
	})
}

// Since compares each row with the same row of an earlier run, as base and rival of
// the same name. A limit has none: if it takes longer than it did, the machine does.
func Since(earlier, now *bench.Table) []Comparison {
	const before = "\x00before" // no implementation's name
	both := &bench.Table{}
	var pairs []pair
	for _, r := range now.Rows {
		old := earlier.Row(r.Impl, r.ID)
		if old == nil || bench.IsLimit(r.Impl) {
			continue
		}
		was := *old
		was.Impl += before
		both.Rows = append(both.Rows, &was, r)
		for _, unit := range compared(r) {
			pairs = append(pairs, pair{r.ID, unit, was.Impl, r.Impl})
		}
	}
	list := compare(both, pairs)
	for i := range list {
		list[i].Base = list[i].Rival
	}
	return list
}
