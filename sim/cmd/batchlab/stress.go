package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

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
	return cmd
}

// stressWorker is a process of the same build. It is told to end as by a person, for then it
// still says what it saw.
func stressWorker(ctx context.Context) *exec.Cmd {
	cmd := worker(ctx, "", "worker", "stress")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return cmd
}

func runStress(ctx context.Context, o stress.Options, file string, stdout, stderr io.Writer) error {
	detector := "without the race detector (build with -race to have it)"
	if stress.RaceEnabled {
		detector = "with the race detector"
	}
	fmt.Fprintf(stdout, "seed %d, %d items a cell, %s\n", o.Seed, o.Items, detector)
	bar := newProgress(stderr, "stress", "cells", 0)
	o.Progress = func(done, total int, _ string) { bar.of(done, total) }
	summary, failed := stress.RunApart(ctx, o, stress.Apart{Worker: stressWorker, Stderr: stderr})
	bar.end()
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
	return nil
}
