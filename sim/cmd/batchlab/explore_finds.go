package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// excuse takes out of what a generated program showed what is nobody's failure: a fault of the
// specification or of the baseline, and of another subject one that the baseline has there in
// the same way, or that a seed expects of it where the model allows what it does. What no seed
// expects yet is kept as one that does.
func (e *explorer) excuse(ctx context.Context, runner *lab.Lab, j *studied) {
	for _, x := range j.study.Explorations {
		told := map[kind.LawID]bool{}
		for i := range x.Finds {
			f := &x.Finds[i]
			law := f.Violation.Law
			title := string(law) + " in " + x.Subject
			isKnown := e.known[title] != ""
			if f.Excused = f.Specified || x.Subject == x.Search.Beside || f.Allowed && isKnown; !f.Excused {
				continue
			}
			if !told[law] {
				e.totals.known[title]++
			}
			told[law] = true
			if isKnown || e.failed != nil {
				continue
			}
			_, name, _ := strings.Cut(x.Subject, "/")
			small, _ := e.shrink(ctx, runner, j, x, *f)
			small.Expect = []program.Expect{{Law: string(law), Subjects: []string{name}}}
			if file := e.save(small, law); file != "" {
				e.known[title] = file
				e.totals.findings = append(e.totals.findings, title+", kept as "+file)
			}
		}
	}
}

// shrink simplifies what an exploration found, with its schedule.
func (e *explorer) shrink(
	ctx context.Context, runner *lab.Lab, j *studied, x *lab.Exploration, f lab.Sighting,
) (*program.Program, *oracle.Violation) {
	i := slices.IndexFunc(e.subjects, func(s kind.Subject) bool { return s.Title() == x.Subject })
	p := j.Program.Bare()
	p.Schedule = f.Schedule
	small, v, err := runner.ShrinkScheduled(ctx, p, e.subjects[i], f.Like(), x.Search.Beside)
	if err != nil || v == nil {
		small, v = p, f.Violation
	}
	small.Comment = []string{"Found by exploring: " + v.Subject + ", " + v.Text + "."}
	return small, v
}

// save writes a seed among those that were found, and returns its name, or "" if it cannot.
func (e *explorer) save(p *program.Program, law kind.LawID) string {
	file, err := lab.SaveSeed(filepath.Join(e.f.corpora, "found"), law, p)
	if err != nil {
		e.failed = err
		return ""
	}
	return file
}

// promote shrinks a find, writes it as a seed and prints it.
func (e *explorer) promote(ctx context.Context, runner *lab.Lab, j *studied, x *lab.Exploration, f lab.Sighting) {
	small, v := e.shrink(ctx, runner, j, x, f)
	if file := e.save(small, v.Law); file != "" {
		v.Write(e.out, small, runner.Command+file)
	}
}
