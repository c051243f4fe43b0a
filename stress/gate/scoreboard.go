package gate

import (
	"fmt"
	"math"
	"slices"

	"batchlab/stress/bench"
)

// State is what became of a promise.
type State string

// The states of a line.
const (
	Met      State = "met"
	NotMet   State = "not met"
	NotShown State = "not shown" // the samples do not say
	Figure   State = "no bar"    // it is a figure, and promises nothing
)

// Line is a promise, and what became of it.
type Line struct {
	Of      string // who made it: "plan", "direct" or "peers"
	Claim   string
	State   State
	Number  string   // what was measured
	Against []string // the rows that speak against it, or that say nothing
}

// planTargets are the plan's optimizations, with the rows that each is about.
var planTargets = []struct {
	claim, rival string
	rows         []string // prefixes of IDs
}{
	{"PutOptimized takes at least 25% less time", optimized, []string{"Batcher/put/"}},
	{"NewOptimized's worker takes at least 25% less time a cycle", optimized, []string{"Batcher/worker/"}},
	{"GetOptimized takes at least 25% less time for recent keys, with 10 and 60 buckets", optimized,
		[]string{"Map/get-newest/buckets=10/", "Map/get-newest/buckets=60/"}},
	{"SetOptimized takes at least 25% less time for new keys, with 10 and 60 buckets", optimized,
		[]string{"Map/set-new/buckets=10/", "Map/set-new/buckets=60/"}},
	{"NewWithPool takes at least 25% less time", pooled, []string{"Batcher/put/", "Batcher/heavy"}},
	{"NewWithDeduplicationOptimized takes at least 25% less time", optimized, []string{"DedupBatcher/duplicates/"}},
}

// The plan's bars, in percent.
const (
	targetLess = 25
	halved     = 50
)

func planLines(e *Evidence, f *Findings) []Line {
	lines := []Line{evidenceLine(e)}
	for _, p := range planTargets {
		list := about(f.filter([]string{bench.NsPerOp}, p.rival), p.rows)
		lines = append(lines, atLeastLess("plan", p.claim, list, targetLess))
	}
	timed := []string{bench.NsPerOp, bench.CPUPerOp, bench.P99}
	halvedAllocs := slices.DeleteFunc(f.filter([]string{bench.AllocsPerOp}, optimized, pooled), func(c Comparison) bool {
		return c.Verdict != NotThere && c.A.Center == 0
	})
	return append(lines,
		noWorse("plan", "no regression of time, processor time or latency in any scenario",
			f.filter(timed, optimized, pooled)),
		noWorse("plan", "no regression of allocations in any scenario",
			f.filter([]string{bench.AllocsPerOp}, optimized, pooled)),
		atLeastLess("plan", "allocations at least halved where the baseline allocates", halvedAllocs, halved))
}

func evidenceLine(e *Evidence) Line {
	l := Line{Of: "plan", Claim: "the optimized versions pass every check of correctness", State: Met}
	if e == nil {
		l.State, l.Number = NotShown, "no evidence"
		return l
	}
	if l.Against = e.Missing(); len(l.Against) > 0 {
		l.State = NotShown
	}
	l.Number = e.Summary()
	return l
}

func directLines(f *Findings) []Line {
	timed := []string{bench.NsPerOp, bench.CPUPerOp}
	return []Line{
		noWorse("direct", "P99 of latency is no worse where items come at a pace", f.filter([]string{bench.P99}, direct)),
		noWorse("direct", "a live key takes no more memory", f.filter([]string{bench.BytesPerKey}, direct)),
		noWorse("direct", "no regression of time or processor time in any scenario", f.filter(timed, direct)),
	}
}

