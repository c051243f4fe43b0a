package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/sim/history"
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
func readSeeds(paths ...string) (all []lab.Seed, err error) {
	for _, p := range paths {
		if p == "" {
			return nil, errors.New("no seed is named: make replay SEED=corpora/…, or batchlab replay FILE")
		}
		list, err := lab.ReadSeeds((&lab.Lab{Subjects: everything()}).Names(), p)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 { // nothing to see is not a success
			return nil, fmt.Errorf("%s: no file named *%s is here", p, lab.SeedSuffix)
		}
		all = append(all, list...)
	}
	return all, nil
}

// replay runs all files and returns errFound if an expectation does not hold.
func replay(cmd *cobra.Command, runner *lab.Lab, paths []string, on onNames) error {
	defer runner.Close()
	seeds, err := readSeeds(paths...)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	bad, unjudged := 0, 0
	e := &explorer{t: runner.T}
	defer func() {
		if e.lab != nil {
			e.lab.Close()
		}
	}()
	for _, s := range seeds {
		subjects, err := on.of(s.Program.Kind)
		if err != nil {
			return err
		}
		var r *replayResult
		if s.Program.NeedsSchedule() {
			r, err = e.replay(cmd.Context(), s.Program, subjects)
		} else {
			r, err = replayAlone(runner, s.Program, subjects)
		}
		switch {
		case cmd.Context().Err() != nil:
			return cmd.Context().Err()
		case err != nil: // no reason to leave out the others
			unjudged++
			fmt.Fprintf(out, "%-16s %s: %v\n", "CANNOT BE JUDGED", s.File, err)
			continue
		case len(r.broken) > 0:
			bad++
		}
		command := runner.Command + s.File
		if len(on) > 0 {
			command += " ON=" + on.String()
		}
		r.print(out, s, command, len(seeds) > 1)
	}
	if n := len(seeds); n > 1 {
		fmt.Fprintf(out, "%d seeds, %d as expected, %d not\n", n, n-bad-unjudged, bad+unjudged)
	}
	switch {
	case bad > 0:
		return errFound
	case unjudged > 0:
		return fmt.Errorf("%d of %d seeds could not be judged", unjudged, len(seeds))
	}
	return nil
}

// replayResult is what came of a seed.
type replayResult struct {
	digest    string
	broken    []string          // what was not as the seed expects
	violation *oracle.Violation // that matters most, if there is any, of this program
	program   *program.Program
	full      func(out io.Writer) // prints histories, and a line for each subject
}

// print prints what came of a seed: a line if brief.
func (r *replayResult) print(out io.Writer, s lab.Seed, command string, brief bool) {
	if brief {
		fmt.Fprintf(out, "%-16s digest %s  %s\n", verdictOf(r.broken), r.digest, s.File)
	} else {
		fmt.Fprintf(out, "%s\n\n%s\n", s.File, s.Program)
		r.full(out)
		fmt.Fprintf(out, "digest %s\n%s\n", r.digest, verdictOf(r.broken))
	}
	for _, line := range r.broken {
		fmt.Fprintf(out, "  %s\n", line)
	}
	if len(r.broken) > 0 && r.violation != nil {
		fmt.Fprintln(out)
		r.violation.Write(out, r.program, command)
	}
}

func verdictOf(broken []string) string {
	if len(broken) > 0 {
		return "NOT AS EXPECTED"
	}
	return "as expected"
}

// replayAlone runs a seed that needs no schedule.
func replayAlone(runner *lab.Lab, p *program.Program, subjects []kind.Subject) (*replayResult, error) {
	r, err := runner.Check(p, subjects)
	if err != nil {
		return nil, err
	}
	came := &replayResult{digest: r.Digest(), broken: r.Broken(), program: p}
	if w := r.Worst(); w != nil {
		came.violation = w.Violation
	}
	came.full = func(out io.Writer) {
		fmt.Fprintln(out, view.SideBySide(r.Histories))
		for _, v := range r.Verdicts {
			fmt.Fprintf(out, "%-24s %s\n", v.Subject, verdictText(v))
		}
		for _, s := range r.Skipped {
			fmt.Fprintf(out, "%-24s cannot run it: no clock, and the program begins before 2000-01-01\n", s)
		}
	}
	return came, nil
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

// replay runs a seed that needs a schedule: under its own, or many. The woven binary is built when it
// is first needed.
func (e *explorer) replay(
	ctx context.Context, p *program.Program, subjects []kind.Subject,
) (r *replayResult, err error) {
	if e.lab == nil {
		if e.binary, err = (wovenBuild{}).binary(ctx); err != nil {
			return nil, err
		}
		e.lab = newWovenLab(e.t, e.binary, everything())
	}
	st, err := e.lab.Study(ctx, p, subjects, e.f.search(p, false))
	if err != nil {
		return nil, err
	}
	r = &replayResult{digest: st.Digest(), broken: st.Broken(), program: p.Bare()}
	for _, x := range st.Explorations {
		if x.Violation != nil {
			r.violation, r.program.Schedule = x.Violation, x.Schedule
			break
		}
	}
	r.full = func(out io.Writer) { printStudy(out, st) }
	return r, nil
}

// printStudy prints the histories if there is one of each subject, and how many outcomes there are.
func printStudy(out io.Writer, st *lab.Study) {
	var histories []history.History
	for _, x := range st.Explorations {
		if x.Search.Strategy == lab.Replaying {
			histories = append(histories, history.Of(&x.Run))
		}
	}
	if len(histories) > 0 {
		fmt.Fprintln(out, view.SideBySide(histories))
	}
	for i, x := range st.Explorations {
		fmt.Fprintf(out, "%-24s %s\n", x.Subject, explorationText(x, st, i))
	}
}
