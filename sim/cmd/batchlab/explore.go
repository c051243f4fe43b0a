package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/sim/sched"
)

// exploreFlags is what the explore command can be told.
type exploreFlags struct {
	strategy  string
	schedules int
	seed      uint64
	race      bool
	on        onNames
	programs  int
	corpora   string
	workers   int
	test      string
	weave     []string
	raceOnly  bool // only what the race detector says counts: the rest was explored without it
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

Without arguments: every seed below the corpora that needs a schedule, under its own or
under schedules that stand for all of at most two preemptions, and generated programs under a portfolio of
random strategies. With seeds, those only. A find is shrunk, with its schedule, and written to found/ below the
corpora.

Status 0: all is as expected. 1: something is not. 2: it could not be done.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.validate(); err != nil {
				return err
			}
			if err := checkTestFlags(cmd, args); err != nil {
				return err
			}
			if f.test != "" {
				return exploreTest(cmd.Context(), f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			_, err := runExplore(cmd.Context(), t, f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
			return err
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.strategy, "strategy", "",
		"one of "+strings.Join(sched.Names, ", ")+"; default: por2 for seeds, portfolio for generated programs")
	fl.IntVar(&f.schedules, "schedules", 0,
		"at most so many of each program and subject; 0: all for dfs and por, 1,000 otherwise, 100 of generated programs")
	seedFlag(cmd, &f.seed, "of programs and strategies")
	fl.BoolVar(&f.race, "race", false, "under the race detector, to which the scheduler's own hand-offs are invisible")
	onFlag(cmd, &f.on)
	fl.IntVar(&f.programs, "programs", 60, "generated programs per kind")
	fl.StringVar(&f.corpora, "corpora", "corpora", "where the seeds are and finds are written")
	fl.StringVar(&f.test, "test", "",
		"instead: run the tests of this package of the module here, woven; what follows -- goes to go test")
	fl.StringSliceVar(&f.weave, "weave", nil,
		"with --test: weave these packages as well, of this module or of the module cache")
	fl.IntVar(&f.workers, "workers", runtime.NumCPU(), "child processes")
	return cmd
}

func (f *exploreFlags) validate() error {
	const most = 100_000_000
	switch {
	case f.strategy != "" && !slices.Contains(sched.Names, f.strategy):
		return fmt.Errorf("--strategy %q is unknown, want one of %s", f.strategy, strings.Join(sched.Names, ", "))
	case f.schedules < 0 || f.schedules > most:
		return fmt.Errorf("--schedules must be 0 to %d, got %d", most, f.schedules)
	case f.programs < 0 || f.programs > most:
		return fmt.Errorf("--programs must be 0 to %d, got %d", most, f.programs)
	case f.workers < 1 || f.workers > 256:
		return fmt.Errorf("--workers must be 1 to 256, got %d", f.workers)
	}
	return nil
}
