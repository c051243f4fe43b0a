package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
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
	cluster clusterFlags
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
			return f.cluster.with(cmd, t, f.Workers, func(queue lab.Queue) error {
				runner.Queue, f.Workers = queue, queue.Width()
				_, err = runCampaign(cmd.Context(), runner, f, cmd.OutOrStdout(), cmd.ErrOrStderr())
				return err
			})
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
	clusterFlag(cmd, &f.cluster)
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
	shows(runner.Queue, bar)
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

// campaigned is a campaign whose finds are sorted out.
type campaigned struct {
	*lab.Campaign
	findings []lab.Finding // faults of the specification
	own      []lab.Find    // those of the subjects
}

// readKnown reads what the seeds below the corpora expect of any spec.
func readKnown(corpora string) (*lab.Known, error) {
	return lab.ReadKnown(corpora, (&lab.Lab{Subjects: everything()}).Names())
}

// findingText says what a finding is, and where it is shown.
func findingText(f lab.Finding) string {
	names := map[string][]string{} // by law
	for _, title := range f.Shown {
		law, name, _ := strings.Cut(title, " in ")
		names[law] = append(names[law], name)
	}
	laws := map[string][]string{} // by names
	for _, law := range slices.Sorted(maps.Keys(names)) {
		in := strings.Join(names[law], ", ")
		laws[in] = append(laws[in], law)
	}
	var parts []string
	for _, in := range slices.Sorted(maps.Keys(laws)) {
		parts = append(parts, strings.Join(laws[in], ", ")+" in "+in)
	}
	what := "the specification has a new fault, kept as"
	if f.Known {
		what = "known: the fault in"
	}
	return fmt.Sprintf("%s %s: %s; %d runs", what, f.File, strings.Join(parts, "; "), f.Runs)
}

// replacedText says which subjects keep something from program to program, a line each.
func replacedText(t *lab.Tally) []string {
	return countedText(t.Replaced, func(what string, n int) string {
		return fmt.Sprintf("the %s grew from program to program: a worker was replaced %d times in %d programs", what, n,
			t.Programs)
	})
}

// undoneText says what the lab could not do, a line for each reason.
func undoneText(t *lab.Tally) []string {
	return countedText(t.Undone, func(why string, n int) string {
		return fmt.Sprintf("%d runs could not be done: %s", n, why)
	})
}

func countedText(counts map[string]int, text func(what string, n int) string) (list []string) {
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, text(what, counts[what]))
	}
	return list
}

// undone is an error if the lab could not do something: what was not judged has not passed.
func (c *campaigned) undone() error {
	for _, k := range slices.Sorted(maps.Keys(c.Tally)) {
		if list := undoneText(c.Tally[k]); len(list) > 0 {
			return fmt.Errorf("%s: %s", k, strings.Join(list, "; "))
		}
	}
	return nil
}

// promote makes a seed of a find and prints it.
func promote(ctx context.Context, runner *lab.Lab, find lab.Find, corpora string, out io.Writer) error {
	if find.Flaky() {
		fmt.Fprintf(out, "NOT REPEATABLE: program %d of %s on %s gave two histories\n\n%s\n",
			find.Index, find.Program.Kind.Name, find.Violation.Subject, find.Program)
		return nil
	}
	seed, err := runner.Promote(ctx, find, filepath.Join(corpora, "found"))
	if err != nil {
		return err
	}
	on := ""
	if _, name, _ := strings.Cut(seed.Violation.Subject, "/"); !isImplementation(seed.Violation.Subject) {
		on = " ON=" + name
	}
	seed.Violation.Write(out, seed.Program, runner.Command+seed.File+on)
	pictured(ctx, seed, out)
	return nil
}
