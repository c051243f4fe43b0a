package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"batchlab/sim/lab"
)

// exploreTotals is what an exploration covered.
type exploreTotals struct {
	seeds, programs, schedules, points, decisions, outcomes, unjudged int
	seconds                                                           float64
	ofSeeds, generated                                                extents

	broken   []string
	known    map[string]int // law in kind/name: in so many generated programs
	findings []string       // of those, what no seed expected, and the seed that does now
	subjects map[string]*subjectTotals
	met      lab.Met
}

// extents counts searches of programs on subjects by how far they came.
type extents struct{ whole, bounded, many, schedules int }

func (t *extents) add(x *lab.Exploration) {
	t.schedules += x.Schedules
	switch {
	case !x.Complete:
		t.many++
	case x.Bound < 0:
		t.whole++
	default:
		t.bounded++
	}
}

func (t extents) String() string {
	return fmt.Sprintf("%d searches with %d schedules: %d of all, %d of all within a bound on preemptions, %d of some",
		t.whole+t.bounded+t.many, t.schedules, t.whole, t.bounded, t.many)
}

type subjectTotals struct {
	schedules int
	first     string // with what it was compared
	fresh     int
	expected  map[string]bool // laws known to be broken, as seeds say
}

func explorationText(x *lab.Exploration, st *lab.Study, i int) string {
	text := fmt.Sprintf("%s, %d outcomes", x.Extent(), len(x.Outcomes))
	if i > 0 && len(st.Gone[i]) > 0 {
		text += fmt.Sprintf(", %d of the first's not seen", len(st.Gone[i]))
	}
	if len(st.Fresh[i]) > 0 {
		text += fmt.Sprintf(", %d NEW", len(st.Fresh[i]))
	}
	if x.Unjudged > 0 {
		text += fmt.Sprintf("; %d traces could not be judged", x.Unjudged)
	}
	for _, f := range x.Finds {
		text += fmt.Sprintf("; breaks %s in schedule %d", f.Violation.Law, f.At)
		if f.Specified {
			text += ", as the specification does"
		}
	}
	if x.Judged != "" {
		text += "; " + x.Judged
	}
	if x.Beyond > 0 {
		text += fmt.Sprintf("; %d traces are beyond what was searched of that", x.Beyond)
	}
	for _, n := range x.Notes {
		text += "; " + n
	}
	for _, u := range x.Uncontrolled {
		text += "; no schedule decides " + u
	}
	return text
}

func (t *exploreTotals) add(j *studied, broken []string) {
	t.programs++
	list := &t.generated
	if j.File != "" {
		t.seeds++
		list = &t.ofSeeds
	}
	for _, line := range broken {
		t.broken = append(t.broken, j.name()+": "+line)
	}
	for i, x := range j.study.Explorations {
		t.schedules += x.Schedules
		if x.Search.Strategy != lab.Replaying {
			list.add(x)
		}
		t.points += x.Points
		t.met.Add(x.Met)
		t.decisions += x.Decisions
		t.outcomes += len(x.Outcomes)
		t.unjudged += x.Unjudged
		t.seconds += x.Seconds
		s := t.subjects[x.Subject]
		if s == nil {
			s = &subjectTotals{first: j.study.Explorations[0].Subject, expected: map[string]bool{}}
			t.subjects[x.Subject] = s
		}
		s.schedules += x.Schedules
		if x.Complete { // of few schedules of many nothing follows
			s.fresh += len(j.study.Fresh[i])
		}
		for _, f := range x.Finds {
			s.expected[string(f.Violation.Law)] = true
		}
	}
}

func (t *exploreTotals) print(out io.Writer) {
	fmt.Fprintf(out, "%d programs (%d seeds), %d schedules, %d scheduling points, %d decisions, %d outcomes; %d "+
		"traces could not be judged; %.0fs of processes, %.0f schedules a second in each\n",
		t.programs, t.seeds, t.schedules, t.points, t.decisions, t.outcomes, t.unjudged,
		t.seconds, float64(t.schedules)/max(t.seconds, 0.001))
	for _, of := range []struct {
		what string
		extents
	}{{"seeds", t.ofSeeds}, {"generated", t.generated}} {
		if of.schedules > 0 {
			fmt.Fprintf(out, "%-24s %s\n", of.what, of.extents)
		}
	}
	for _, s := range implementations() {
		if x := t.subjects[s.Title()]; x != nil {
			fmt.Fprintf(out, "%-24s %d schedules, %d outcomes that %s does not have\n", s.Title(), x.schedules, x.fresh, x.first)
		}
	}
	for _, text := range t.findings {
		fmt.Fprintf(out, "the baseline or the specification has a new fault: %s\n", text)
	}
	for _, k := range slices.Sorted(maps.Keys(t.known)) {
		fmt.Fprintf(out, "known: %s, in %d generated programs\n", k, t.known[k])
	}
	fmt.Fprintf(out, "%d not as expected\n", len(t.broken))
}