// peerBars are what the direct versions have to be, beside the fastest peer.
var peerBars = []struct {
	claim    string
	kind     string
	factor   float64
	prefixes []string
}{
	{"Put is 6 times as fast as the faster peer's", "Batcher", 6, []string{"Batcher/put/"}},
	{"the map is 1.5 times as fast as the fastest peer in every read and duplicate row", "Map", 1.5,
		[]string{"Map/get-", "Map/set-duplicate/"}},
}

func peerLines(t *bench.Table) []Line {
	var lines []Line
	for _, p := range peerBars {
		var pairs []pair
		for _, id := range t.IDs() {
			if !among(id, p.prefixes) {
				continue
			}
			for _, peer := range Peers[p.kind] {
				if t.Row(peer, id) != nil {
					pairs = append(pairs, pair{id, bench.NsPerOp, peer, direct})
				}
			}
		}
		l := atLeastTimes(p.claim, compare(t, pairs), p.factor)
		l.Of = "peers"
		lines = append(lines, l)
	}
	return lines
}

// atLeastLess is met if each of the comparisons shows so many percent less.
func atLeastLess(of, claim string, list []Comparison, percent float64) Line {
	ok := func(c Comparison) bool { return c.Verdict == Better && c.Less() >= percent }
	return decide(Line{Of: of, Claim: claim}, list, ok, change)
}

// atLeastTimes is met if each of the comparisons shows so many times less.
func atLeastTimes(claim string, list []Comparison, factor float64) Line {
	ok := func(c Comparison) bool { return c.Verdict == Better && c.Ratio() >= factor }
	return decide(Line{Of: "direct", Claim: claim}, list, ok, func(c Comparison) (float64, string) {
		return c.Ratio(), fmt.Sprintf("%.3g times", c.Ratio())
	})
}

// change is how much less the rival takes, and in words how much more, as in "-12.3%".
func change(c Comparison) (float64, string) {
	if math.Abs(c.Less()) < 0.05 {
		return c.Less(), "0.0%"
	}
	return c.Less(), fmt.Sprintf("%+.1f%%", -c.Less())
}

// noWorse is met if no comparison shows more.
func noWorse(of, claim string, list []Comparison) Line {
	ok := func(c Comparison) bool { return c.Verdict == Better || c.Verdict == Same }
	return decide(Line{Of: of, Claim: claim}, list, ok, change)
}

// decide is the state of a line: met if every comparison is ok, not met if one that is
// decided is not, and else not shown. The number is the worst and the best.
func decide(l Line, list []Comparison, ok func(Comparison) bool, figure func(Comparison) (float64, string)) Line {
	good, silent := 0, 0
	lowest, highest := math.Inf(1), math.Inf(-1)
	var worst, best string
	for _, c := range list {
		// A bar can be missed without a significant difference, but noise misses nothing.
		open := c.Verdict == TooFew || c.Verdict == TooNoisy || c.Verdict == NotThere
		if c.Verdict != NotThere {
			value, text := figure(c)
			if value < lowest {
				lowest, worst = value, text
			}
			if value > highest {
				highest, best = value, text
			}
		}
		switch {
		case open:
			silent++
		case ok(c):
			good++
			continue
		}
		_, text := figure(c)
		against := fmt.Sprintf("%s in %s: %s, %s", c.Rival, c.ID, c.Unit, c)
		if !open {
			against = fmt.Sprintf("%s in %s: %s %s, %s", c.Rival, c.ID, text, c.Unit, c.Verdict)
		}
		if c.Base != baseline {
			against += " beside " + c.Base
		}
		l.Against = append(l.Against, against)
	}
	switch {
	case worst == "": // of nobody there is a figure
		l.State, l.Number, l.Against = NotShown, "not measured", nil
		return l
	case good+silent < len(list):
		l.State = NotMet
	case silent > 0:
		l.State = NotShown
	default:
		l.State = Met
	}
	l.Number = fmt.Sprintf("%d of %d", good, len(list))
	if worst == best {
		l.Number += "; " + worst
	} else {
		l.Number += "; from " + worst + " to " + best
	}
	return l
}
