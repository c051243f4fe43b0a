package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// exploreFlags is what the explore command can be told.
type exploreFlags struct {
	strategy                     string
	seed                         uint64
	race                         bool
	on                           onNames
	corpora                      string
	schedules, programs, workers int
	test                         string
	weave                        []string
	cluster                      clusterFlags
	raceOnly                     bool // only what the race detector says counts: the rest was explored without it
}

func exploreCommand(t *testing.T) *cobra.Command {
	var f exploreFlags
	cmd := &cobra.Command{
		Use:   "explore [SEED...]",
		Short: "Run programs under every schedule, or many, and compare what may be observed",
		Long: `Build this command with its subjects woven, so that each scheduling point asks who goes
on, and run programs whose operations run together under many schedules. Each run is
judged, and what may be observed of an implementation is compared with what may be
observed of the baseline.

Without arguments: every seed below the corpora that needs a schedule, and generated
programs. With seeds, those only. A seed with a schedule runs under that. Of another program
are run, if that is not too much, as many schedules as stand for all there are; else, of a
seed, all of at most two preemptions, and of a generated program some by chance: each line
says which. A find is shrunk, with its schedule, and written to found/ below the corpora.

Status 0: all is as expected. 1: something is not. 2: it could not be done.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cmp.Or(checkStrategy(f.strategy), checkTestFlags(cmd, args)); err != nil {
				return err
			}
			if f.test != "" {
				return exploreTest(cmd.Context(), f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			return f.cluster.with(cmd, t, f.workers, func(queue lab.Queue) error {
				_, err := runExplore(cmd.Context(), t, queue, f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
				return err
			})
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.strategy, "strategy", "",
		"one of "+strings.Join(sched.Names, ", ")+"; default whole")
	intFlag(cmd, &f.schedules, "schedules", 0, 0, manyPrograms,
		"at most so many of each program and subject; 0: of seeds all for whole, dfs and por, else 1,000; "+
			"of generated programs 200, for dfs and por all")
	seedFlag(cmd, &f.seed, "of programs and strategies")
	fl.BoolVar(&f.race, "race", false, "under the race detector, to which the scheduler's own hand-offs are invisible")
	onFlag(cmd, &f.on)
	intFlag(cmd, &f.programs, "programs", 60, 0, manyPrograms, "generated programs per kind")
	corporaFlag(cmd, &f.corpora)
	fl.StringVar(&f.test, "test", "",
		"instead: run the tests of this package of the module here, woven; what follows -- goes to go test")
	fl.StringSliceVar(&f.weave, "weave", nil,
		"with --test: weave these packages as well, of this module or of the module cache")
	clusterFlag(cmd, &f.cluster)
	intFlag(cmd, &f.workers, "workers", runtime.NumCPU(), 1, 256, "child processes")
	return cmd
}

// allSchedules bounds a search that is to be complete.
const allSchedules = 2_000_000

// generatedSchedules is how many schedules each generated program has.
const generatedSchedules = 200

// search is how a seed is explored: one with a schedule follows it.
func (f *exploreFlags) search(p *program.Program, generated bool) lab.Search {
	s := lab.Search{Strategy: f.strategy, Seed: f.seed, Schedules: f.schedules}
	switch {
	case len(p.Schedule) > 0 && f.strategy == "":
		s.Strategy = lab.Replaying
	case s.Strategy == "":
		s.Strategy = "whole"
	}
	if generated { // a seed says itself what is expected of whom
		s.Beside = impls.Lab(impls.Of(spec.Kind(p.Kind.Name))...)[0].Title()
	}
	name := strings.TrimRight(s.Strategy, "0123")
	switch {
	case s.Schedules > 0:
	case name == "dfs", name == "por", name == "whole" && !generated:
		s.Schedules = allSchedules
	case generated:
		s.Schedules = generatedSchedules
	}
	return s
}

func checkStrategy(s string) error {
	if s == "" || slices.Contains(sched.Names, s) {
		return nil
	}
	return fmt.Errorf("--strategy %q is unknown, want one of %s", s, strings.Join(sched.Names, ", "))
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
