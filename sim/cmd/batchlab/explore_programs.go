package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// allSchedules bounds a search that is to be complete.
const allSchedules = 2_000_000

// search is how a seed is explored: one with a schedule follows it.
func (f *exploreFlags) search(p *program.Program, generated bool) lab.Search {
	s := lab.Search{Strategy: f.strategy, Seed: f.seed, Schedules: f.schedules}
	switch {
	case len(p.Schedule) > 0 && f.strategy == "":
		s.Strategy = lab.Replaying
	case s.Strategy == "" && generated:
		s.Strategy = "portfolio"
	case s.Strategy == "":
		s.Strategy = "dfs2"
	}
	if generated { // a seed says itself what is expected of whom
		s.Beside = impls.Lab(impls.Of(spec.Kind(p.Kind.Name))...)[0].Title()
	}
	if s.Schedules == 0 {
		switch {
		case strings.HasPrefix(s.Strategy, "dfs"):
			s.Schedules = allSchedules
		case generated:
			s.Schedules = 100
		}
	}
	return s
}

// studied is a program that was explored, or could not be.
type studied struct {
	lab.Seed      // without a file if it was generated
	generated int // which of those, from 1
	study     *lab.Study
	err       error
	done      chan struct{} // closed when study and err are what they will be
}

// jobs lists the programs to explore, seeds first.
func (f *exploreFlags) jobs(paths []string, subjects []kind.Subject) ([]*studied, error) {
	named := len(paths) > 0
	if !named {
		paths = []string{f.corpora}
	}
	seeds, err := readSeeds(paths...)
	if err != nil {
		return nil, err
	}
	kinds := (&lab.Lab{Subjects: subjects}).Kinds()
	var jobs []*studied
	for _, s := range seeds {
		if slices.Contains(kinds, s.Program.Kind) && (named || s.Program.NeedsSchedule()) {
			jobs = append(jobs, &studied{Seed: s})
		}
	}
	for _, k := range impls.Kinds() {
		if named || !slices.Contains(kinds, k) {
			continue
		}
		for i := range f.programs {
			p := program.GenerateConcurrent(rand.New(rand.NewPCG(f.seed, uint64(i))), k)
			jobs = append(jobs, &studied{generated: i + 1, Seed: lab.Seed{Program: p}})
		}
	}
	if len(jobs) == 0 { // nothing to see is not a success
		return nil, fmt.Errorf("nothing is to be explored: no seed at %s is of the kind of a subject that is named, and "+
			"needs a schedule", strings.Join(paths, ", "))
	}
	return jobs, nil
}

func (j *studied) name() string {
	return cmp.Or(j.File, fmt.Sprintf("generated program %d of %s", j.generated, j.Program.Kind.Name))
}
