package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/sim/lab"
)

// campaignFlags is what the campaign command can be told.
type campaignFlags struct {
	seed     uint64
	programs int
	duration time.Duration
	ops      int
	workers  int
	kinds    []string
	on       onNames
	corpora  string
}

func campaignCommand(t *testing.T) *cobra.Command {
	var f campaignFlags
	cmd := &cobra.Command{
		Use:   "campaign",
		Short: "Generate programs and check them on every implementation",
		Long: `Generate programs (swarm testing, no coverage feedback), run each on every
implementation of its kind in child processes, and compare with the model and the
laws. A find is shrunk and written to found/ below the corpora, and its replay
command is printed. The same --seed gives the same programs everywhere.

What the specification itself does wrong by a law, and a subject does in the same way, is
told and kept, and is no failure. Status 0: no more than that. 1: a subject differs.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.validate(); err != nil {
				return err
			}
			subjects, err := f.on.subjects()
			if err != nil {
				return err
			}
			runner := newLab(t, subjects)
			defer runner.Close()
			_, err = runCampaign(cmd.Context(), runner, f, cmd.OutOrStdout(), cmd.ErrOrStderr())
			return err
		},
	}
	fl := cmd.Flags()
	seedFlag(cmd, &f.seed, "of all programs")
	fl.IntVar(&f.programs, "programs", 2000, "programs per kind; 0 runs until --time is over")
	fl.DurationVar(&f.duration, "time", 0, "stop after this long; 0 runs until --programs are done")
	fl.IntVar(&f.ops, "ops", 40, "operations per program")
	fl.IntVar(&f.workers, "workers", runtime.NumCPU(), "child processes")
	fl.StringSliceVar(&f.kinds, "kind", nil, "only these kinds: "+strings.Join(kindNames(), ", "))
	onFlag(cmd, &f.on)
	fl.StringVar(&f.corpora, "corpora", "corpora", "where known violations are looked up and finds are written")
	return cmd
}

func (f *campaignFlags) validate() error {
	const most = 100_000_000
	switch {
	case f.programs < 0 || f.programs > most:
		return fmt.Errorf("--programs must be 0 to %d, got %d", most, f.programs)
	case f.duration < 0:
		return fmt.Errorf("--time must not be negative, got %v", f.duration)
	case f.programs == 0 && f.duration == 0:
		return errors.New("--programs 0 needs a --time at which to stop")
	case f.ops < 1 || f.ops > 1000:
		return fmt.Errorf("--ops must be 1 to 1000, got %d", f.ops)
	case f.workers < 1 || f.workers > 256:
		return fmt.Errorf("--workers must be 1 to 256, got %d", f.workers)
	}
	for _, k := range f.kinds {
		if !slices.Contains(kindNames(), k) {
			return fmt.Errorf("--kind %q is unknown, want one of %s", k, strings.Join(kindNames(), ", "))
		}
	}
	return nil
}

// runCampaign runs a campaign, prints what it did, and shrinks and writes what it found.
// Faults of the specification are told, and known ones not written again; what a subject
// does beyond that is a failure.
func runCampaign(ctx context.Context, runner *lab.Lab, f campaignFlags, out, progress io.Writer) (*campaigned, error) {
	known, err := readKnown(f.corpora)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "campaign seed %d\n", f.seed)
	bar := newProgress(progress, "campaign", f.programs*kindsIn(runner, f.kinds), f.duration)
	c, err := runner.Campaign(ctx, lab.CampaignOptions{
		Seed: f.seed, Programs: f.programs, Duration: f.duration, Ops: f.ops, Workers: f.workers, Kinds: f.kinds,
		Progress: bar.set,
	})
	bar.end()
	if err != nil {
		return nil, err
	}
	printTallies(out, c)
	done := &campaigned{Campaign: c}
	done.findings, done.own, err = runner.Findings(ctx, c, known, filepath.Join(f.corpora, "found"))
	printFindings(out, done.findings)
	if err != nil {
		return done, err
	}
	for _, find := range done.own {
		if err := promote(ctx, runner, find, f.corpora, out); err != nil {
			return done, err
		}
	}
	switch {
	case len(done.own) > 0:
		return done, errFound
	case c.Interrupted:
		return done, errors.New("interrupted")
	}
	return done, done.undone()
}

// kindNames are the names of all kinds.
func kindNames() []string {
	var names []string
	for _, k := range impls.Kinds() {
		names = append(names, k.Name)
	}
	return names
}

func kindsIn(runner *lab.Lab, only []string) int {
	n := 0
	for _, k := range runner.Kinds() {
		if only == nil || slices.Contains(only, k.Name) {
			n++
		}
	}
	return n
}

func printTallies(out io.Writer, c *lab.Campaign) {
	for _, k := range kindNames() {
		t := c.Tally[k]
		if t == nil {
			continue
		}
		fmt.Fprintf(out, "%-14s %d programs, %d runs, %d operations, %.0f virtual hours; the model had a choice in %d "+
			"runs, %d were done twice, %d could not be judged\n",
			k, t.Programs, t.Runs, t.Ops, t.Virtual/3600, t.Branched, t.Repeated, t.Unjudged)
		for _, line := range slices.Concat(replacedText(t), undoneText(t)) {
			fmt.Fprintf(out, "%-14s %s\n", "", line)
		}
	}
}
