package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"batchlab/fuzz"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// fuzzFlags is what the fuzz command can be told.
type fuzzFlags struct {
	time            time.Duration
	target          string
	on              onNames
	corpora, module string
}

func fuzzCommand(t *testing.T) *cobra.Command {
	var f fuzzFlags
	cmd := &cobra.Command{
		Use:   "fuzz",
		Short: "Run the native fuzz targets in turn, and make seeds of what they find",
		Long: `Run each native fuzz target for a while: Go's fuzzer mutates programs, spelled as
bytes, towards code that no program has reached. A find is shrunk and written to
found/ below the corpora, its replay command is printed, and the fuzzing ends.
What the fuzzer thinks worth keeping stays in its cache for the next time.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			targets, err := f.targets()
			if err != nil {
				return err
			}
			if f.module, err = moduleRoot(cmd.Context()); err != nil {
				return err
			}
			for _, target := range targets {
				if _, err := f.run(cmd.Context(), t, target, cmd.OutOrStdout(), cmd.ErrOrStderr()); err != nil {
					return err
				}
			}
			return nil
		},
	}
	fl := cmd.Flags()
	fl.DurationVar(&f.time, "time", 30*time.Second, "how long to run each target")
	fl.StringVar(&f.target, "target", "", "only this one of "+fuzz.TargetNames())
	onFlag(cmd, &f.on)
	corporaFlag(cmd, &f.corpora)
	return cmd
}

// targets checks the flags and returns what is to be run.
func (f *fuzzFlags) targets() ([]fuzz.Target, error) {
	if f.time < time.Second {
		return nil, fmt.Errorf("--time must be at least 1s, got %v", f.time)
	}
	list := slices.Clone(fuzz.Targets)
	if f.target != "" {
		list = slices.DeleteFunc(list, func(t fuzz.Target) bool { return t.Name != f.target })
		if len(list) == 0 {
			return nil, fmt.Errorf("--target %q is unknown, want one of %s", f.target, fuzz.TargetNames())
		}
	}
	if len(f.on) > 0 {
		subjects, err := f.on.subjects()
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(t fuzz.Target) bool {
			return !slices.ContainsFunc(subjects, func(s kind.Subject) bool { return s.Kind == t.Kind })
		})
		if len(list) == 0 {
			return nil, fmt.Errorf("--target %s does not run %s", f.target, f.on)
		}
	}
	return list, nil
}

// run runs one target, prints what it did, takes up what it found, and returns how
// many inputs that took. On a busy machine the time may be over before the first: then it gets more.
func (f *fuzzFlags) run(ctx context.Context, t *testing.T, target fuzz.Target, out, progress io.Writer) (int, error) {
	log := &fuzz.Log{W: progress, Target: target.Name}
	for limit := f.time; log.Execs == 0 && log.Failing == "" && limit <= 4*f.time; limit *= 2 {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		cmd := exec.CommandContext(ctx, "go", "test", "-run=^$", "-fuzz=^"+target.Name+"$", "-fuzztime="+limit.String(),
			"-fuzzminimizetime=1x", "./fuzz")
		cmd.Dir = f.module
		cmd.Env = append(os.Environ(), fuzz.OnVariable+"="+f.on.String())
		cmd.Stdout, cmd.Stderr = log, log
		err := grouped(cmd).Run()
		log.End()
		if ctx.Err() != nil {
			return log.Execs, ctx.Err()
		}
		if err := log.Result(err, out); err != nil {
			return log.Execs, err
		}
	}
	switch {
	case log.Failing != "":
		return log.Execs, f.found(ctx, t, target, log.Failing, out)
	case log.Execs == 0:
		return 0, fmt.Errorf("%s: no input was tried: the machine is busy, or slow; give it a longer --time than %s",
			target.Name, f.time)
	}
	return log.Execs, nil
}

// found makes a seed of a failing input.
func (f *fuzzFlags) found(ctx context.Context, t *testing.T, target fuzz.Target, failing string, out io.Writer) error {
	in, err := target.Input(f.module, failing)
	if err != nil {
		return err
	}
	if target.Kind == nil {
		fmt.Fprintf(out, "\nthe parser of seed files fails on %s. Show it again:\n\n    go test -run '^%s$/^%s$' ./fuzz\n",
			in.Where, target.Name, filepath.Base(failing))
		return errFound
	}
	subjects, err := f.on.of(target.Kind)
	if err != nil {
		return err
	}
	runner := newLab(t, subjects)
	defer runner.Close()
	find, err := findIn(runner, fuzz.Program(target.Kind, in.Data))
	if err != nil {
		return err
	}
	if find == nil {
		fmt.Fprintf(out, "\nNOT REPEATABLE: the target failed on %s, and the lab finds nothing wrong with it\n", in.Where)
		return errFound
	}
	if err := promote(ctx, runner, *find, f.corpora, out); err != nil {
		return err
	}
	if in.File != "" { // it is a seed now
		if err := os.Remove(in.File); err != nil {
			return err
		}
		dir := filepath.Dir(in.File)
		for range 3 { // which Go made for it; they stay if there is more in them
			_ = os.Remove(dir)
			dir = filepath.Dir(dir)
		}
	}
	return errFound
}

// findIn runs a program on the lab's subjects and returns the first violation that
// the specification does not have itself, or nil.
func findIn(runner *lab.Lab, p *program.Program) (*lab.Find, error) {
	r, err := runner.Check(p, runner.Of(p.Kind))
	if err != nil {
		return nil, err
	}
	if w := r.Worst(); w != nil && !w.Specified {
		return &lab.Find{Program: p, Violation: *w.Violation, Repeats: true}, nil
	}
	return nil, nil
}
