package gate

import (
	"fmt"
	"slices"
	"strings"

	"batchlab/stress/bench"
)

// limitBars are what the direct versions may take at most, as a multiple of the limit
// that was measured beside them. The other bars of time are ratios of two
// implementations, and move with the slower one.
var limitBars = []struct {
	claim    string
	factor   float64
	prefixes []string // of IDs
}{
	{"Put takes at most 1.5 times what an append under a mutex takes", 1.5, []string{"Batcher/put/"}},
	{"Get takes at most 3 times what a look-up in one bare map takes", 3, []string{"Map/get-"}},
	{"a new key takes at most 2.5 times what an insertion takes into one bare map that grows alike", 2.5,
		[]string{"Map/set-new/", "Map/fill/"}},
}

// besideLimits compares the direct versions with the limit of each scenario that has one.
func besideLimits(t *bench.Table) []Comparison {
	var pairs []pair
	for _, sc := range bench.Scenarios() {
		if sc.Limit == "" {
			continue
		}
		pairs = append(pairs, pair{sc.ID(), bench.NsPerOp, sc.Limit, direct})
		if t.Row(directPooled, sc.ID()) != nil {
			pairs = append(pairs, pair{sc.ID(), bench.NsPerOp, sc.Limit, directPooled})
		}
	}
	return compare(t, pairs)
}

// Beside says how much more than the limit of its scenario an implementation takes, as in
// "1.27 times the limit, locked-append", or "" if that was not measured.
func (f *Findings) Beside(impl, id string) string {
	for _, c := range f.Limits {
		if c.Rival == impl && c.ID == id && c.Verdict != NotThere {
			return fmt.Sprintf("%s the limit, %s", multiple(c), c.Base)
		}
	}
	return ""
}

func limitLines(t *bench.Table, f *Findings) []Line {
	var lines []Line
	for _, b := range limitBars {
		list := slices.DeleteFunc(about(f.Limits, b.prefixes), func(c Comparison) bool { return c.Rival != direct })
		lines = append(lines, atMostTimes(b.claim, list, b.factor))
	}
	var pairs []pair
	for _, sc := range bench.Scenarios() {
		if strings.HasPrefix(sc.ID(), "Batcher/put/") {
			pairs = append(pairs, pair{sc.ID(), bench.NsPerOp, direct, directPooled})
		}
	}
	return append(lines, noWorse("direct", "Put with pooled slices is no slower than without", compare(t, pairs)))
}

// ratios are how the direct versions stand beside the baseline. They promise nothing:
// how large a ratio is depends on the baseline as much as on them.
var ratios = []struct {
	claim    string
	prefixes []string
}{
	{"Put beside the baseline's", []string{"Batcher/put/"}},
	{"Get with 60 buckets beside the baseline's",
		[]string{"Map/get-newest/buckets=60/", "Map/get-spread/buckets=60/", "Map/get-miss/buckets=60/"}},
	{"Set of a new key with 60 buckets beside the baseline's", []string{"Map/set-new/buckets=60/"}},
	{"the dedup batcher beside the baseline's", []string{"DedupBatcher/"}},
}

func ratioLines(f *Findings) []Line {
	var lines []Line
	for _, r := range ratios {
		list := about(f.filter([]string{bench.NsPerOp}, direct), r.prefixes)
		l := atLeastTimes(r.claim, list, 0)
		measured := len(list)
		for _, c := range list {
			if c.Verdict == NotThere {
				measured--
			}
		}
		if measured > 0 {
			_, figures, _ := strings.Cut(l.Number, "; ")
			l.State, l.Number, l.Against = Figure, fmt.Sprintf("%d of %d; %s as fast", measured, len(list), figures), nil
		}
		lines = append(lines, l)
	}
	return lines
}

// about are the comparisons whose ID has one of some prefixes.
func about(list []Comparison, prefixes []string) []Comparison {
	return slices.DeleteFunc(slices.Clone(list), func(c Comparison) bool { return !among(c.ID, prefixes) })
}

func among(id string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(id, p) })
}

// atMostTimes is met if each of the comparisons shows at most so many times as much as
// the limit.
func atMostTimes(claim string, list []Comparison, factor float64) Line {
	ok := func(c Comparison) bool { return c.B.Center <= factor*c.A.Center }
	return decide(Line{Of: "direct", Claim: claim}, list, ok, func(c Comparison) (float64, string) {
		return c.Ratio(), multiple(c)
	})
}

// multiple is how much the rival takes, as in "1.27 times".
func multiple(c Comparison) string { return fmt.Sprintf("%.3g times", c.B.Center/c.A.Center) }
