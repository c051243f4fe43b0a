package main

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/view"
)

func replayCommand(t *testing.T) *cobra.Command {
	var on onNames
	cmd := &cobra.Command{
		Use:   "replay SEED...",
		Short: "Run seed files, or all below a directory, and compare with what they expect",
		Long: `Run each seed on every implementation of its kind, print the program, the
histories side by side and the verdict, and compare with what the seed expects.

A seed that has a schedule, or whose operations run together, is run in a binary that is
built for it, with the implementations woven: under its own schedule if it has one, else
under all schedules of at most two preemptions.

Status 0: every expectation holds. 1: one does not. 2: a file is not a seed.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return replay(cmd, newLab(t, everything()), args, on)
		},
	}
	onFlag(cmd, &on)
	return cmd
}

// readSeeds reads the seeds at some paths. A file that cannot be read ends it: what is wrong
// with it comes first.
func readSeeds(runner *lab.Lab, paths []string) (files []string, programs []*program.Program, err error) {
	for _, p := range paths {
		if p == "" {
			return nil, nil, errors.New("no seed is named: make replay SEED=corpora/…, or batchlab replay FILE")
		}
		list, err := lab.SeedFiles(p)
		if err != nil {
			return nil, nil, err
		}
		if len(list) == 0 { // nothing to see is not a success
			return nil, nil, fmt.Errorf("%s: no file named *%s is here", p, lab.SeedSuffix)
		}
		files = append(files, list...)
	}
	for _, f := range files {
		p, err := lab.ReadSeed(f, runner.Names())
		if err != nil {
			return nil, nil, err
		}
		programs = append(programs, p)
	}
	return files, programs, nil
}

// replay runs all files and returns errFound if an expectation does not hold.
func replay(cmd *cobra.Command, runner *lab.Lab, paths []string, on onNames) error {
	defer runner.Close()
	files, programs, err := readSeeds(runner, paths)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	bad, unjudged := 0, 0
	e := &explorer{t: runner.T}
	defer e.close()
	for i, f := range files {
		if cmd.Context().Err() != nil {
			return errors.New("interrupted")
		}
		p, brief := programs[i], len(files) > 1
		subjects, err := on.of(p.Kind)
		if err != nil {
			return err
		}
		var ok bool
		if p.NeedsSchedule() {
			ok, err = e.replay(cmd.Context(), out, f, p, subjects, on, brief)
		} else {
			ok, err = replayAlone(out, runner, f, p, subjects, on, brief)
		}
		switch {
		case err != nil && cmd.Context().Err() != nil:
			return errors.New("interrupted")
		case err != nil: // no reason to leave out the others
			unjudged++
			fmt.Fprintf(out, "%-16s %s: %v\n", "CANNOT BE JUDGED", f, err)
		case !ok:
			bad++
		}
	}
	if len(files) > 1 {
		fmt.Fprintf(out, "%d seeds, %d as expected, %d not\n", len(files), len(files)-bad-unjudged, bad+unjudged)
	}
	switch {
	case bad > 0:
		return errFound
	case unjudged > 0:
		return fmt.Errorf("%d of %d seeds could not be judged", unjudged, len(files))
	}
	return nil
}

// replayAlone runs a seed that needs no schedule, prints what came of it, and reports whether
// all was as the seed expects.
func replayAlone(
	out io.Writer, runner *lab.Lab, file string, p *program.Program, subjects []kind.Subject, on onNames, brief bool,
) (bool, error) {
	r, err := runner.Check(p, subjects)
	if err != nil {
		return false, err
	}
	if !brief {
		printReplay(out, file, r)
	}
	r.Command = runner.Command + file
	if len(on) > 0 {
		r.Command += " ON=" + on.String()
	}
	broken := r.Broken()
	printVerdict(out, file, r, broken, brief)
	return len(broken) == 0, nil
}

// printReplay prints the program and the histories side by side.
func printReplay(out io.Writer, file string, r *lab.Report) {
	fmt.Fprintf(out, "%s\n\n%s\n", file, r.Program)
	fmt.Fprintln(out, view.SideBySide(r.Histories))
}

// printVerdict prints what came of a seed: a line if brief.
func printVerdict(out io.Writer, file string, r *lab.Report, broken []string, brief bool) {
	verdict := "as expected"
	if len(broken) > 0 {
		verdict = "NOT AS EXPECTED"
	}
	if brief {
		fmt.Fprintf(out, "%-16s digest %s  %s\n", verdict, r.Digest(), file)
	} else {
		for _, v := range r.Verdicts {
			fmt.Fprintf(out, "%-24s %s\n", v.Subject, verdictText(v))
		}
		for _, s := range r.Skipped {
			fmt.Fprintf(out, "%-24s cannot run it: no clock, and the program begins before 2000-01-01\n", s)
		}
		fmt.Fprintf(out, "digest %s\n%s\n", r.Digest(), verdict)
	}
	for _, line := range broken {
		fmt.Fprintf(out, "  %s\n", line)
	}
	if w := r.Worst(); len(broken) > 0 && w != nil {
		fmt.Fprintln(out)
		w.Violation.Write(out, r.Program, r.Command)
	}
}

func verdictText(v oracle.Verdict) string {
	text := "no violation"
	if v.Violation != nil {
		text = fmt.Sprintf("breaks %s at step %d", v.Violation.Law, v.Violation.Step)
		if v.Specified {
			text += ", as the specification does"
		}
	}
	if v.Branched != 0 {
		text += fmt.Sprintf(" (from step %d on several histories are right)", v.Branched)
	}
	return text
}
