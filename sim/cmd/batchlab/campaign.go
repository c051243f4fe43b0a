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

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/sim/lab"
)

// campaignFlags is what the campaign command can be told.
type campaignFlags struct {
	lab.CampaignOptions
	on      onNames
	corpora string
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
	seedFlag(cmd, &f.Seed, "of all programs")
	intFlag(cmd, &f.Programs, "programs", 2000, 0, manyPrograms, "programs per kind; 0 runs until --time is over")
	fl.DurationVar(&f.Duration, "time", 0, "stop after this long; 0 runs until --programs are done")
	opsFlag(cmd, &f.Ops)
	intFlag(cmd, &f.Workers, "workers", runtime.NumCPU(), 1, 256, "child processes")
	fl.StringSliceVar(&f.Kinds, "kind", nil, "only these kinds: "+strings.Join(kindNames(), ", "))
	onFlag(cmd, &f.on)
	corporaFlag(cmd, &f.corpora)
	return cmd
}

func (f *campaignFlags) validate() error {
	switch {
	case f.Duration < 0:
		return fmt.Errorf("--time must not be negative, got %v", f.Duration)
	case f.Programs == 0 && f.Duration == 0:
		return errors.New("--programs 0 needs a --time at which to stop")
	}
	for _, k := range f.Kinds {
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
	fmt.Fprintf(out, "campaign seed %d\n", f.Seed)
	total := 0
	for _, k := range runner.Kinds() {
		if f.Duration == 0 && (f.Kinds == nil || slices.Contains(f.Kinds, k.Name)) {
			total += f.Programs
		}
	}
	bar := newProgress(progress, "campaign", "programs", total)
	f.Progress = bar.set
	c, err := runner.Campaign(ctx, f.CampaignOptions)
	bar.end()
	if err != nil {
		return nil, err
	}
	printTallies(out, c)
	done := &campaigned{Campaign: c}
	done.findings, done.own, err = runner.Findings(ctx, c, known, filepath.Join(f.corpora, "found"))
	for _, f := range done.findings {
		fmt.Fprintln(out, findingText(f))
	}
	if err != nil {
		return done, err
	}
	for _, find := range done.own {
		if err := promote(ctx, runner, find, f.corpora, out); err != nil {
			return done, err
		}
	}
	if len(done.own) > 0 {
		return done, errFound
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
