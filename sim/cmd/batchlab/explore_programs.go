package main

import (
	"fmt"
	"math/rand/v2"
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
		s.Strategy = "por2"
	}
	if generated { // a seed says itself what is expected of whom
		s.Beside = impls.Lab(impls.Of(spec.Kind(p.Kind.Name))...)[0].Title()
	}
	if s.Schedules == 0 {
		switch {
		case strings.HasPrefix(s.Strategy, "dfs"), isReduced(s.Strategy):
			s.Schedules = allSchedules
		case generated:
			s.Schedules = 100
		}
	}
	return s
}

// isReduced reports whether a strategy leaves out schedules that others stand for.
func isReduced(strategy string) bool { return strings.TrimRight(strategy, "0123") == "por" }

// studied is a program that was explored, or could not be.
type studied struct {
	file      string // of a seed
	generated int    // else which of the generated programs, from 1
	study     *lab.Study
	program   *program.Program
	err       error
	done      chan struct{} // closed when study and err are what they will be
}

// jobs lists the programs to explore, seeds first.
func (f *exploreFlags) jobs(runner *lab.Lab, seeds []string, subjects []kind.Subject) ([]*studied, error) {
	paths := seeds
	if len(paths) == 0 {
		paths = []string{f.corpora}
	}
	kinds := map[*kind.Kind]bool{}
	for _, s := range subjects {
		kinds[s.Kind] = true
	}
	var jobs []*studied
	for _, path := range paths {
		files, err := lab.SeedFiles(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			p, err := lab.ReadSeed(file, runner.Names())
			if err != nil {
				return nil, err
			}
			if kinds[p.Kind] && (len(seeds) > 0 || p.NeedsSchedule()) {
				jobs = append(jobs, &studied{file: file, program: p})
			}
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s: no file named *%s is here", path, lab.SeedSuffix)
		}
	}
	if len(seeds) > 0 {
		return jobs, nil
	}
	for _, k := range impls.Kinds() {
		if !kinds[k] {
			continue
		}
		for i := range f.programs {
			jobs = append(jobs, &studied{generated: i + 1,
				program: program.GenerateConcurrent(rand.New(rand.NewPCG(f.seed, uint64(i))), k)})
		}
	}
	return jobs, nil
}

func (j *studied) name() string {
	if j.file != "" {
		return j.file
	}
	return fmt.Sprintf("generated program %d of %s", j.generated, j.program.Kind.Name)
}
