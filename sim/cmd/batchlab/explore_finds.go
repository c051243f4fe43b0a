package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"batchlab/impls"
	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// expect has a generated program expect what is nobody's failure: a fault of the
// specification or of the baseline, and of another subject one that the baseline has in the
// same program, or that a seed expects of it where the model allows what it does. What no
// seed expects yet is kept as one that does.
func (e *explorer) expect(ctx context.Context, lab *sim.Lab, j *studied) {
	base := impls.Of(subject.Kind(j.program.Kind))[0]
	of := map[subject.Law]bool{} // the baseline breaks it here
	for _, x := range j.study.Explorations {
		for _, f := range x.Finds {
			law := f.Violation.Law
			of[law] = of[law] || x.Subject == sim.Title(base)
			title := string(law) + " in " + x.Subject
			isKnown := e.known[title] != ""
			if !f.Specified && !of[law] && !(f.Allowed && isKnown) {
				continue
			}
			_, name, _ := strings.Cut(x.Subject, "/")
			expected := program.Expect{Law: string(law), Subjects: []string{name}}
			j.program.Expect = append(j.program.Expect, expected)
			e.totals.known[title]++
			if isKnown || e.failed != nil {
				continue
			}
			small, _ := e.shrink(ctx, lab, j, x, f)
			small.Expect = []program.Expect{expected}
			if file := e.save(small, law); file != "" {
				e.known[title] = file
				e.totals.findings = append(e.totals.findings, title+", kept as "+file)
			}
		}
	}
}

// shrink simplifies what an exploration found, with its schedule.
func (e *explorer) shrink(
	ctx context.Context, lab *sim.Lab, j *studied, x *sim.Exploration, f sim.Sighting,
) (*program.Program, *sim.Violation) {
	i := slices.IndexFunc(e.subjects, func(s subject.Subject) bool { return sim.Title(s) == x.Subject })
	p := j.program.Bare()
	p.Schedule = f.Schedule
	small, v, err := lab.ShrinkExplored(ctx, p, e.subjects[i], f.Violation.Law)
	if err != nil || v == nil {
		small, v = p, f.Violation
	}
	small.Comment = []string{"Found by exploring: " + v.Subject + ", " + v.Law.Text() + "."}
	return small, v
}

// save writes a seed among those that were found, and returns its name, or "" if it cannot.
func (e *explorer) save(p *program.Program, law subject.Law) string {
	file, err := sim.SaveSeed(filepath.Join(e.f.corpora, "found"), law, p)
	if err != nil {
		e.failed = err
		return ""
	}
	return file
}

// promote shrinks a find, writes it as a seed and prints it.
func (e *explorer) promote(ctx context.Context, lab *sim.Lab, j *studied, x *sim.Exploration, f sim.Sighting) {
	small, v := e.shrink(ctx, lab, j, x, f)
	if file := e.save(small, v.Law); file != "" {
		v.Write(e.out, small, lab.Command+file)
	}
}
