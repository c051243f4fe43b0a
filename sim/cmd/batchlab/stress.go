package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"batchlab/impls"
	"batchlab/stress"
)

func stressCommand() *cobra.Command {
	var o stress.Options
	var on onNames
	var file string
	cmd := &cobra.Command{
		Use:   "stress",
		Short: "Run implementations with real goroutines on the real clock, and check the laws",
		Long: "Stress drives each implementation through the scenarios that add something for its kind, from 1, 8 and 64\n" +
			"producers, and checks what arrives, goroutines left behind and memory. Built with -race it looks for data\n" +
			"races too. Each implementation has a process of its own, and as many run side by side as there are processors.",
		Example: "  batchlab stress --items 200000\n" +
			"  batchlab stress --on dedup/optimized --scenario duplicates --producers 64",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Subjects, err = on.rows(); err != nil {
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
	onFlag(cmd, &on)
	f.StringSliceVar((*[]string)(&on), "subject", nil, "the same as --on, as it was called before")
	if err := f.MarkHidden("subject"); err != nil {
		panic(err) // there is no such flag
	}
	f.StringArrayVar(&o.Scenarios, "scenario", nil,
		"one of "+strings.Join(stress.ScenarioNames(), ", ")+
			"; may be repeated (default those that add something for the kind)")
	f.IntSliceVar(&o.Producers, "producers", stress.DefaultProducers, "numbers of producers")
	seedFlag(cmd, &o.Seed, "of keys and pauses, not of the schedule")
	f.StringVar(&file, "json", "", "write the summary to this file as well")
	cmd.AddCommand(stressWorkerCommand())
	return cmd
}

// stressWorkerCommand is what the command starts itself as for each subject.
func stressWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Short:  "Run the subject that a parent process asks for (internal)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return stress.Serve(cmd.Context(), os.Stdin, os.Stdout, impls.All())
		},
	}
}

// stressWorker is a process of the same build. It is told to end as by a person, for then it
// still says what it saw.
func stressWorker(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], "stress", "worker")
	cmd.Env = append(os.Environ(), commandEnv+"=1")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return cmd
}

func runStress(ctx context.Context, o stress.Options, file string, stdout, stderr io.Writer) error {
	detector := "without the race detector (build with -race to have it)"
	if stress.RaceEnabled {
		detector = "with the race detector"
	}
	fmt.Fprintf(stdout, "seed %d, %d items a cell, %s\n", o.Seed, o.Items, detector)
	show, end := stressProgress(stderr)
	o.Progress = show
	summary, failed := stress.RunApart(ctx, o, stress.Apart{Worker: stressWorker, Stderr: stderr})
	end()
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
	if failed != nil {
		return failed
	}
	if summary.Broken() {
		return errFound
	}
	if summary.Interrupted {
		return errors.New("interrupted")
	}
	return nil
}

// stressProgress is a bar on a terminal, and elsewhere a line now and then. The second
// function takes the bar away.
func stressProgress(w io.Writer) (show func(done, total int, label string), end func()) {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		bar := progressbar.NewOptions(1, progressbar.OptionSetWriter(w), progressbar.OptionSetPredictTime(false))
		return func(done, total int, label string) {
			bar.ChangeMax(total)
			bar.Describe(label)
			_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
		}, func() { _ = bar.Clear() }
	}
	const lines = 10
	return func(done, total int, _ string) {
		if done*lines/total > (done-1)*lines/total {
			fmt.Fprintf(w, "%d of %d cells\n", done, total)
		}
	}, func() {}
}
