package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// shown is what the evidence comes to.
type shown struct {
	Doubt    string // why nothing may be recommended, or ""
	Go       string
	Stages   []stage
	Names    []string // of the stages, the columns of Subjects
	Subjects []subjectRow
	Known    []string
	Found    []string
}

type stage struct {
	Name  string
	Parts []string // how much of what, and then its seed and strategies
}

// subjectRow is what each stage says of a subject.
type subjectRow struct {
	Name     string
	Verdicts []string
}

// shownBy sums the evidence up. What was measured has to be what it is about.
func shownBy(t *bench.Table, e *gate.Evidence) shown {
	if e == nil {
		return shown{Doubt: "there is no evidence that these are still the same component"}
	}
	s := shown{Go: e.Go, Doubt: doubt(t, e)}
	subjects := map[string][]string{}
	for i, r := range e.Records {
		s.Stages = append(s.Stages, stageOf(r))
		s.Names = append(s.Names, stageName(r))
		for name, verdict := range r.Subjects {
			if subjects[name] == nil {
				subjects[name] = make([]string, len(e.Records))
			}
			subjects[name][i] = verdict
		}
		for _, k := range r.Known {
			if !slices.Contains(s.Known, k) {
				s.Known = append(s.Known, k)
			}
		}
		for _, found := range r.Found {
			s.Found = append(s.Found, stageName(r)+": "+found)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(subjects)) {
		s.Subjects = append(s.Subjects, subjectRow{name, subjects[name]})
	}
	return s
}

// doubt says why the evidence is not about these samples, or not enough of it.
func doubt(t *bench.Table, e *gate.Evidence) string {
	source, version := t.Get("source"), t.Get("go")
	missing := e.Missing()
	for _, r := range e.Records {
		if r.Stage == gate.Stress && !r.Race {
			missing = append(missing, "stress without the race detector")
		}
	}
	switch {
	case source != "" && source != e.Source:
		return "the evidence is of another source than the samples"
	case version != "" && version != e.Go:
		return "the evidence is of another version of Go than the samples"
	case len(missing) > 0:
		return "the evidence is not complete: " + strings.Join(missing, ", ")
	}
	return ""
}

// doubtOf says why the evidence does not do for one subject: "" if it does.
func (s shown) doubtOf(subject string) string {
	if s.Doubt != "" {
		return s.Doubt
	}
	missing := s.Names
	for _, row := range s.Subjects {
		if row.Name == subject {
			missing = nil
			for i, v := range row.Verdicts {
				if v == "" {
					missing = append(missing, s.Names[i])
				}
			}
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return fmt.Sprintf("%s was not part of %s", subject, strings.Join(missing, ", "))
}

func stageName(r gate.Record) string {
	if r.Race {
		return string(r.Stage) + " (-race)"
	}
	return string(r.Stage)
}

func stageOf(r gate.Record) stage {
	var covered []string
	for _, what := range slices.Sorted(maps.Keys(r.Covered)) {
		covered = append(covered, fmt.Sprintf("%d %s", r.Covered[what], what))
	}
	s := stage{stageName(r), []string{strings.Join(covered, ", ")}}
	if r.Seed != 0 {
		s.Parts = append(s.Parts, fmt.Sprintf("seed %d", r.Seed))
	}
	if len(r.Strategies) > 0 {
		s.Parts = append(s.Parts, "schedules: "+strings.Join(r.Strategies, "; "))
	}
	return s
}

// method is how it was measured.
var method = []string{
	"Rivals of one scenario take turns, sample by sample. Each round has an order that is drawn anew and a process of " +
		"its own, so that a drift of the machine, a hash seed or the layout of a heap does not fall on one of them alone.",
	"What is measured is completed work: an item counts when its handler has seen it. Where items come at a pace, the " +
		"time is the pace's, and processor time of the whole process is compared in its place.",
	fmt.Sprintf("Figures are medians with their 95%% intervals. A difference is significant if Mann and Whitney's U test "+
		"says so at %v, adjusted by Holm's method over all comparisons of one rival.", gate.Alpha),
	fmt.Sprintf("Fewer than %d samples of either rival have no verdict. “No significant difference” is said "+
		"only where the interval of neither median is wider than %.0f%% of it; else the samples are too noisy to say.",
		gate.MinSamples, 100*gate.Noise),
	"A limit is no implementation. It does the part of a scenario's work that nobody can leave out, and is measured in " +
		"turns with the others: for Put an append under a mutex, each full batch handed on; for Get and for new keys one " +
		"Go map of the same keys, without a lock where one goroutine writes.",
	"Latency runs from when an item was due, not from when it was put, to when its handler has seen it: a stall counts " +
		"for every item that it delays.",
	"Allocations are those of the whole process, the handler's and the measurement's included; less than one in a " +
		"thousand operations is taken for none.",
	"These are figures of one machine, in these scenarios. They say nothing of another.",
}

// repeat is how to do it again.
var repeat = []struct{ Command, Does string }{
	{"make lab", "checks that all versions are the same component, and writes the evidence"},
	{"make bench", "measures, if the evidence covers exactly this source"},
	{"make report", "writes this page from the samples and the evidence"},
}
