package main

import (
	"context"
	"encoding/json"
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

func stressCommand() *cobra.Command {
	var o stress.Options
	var names []string
	var file string
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
			o.Known = stress.Known()
			if err := o.Validate(); err != nil {
				return err
			}
			return runStress(cmd.Context(), o, file, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Items, "items", 1_000_000, "items through each cell, all producers together")
	f.StringArrayVar(&names, "subject", nil, "an implementation, as kind/name; may be repeated (default all)")
	f.StringArrayVar(&o.Scenarios, "scenario", nil, "one of "+strings.Join(stress.ScenarioNames(), ", ")+"; may be repeated (default all)")
	f.IntSliceVar(&o.Producers, "producers", stress.DefaultProducers, "numbers of producers")
	seedFlag(cmd, &o.Seed, "of keys and pauses, not of the schedule")
	f.StringVar(&file, "json", "", "write the summary to this file as well")
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

func runStress(ctx context.Context, o stress.Options, file string, stdout, stderr io.Writer) error {
	detector := "without the race detector (build with -race to have it)"
	if stress.RaceEnabled {
		detector = "with the race detector"
	}
	fmt.Fprintf(stdout, "seed %d, %d items a cell, %s\n", o.Seed, o.Items, detector)
	show, end := stressProgress(stderr, len(o.Subjects))
	o.Progress = show
	summary, err := stress.Run(ctx, o)
	end()
	if err != nil {
		return err
	}
	if err := summary.WriteTable(stdout); err != nil {
		return err
	}
	if file != "" {
		text, err := json.Marshal(summary)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o666); err != nil {
			return err
		}
	}
	if summary.Broken() {
		return errFound
	}
	if summary.Interrupted {
		return errors.New("interrupted")
	}
	return nil
}

// stressProgress is a bar on a terminal, and elsewhere a line when a subject is
// done. The second function takes the bar away.
func stressProgress(w io.Writer, subjects int) (show func(done, total int, label string), end func()) {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		bar := progressbar.NewOptions(1, progressbar.OptionSetWriter(w), progressbar.OptionSetPredictTime(false))
		return func(done, total int, label string) {
			bar.ChangeMax(total)
			bar.Describe(label)
			_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
		}, func() { _ = bar.Clear() }
	}
	return func(done, total int, label string) {
		if done%(total/subjects) == 0 {
			name, _, _ := strings.Cut(label, " ")
			fmt.Fprintf(w, "%s done, %d of %d cells\n", name, done, total)
		}
	}, func() {}
}
