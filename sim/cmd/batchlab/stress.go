package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"batchlab/impls"
	"batchlab/sim/subject"
	"batchlab/stress"
)

// stressKnown lists what the frozen baseline is known to break: its look-up and
// its insertion are two steps, so two Sets of one key can both win. The count
// and the deduplicating batcher follow. See package stress.
var stressKnown = map[string][]subject.Law{
	"dedup/baseline":         {subject.OneWinner, subject.CountLaw},
	"dedup-batcher/baseline": {subject.OncePerWindow},
}

func stressCommand() *cobra.Command {
	var o stress.Options
	var names []string
	cmd := &cobra.Command{
		Use:   "stress",
		Short: "Run implementations with real goroutines on the real clock, and check the laws",
		Long: "Stress drives each implementation through five scenarios from 1, 8 and 64 producers, and checks\n" +
			"what arrives, goroutines left behind and memory. Built with -race it looks for data races too.\n" +
			"A panic in an implementation's own goroutine ends the process.",
		Example: "  batchlab stress --items 200000\n" +
			"  batchlab stress --subject dedup/optimized --scenario duplicates --producers 64",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Subjects, err = stressSubjects(names); err != nil {
				return err
			}
			o.Known = stressKnown
			if err := o.Validate(); err != nil {
				return err
			}
			return runStress(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Items, "items", 1_000_000, "items through each cell, all producers together")
	f.StringArrayVar(&names, "subject", nil, "an implementation, as kind/name; may be repeated (default all)")
	f.StringArrayVar(&o.Scenarios, "scenario", nil, "one of "+strings.Join(stress.ScenarioNames(), ", ")+"; may be repeated (default all)")
	f.IntSliceVar(&o.Producers, "producers", stress.DefaultProducers, "numbers of producers")
	f.Uint64Var(&o.Seed, "seed", 1, "of keys and pauses, not of the schedule")
	return cmd
}

// stressSubjects finds the implementations named kind/name; no names mean all.
func stressSubjects(names []string) ([]subject.Subject, error) {
	if len(names) == 0 {
		return impls.All(), nil
	}
	var found []subject.Subject
	for _, n := range names {
		kind, name, ok := strings.Cut(n, "/")
		if !ok {
			return nil, fmt.Errorf("subject %q is not kind/name, as in batcher/baseline", n)
		}
		s, err := impls.Find(subject.Kind(kind), name)
		if err != nil {
			return nil, err
		}
		found = append(found, s)
	}
	return found, nil
}

func runStress(ctx context.Context, o stress.Options, stdout, stderr io.Writer) error {
	detector := "without the race detector (build with -race to have it)"
	if stress.RaceEnabled {
		detector = "with the race detector"
	}
	fmt.Fprintf(stdout, "seed %d, %d items a cell, %s\n", o.Seed, o.Items, detector)
	o.Progress = stressProgress(stderr, len(o.Subjects))
	summary, err := stress.Run(ctx, o)
	if err != nil {
		return err
	}
	if err := summary.WriteTable(stdout); err != nil {
		return err
	}
	if summary.Broken() {
		return errFound
	}
	if summary.Interrupted {
		return errors.New("interrupted")
	}
	return nil
}

// stressProgress is a bar on a terminal, and elsewhere a line when a subject is done.
func stressProgress(w io.Writer, subjects int) func(done, total int, label string) {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		var bar *progressbar.ProgressBar
		return func(done, total int, label string) {
			if bar == nil {
				bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionClearOnFinish())
			}
			bar.Describe(label)
			_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
		}
	}
	return func(done, total int, label string) {
		if each := total / subjects; done%each == 0 {
			name, _, _ := strings.Cut(label, " ")
			fmt.Fprintf(w, "%s: %d cells done\n", name, each)
		}
	}
}
