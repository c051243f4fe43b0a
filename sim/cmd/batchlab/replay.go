package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/subject"
	"batchlab/sim/view"
)

func replayCommand(t *testing.T) *cobra.Command {
	var only []string
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
			return replay(cmd, newLab(t, everything()), args, only)
		},
	}
	cmd.Flags().StringSliceVar(&only, "on", nil, "run on these subjects instead (names as in expect:, mutants too)")
	return cmd
}

// readSeeds reads the seeds at some paths. A file that cannot be read ends it: what is wrong
// with it comes first.
func readSeeds(lab *sim.Lab, paths []string) (files []string, programs []*program.Program, err error) {
	for _, p := range paths {
		if p == "" {
			return nil, nil, errors.New("no seed is named: make replay SEED=corpora/…, or batchlab replay FILE")
		}
		list, err := sim.SeedFiles(p)
		if err != nil {
			return nil, nil, err
		}
		if len(list) == 0 { // nothing to see is not a success
			return nil, nil, fmt.Errorf("%s: no file named *%s is here", p, sim.SeedSuffix)
		}
		files = append(files, list...)
	}
	for _, f := range files {
		p, err := sim.ReadSeed(f, lab.Names())
		if err != nil {
			return nil, nil, err
		}
		programs = append(programs, p)
	}
	return files, programs, nil
}

// replay runs all files and returns errFound if an expectation does not hold.
func replay(cmd *cobra.Command, lab *sim.Lab, paths, only []string) error {
	defer lab.Close()
	files, programs, err := readSeeds(lab, paths)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	bad, unjudged := 0, 0
	e := &explorer{t: lab.T}
	defer e.close()
	for i, f := range files {
		if cmd.Context().Err() != nil {
			return errors.New("interrupted")
		}
		subjects, err := subjectsFor(programs[i].Kind, only)
		if err != nil {
			return err
		}
		if programs[i].NeedsSchedule() {
			ok, err := e.replay(cmd.Context(), out, f, programs[i], subjects, only, len(files) > 1)
			switch {
			case err != nil && cmd.Context().Err() != nil:
				return errors.New("interrupted")
			case err != nil:
				unjudged++
				fmt.Fprintf(out, "%-16s %s: %v\n", "CANNOT BE JUDGED", f, err)
			case !ok:
				bad++
			}
			continue
		}
		r, err := lab.Check(programs[i], subjects)
		if err != nil { // no reason to leave out the others
			unjudged++
			fmt.Fprintf(out, "%-16s %s: %v\n", "CANNOT BE JUDGED", f, err)
			continue
		}
		broken := r.Broken()
		if len(broken) > 0 {
			bad++
		}
		if len(files) == 1 {
			printReplay(out, f, r)
		}
		if len(only) > 0 {
			r.Command = lab.Command + f + " ON=" + strings.Join(only, ",")
		} else {
			r.Command = lab.Command + f
		}
		printVerdict(out, f, r, broken, len(files) > 1)
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

// subjectsFor returns the implementations of a kind, or those named.
func subjectsFor(kind string, only []string) ([]subject.Subject, error) {
	if len(only) == 0 {
		return impls.Of(subject.Kind(kind)), nil
	}
	var list []subject.Subject
	var known []string
	for _, s := range everything() {
		if string(s.Kind) == kind {
			known = append(known, s.Name)
		}
	}
	for _, name := range only {
		i := slices.IndexFunc(everything(), func(s subject.Subject) bool { return string(s.Kind) == kind && s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("implementation %q of %s is unknown, want one of %v", name, kind, known)
		}
		list = append(list, everything()[i])
	}
	return list, nil
}

// printReplay prints the program and the histories side by side.
func printReplay(out io.Writer, file string, r *sim.Report) {
	fmt.Fprintf(out, "%s\n\n%s\n", file, r.Program)
	fmt.Fprintln(out, view.SideBySide(r.Histories))
}

// printVerdict prints what came of a seed: a line if brief.
func printVerdict(out io.Writer, file string, r *sim.Report, broken []string, brief bool) {
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

func verdictText(v sim.Verdict) string {
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
