package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"batchlab/fuzz"
	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/sim/lab"
)

func TestFuzzRefuses(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--time abc", "invalid argument"},
		{"--time 0s", "--time must be at least 1s"},
		{"--time -5s", "--time must be at least 1s"},
		{"--target FuzzNothing", "want one of FuzzBatcher, FuzzMap"},
		{"--on batcher/nobody", "is unknown, want kind/name"},
		{"--on nobody", "is unknown, want kind/name"},
		{"--on batcher/baseline --target FuzzMap", "does not run batcher/baseline"},
		{"more", "unknown command"},
	} {
		cmd := fuzzCommand(t)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs(strings.Fields(c.args))
		err := cmd.Execute()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(oneLine(err), "\n") {
			t.Errorf("fuzz %s: error %v, want one that says %q", c.args, err, c.want)
		}
	}
}

// A failing starting input becomes a find, and only in the subject that has the fault.
func TestFuzzFinds(t *testing.T) {
	inputs, err := fuzz.Inputs(batcher.Kind, "corpora")
	if err != nil {
		t.Fatal(err)
	}
	in, err := fuzz.Targets[0].Input(".", "seed#3")
	if err != nil || !bytes.Equal(in.Data, inputs[3]) {
		t.Fatalf("seed#3 is %x, want %x, error %v", in.Data, inputs[3], err)
	}
	canary := impls.Lab(mutants.Canary().Subject)[0]
	finds := 0
	for _, data := range inputs {
		p := fuzz.Program(batcher.Kind, data)
		find, err := findIn(&lab.Lab{T: t, Subjects: append(impls.Lab(impls.Of(spec.KindBatcher)...), canary)}, p)
		if err != nil {
			t.Fatal(err)
		}
		if find == nil {
			continue
		}
		finds++
		if find.Violation.Subject != canary.Title() {
			t.Errorf("a false find: %v\n%s", &find.Violation, p)
		}
	}
	if finds == 0 {
		t.Errorf("%d inputs, and the canary is not found in any", len(inputs))
	}
	if _, err := fuzz.Targets[0].Input(".", "seed#999999"); err == nil {
		t.Error("seed#999999 is an input")
	}
	for _, target := range fuzz.Targets {
		if in, err := target.Input(".", "seed#1"); err != nil || len(in.Data) == 0 {
			t.Errorf("%s: seed#1 is %x, error %v", target.Name, in.Data, err)
		}
	}
}

// oneAtATime is a seed of a batcher of batches of one item, to which operations can be added.
const oneAtATime = "batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=10ms mode=foreground\n\n"

// A file that the fuzzer left becomes a seed, and is taken away when that is there.
func TestFuzzPromotes(t *testing.T) {
	skipIfShort(t)
	t.Setenv(commandEnv, "1") // for the lab's children
	f := fuzzFlags{module: t.TempDir(), corpora: t.TempDir(), on: onNames{impls.Lab(mutants.Canary().Subject)[0].Title()}}
	dir := filepath.Join(f.module, "fuzz", "testdata", "fuzz", "FuzzBatcher")
	crasher := filepath.Join(dir, "771e938e4458e983")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		data  []byte
		want  string
		seeds int
	}{
		{fuzz.Encode(programOf(t, oneAtATime)), "NOT REPEATABLE: the target failed on " + crasher, 0},
		{fuzz.Encode(programOf(t, oneAtATime+"a put x3\n")), "make replay SEED=", 1},
	} {
		if err := os.WriteFile(crasher, fmt.Appendf(nil, "go test fuzz v1\n[]byte(%q)\n", c.data), 0o666); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := f.found(t.Context(), t, fuzz.Targets[0], filepath.Base(crasher), &out)
		if !errors.Is(err, errFound) || !strings.Contains(out.String(), c.want) {
			t.Errorf("%x: error %v, want a find that says %q:\n%s", c.data, err, c.want, &out)
		}
		seeds, _ := filepath.Glob(filepath.Join(f.corpora, "found", "*"+lab.SeedSuffix))
		if _, err := os.Stat(crasher); len(seeds) != c.seeds || (err != nil) != (c.seeds > 0) {
			t.Errorf("%x: %d seeds, want %d; the crasher: %v", c.data, len(seeds), c.seeds, err)
		}
	}
}

// TestFuzzedNothing: no input in all that time is no success, though go test says so.
func TestFuzzedNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir) // in which go is a command that does nothing, and writes down that it was asked
	script := "#!/bin/sh\necho \"$4\" >>" + filepath.Join(dir, "asked") + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	f := fuzzFlags{time: time.Second, module: dir}
	_, err := f.run(t.Context(), t, fuzz.Targets[0], &out, io.Discard)
	asked, _ := os.ReadFile(filepath.Join(dir, "asked"))
	if err == nil || !strings.Contains(err.Error(), "FuzzBatcher: no input was tried") ||
		string(asked) != "-fuzztime=1s\n-fuzztime=2s\n-fuzztime=4s\n" {
		t.Errorf("%v, asked for\n%s\n%s", err, asked, &out)
	}
}
