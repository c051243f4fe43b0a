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
	seeds, searches, ofSeeds, programs, schedules, points, decisions, outcomes, complete, unjudged int
	seconds                                                                                        float64

	broken   []string
	known    map[string]int // law in kind/name: in so many generated programs
	findings []string       // of those, what no seed expected, and the seed that does now
	subjects map[string]*subjectTotals
	met      lab.Met
}

type subjectTotals struct {
	schedules int
	first     string // with what it was compared
	fresh     int
	expected  map[string]bool // laws known to be broken, as seeds say
}

func explorationText(x *lab.Exploration, st *lab.Study, i int) string {
	whole := ""
	if x.Complete {
		switch whole = ", all there are"; {
		case x.Search.Strategy == "por":
			whole = ", which stand for all there are"
		case isReduced(x.Search.Strategy):
			whole = ", which are meant to stand for all of its bound" // see package sched: some are known to miss some
		}
	}
	text := fmt.Sprintf("%d schedules of %s%s, %d outcomes", x.Schedules, x.Search.Strategy, whole, len(x.Outcomes))
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
	if j.File != "" {
		t.seeds++
	}
	for _, line := range broken {
		t.broken = append(t.broken, j.name()+": "+line)
	}
	for i, x := range j.study.Explorations {
		t.schedules += x.Schedules
		if j.File != "" {
			t.searches++
			t.ofSeeds += x.Schedules
		}
		t.points += x.Points
		t.met.Add(x.Met)
		t.decisions += x.Decisions
		t.outcomes += len(x.Outcomes)
		t.unjudged += x.Unjudged
		t.seconds += x.Seconds
		if x.Complete {
			t.complete++
		}
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
