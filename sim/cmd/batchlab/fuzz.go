package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"batchlab/fuzz"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// fuzzTarget is a native target, the kind of its programs, nil if they are not run, and what
// it begins with.
type fuzzTarget struct {
	name   string
	kind   *kind.Kind
	inputs func(corpora string) ([][]byte, error)
}

var fuzzTargets = []fuzzTarget{
	programsOf("FuzzBatcher", batcher.Kind),
	programsOf("FuzzMap", dedup.Kind),
	programsOf("FuzzDedupBatcher", dedupbatcher.Kind),
	{"FuzzText", nil, fuzz.TextInputs},
	{"FuzzSeedFile", nil, fuzz.Texts},
}

func programsOf(name string, k *kind.Kind) fuzzTarget {
	return fuzzTarget{name, k, func(corpora string) ([][]byte, error) { return fuzz.Inputs(k, corpora) }}
}

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
	fl.StringVar(&f.target, "target", "", "only this one of "+targetNames())
	onFlag(cmd, &f.on)
	fl.StringVar(&f.corpora, "corpora", "corpora", "where finds are written")
	return cmd
}

func targetNames() string {
	var names []string
	for _, t := range fuzzTargets {
		names = append(names, t.name)
	}
	return strings.Join(names, ", ")
}

// targets checks the flags and returns what is to be run.
func (f *fuzzFlags) targets() ([]fuzzTarget, error) {
	if f.time < time.Second {
		return nil, fmt.Errorf("--time must be at least 1s, got %v", f.time)
	}
	list := slices.Clone(fuzzTargets)
	if f.target != "" {
		list = slices.DeleteFunc(list, func(t fuzzTarget) bool { return t.name != f.target })
		if len(list) == 0 {
			return nil, fmt.Errorf("--target %q is unknown, want one of %s", f.target, targetNames())
		}
	}
	if len(f.on) > 0 {
		subjects, err := f.on.subjects()
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(t fuzzTarget) bool {
			return !slices.ContainsFunc(subjects, func(s kind.Subject) bool { return s.Kind == t.kind })
		})
		if len(list) == 0 {
			return nil, fmt.Errorf("--target %s does not run %s", f.target, f.on)
		}
	}
	return list, nil
}

// run runs one target, prints what it did, takes up what it found, and returns how
// many inputs that took. On a busy machine the time may be over before the first: then it gets more.
func (f *fuzzFlags) run(ctx context.Context, t *testing.T, target fuzzTarget, out, progress io.Writer) (int, error) {
	log := &fuzzLog{w: progress, name: target.name}
	for limit := f.time; log.execs == 0 && log.failing == "" && limit <= 4*f.time; limit *= 2 {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		cmd := exec.CommandContext(ctx, "go", "test", "-run=^$", "-fuzz=^"+target.name+"$", "-fuzztime="+limit.String(),
			"-fuzzminimizetime=1x", "./fuzz")
		cmd.Dir = f.module
		cmd.Env = append(os.Environ(), fuzz.OnVariable+"="+f.on.String())
		cmd.Stdout, cmd.Stderr = log, log
		err := grouped(cmd).Run()
		log.end()
		if ctx.Err() != nil {
			return log.execs, ctx.Err()
		}
		if err := log.result(err, out); err != nil {
			return log.execs, err
		}
	}
	switch {
	case log.failing != "":
		return log.execs, f.found(ctx, t, target, log.failing, out)
	case log.execs == 0:
		return 0, fmt.Errorf("%s: no input was tried: the machine is busy, or slow; give it a longer --time than %s",
			target.name, f.time)
	}
	return log.execs, nil
}

// found makes a seed of a failing input.
func (f *fuzzFlags) found(ctx context.Context, t *testing.T, target fuzzTarget, failing string, out io.Writer) error {
	in, err := f.input(target, failing)
	if err != nil {
		return err
	}
	if target.kind == nil {
		fmt.Fprintf(out, "\nthe parser of seed files fails on %s. Show it again:\n\n    go test -run '^%s$/^%s$' ./fuzz\n",
			in.where, target.name, filepath.Base(failing))
		return errFound
	}
	subjects, err := f.on.of(target.kind)
	if err != nil {
		return err
	}
	runner := newLab(t, subjects)
	defer runner.Close()
	find, err := findIn(runner, fuzz.Program(target.kind, in.data))
	if err != nil {
		return err
	}
	if find == nil {
		fmt.Fprintf(out, "\nNOT REPEATABLE: the target failed on %s, and the lab finds nothing wrong with it\n", in.where)
		return errFound
	}
	if err := promote(ctx, runner, *find, f.corpora, out); err != nil {
		return err
	}
	if in.file != "" { // it is a seed now
		if err := os.Remove(in.file); err != nil {
			return err
		}
		dir := filepath.Dir(in.file)
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
	for _, s := range runner.Of(p.Kind) {
		if !engine.Applies(p, s) {
			continue
		}
		_, v, err := runner.Try(p, s)
		if err != nil {
			return nil, err
		}
		if v.Violation != nil && !v.Specified {
			return &lab.Find{Program: p, Violation: *v.Violation, Repeats: true}, nil
		}
	}
	return nil, nil
}

// failingInput is what a target failed on.
type failingInput struct {
	data  []byte
	where string // for people
	file  string // "" if it is one of the inputs that the target begins with
}

// input finds the input that go test calls by a name: seed#N, or a file's.
func (f *fuzzFlags) input(target fuzzTarget, name string) (failingInput, error) {
	var n int
	if _, err := fmt.Sscanf(name, "seed#%d", &n); err == nil {
		inputs, err := target.inputs(filepath.Join(f.module, "corpora"))
		if err == nil && n >= len(inputs) {
			err = fmt.Errorf("%s has no starting input %s", target.name, name)
		}
		if err != nil {
			return failingInput{}, err
		}
		return failingInput{inputs[n], "its starting input " + name, ""}, nil
	}
	file := filepath.Join(f.module, "fuzz", "testdata", "fuzz", target.name, name)
	text, err := os.ReadFile(file)
	if err != nil {
		return failingInput{}, err
	}
	data, err := fuzzFile(text)
	if err != nil {
		return failingInput{}, fmt.Errorf("%s: %w", file, err)
	}
	return failingInput{data, file, file}, nil
}

// fuzzFile reads the one []byte in a file of Go's fuzzer.
func fuzzFile(text []byte) ([]byte, error) {
	version, value, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
	quoted, ok := strings.CutPrefix(string(value), "[]byte(")
	if string(bytes.TrimSpace(version)) != "go test fuzz v1" || !ok || !strings.HasSuffix(quoted, ")") {
		return nil, errors.New("not the file of a fuzz target that takes one []byte")
	}
	data, err := strconv.Unquote(strings.TrimSuffix(quoted, ")"))
	return []byte(data), err
}
