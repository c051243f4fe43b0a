package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
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

func TestFuzzLog(t *testing.T) {
	for _, c := range []struct {
		lines              string
		execs, interesting int
		elapsed, failing   string
	}{
		{"", 0, 0, "", ""},
		{"fuzz: elapsed: 0s, gathering baseline coverage: 0/106 completed\n", 0, 0, "", ""},
		{"fuzz: elapsed: 3s, execs: 2300 (767/sec), new interesting: 111 (total: 217)\n", 2300, 111, "3s", ""},
		{"fuzz: elapsed: 3s, execs: 1 (1/sec), new interesting: 1 (total: 2)\nfuzz: elapsed: 1m6s, execs: 41 (6/sec), " +
			"new interesting: 2 (total: 3)\nPASS\n", 41, 2, "1m6s", ""},
		{"    Failing input written to testdata/fuzz/FuzzMap/771e938e4458e983\n    To re-run:\n    go test " +
			"-run=FuzzMap/771e938e4458e983\n", 0, 0, "", "771e938e4458e983"},
		{"failure while testing seed corpus entry: FuzzMap/seed#12\n", 0, 0, "", "seed#12"},
		{"failure while testing seed corpus entry: FuzzMap/seed#1", 0, 0, "", "seed#1"},
		{"failure while testing seed corpus entry: FuzzOther/seed#1\n", 0, 0, "", ""},
	} {
		l := &fuzzLog{w: &bytes.Buffer{}, name: "FuzzMap"}
		for i := range len(c.lines) { // lines come in pieces
			if _, err := l.Write([]byte(c.lines[i : i+1])); err != nil {
				t.Fatal(err)
			}
		}
		l.end()
		if l.execs != c.execs || l.interesting != c.interesting || l.elapsed != c.elapsed || l.failing != c.failing {
			t.Errorf("%q: got %d, %d, %q, %q", c.lines, l.execs, l.interesting, l.elapsed, l.failing)
		}
	}
}

func TestFuzzFile(t *testing.T) {
	for _, c := range []struct {
		text, want string
		bad        bool
	}{
		{"go test fuzz v1\n[]byte(\"a\\x00\\n\")\n", "a\x00\n", false},
		{"go test fuzz v1\n[]byte(\"\")\n", "", false},
		{"go test fuzz v2\n[]byte(\"\")\n", "", true},
		{"go test fuzz v1\nint(1)\n", "", true},
		{"go test fuzz v1\n[]byte(\"a)\n", "", true},
		{"", "", true},
	} {
		if got, err := fuzzFile([]byte(c.text)); string(got) != c.want || (err != nil) != c.bad {
			t.Errorf("%q: got %q, error %v", c.text, got, err)
		}
	}
}

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
	f := fuzzFlags{time: time.Second, module: "."}
	inputs, err := fuzz.Inputs(batcher.Kind, "corpora")
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.input(fuzzTargets[0], "seed#3")
	if err != nil || !bytes.Equal(in.data, inputs[3]) {
		t.Fatalf("seed#3 is %x, want %x, error %v", in.data, inputs[3], err)
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
	if _, err := f.input(fuzzTargets[0], "seed#999999"); err == nil {
		t.Error("seed#999999 is an input")
	}
	for _, target := range fuzzTargets {
		if in, err := f.input(target, "seed#1"); err != nil || len(in.data) == 0 {
			t.Errorf("%s: seed#1 is %x, error %v", target.name, in.data, err)
		}
	}
}

// TestEveryTargetIsRun: the command knows the targets there are.
func TestEveryTargetIsRun(t *testing.T) {
	text, err := os.ReadFile("fuzz/fuzz_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`).FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	if got := strings.Join(names, ", "); got != targetNames() {
		t.Errorf("fuzz_test.go has %s, and the command runs %s", got, targetNames())
	}
}

// oneAtATime is a seed of a batcher of batches of one item, to which operations can be added.
const oneAtATime = "batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=10ms mode=foreground\n\n"

// A file that the fuzzer left becomes a seed, and is taken away when that is there.
func TestFuzzPromotes(t *testing.T) {
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
		err := f.found(t.Context(), t, fuzzTargets[0], filepath.Base(crasher), &out)
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
	_, err := f.run(t.Context(), t, fuzzTargets[0], &out, io.Discard)
	asked, _ := os.ReadFile(filepath.Join(dir, "asked"))
	if err == nil || !strings.Contains(err.Error(), "FuzzBatcher: no input was tried") ||
		string(asked) != "-fuzztime=1s\n-fuzztime=2s\n-fuzztime=4s\n" {
		t.Errorf("%v, asked for\n%s\n%s", err, asked, &out)
	}
}

// Go's fuzzer may take its own time limit for a failure. Nothing else may pass for that.
func TestTimeUpIsTheOnlyHarmlessFailure(t *testing.T) {
	for _, c := range []struct {
		name, out string
		timeUp    bool
	}{
		{"the time is up", "--- FAIL: FuzzMap (5.03s)\n    context deadline exceeded\nFAIL\nexit status 1\n", true},
		{"a violation", "--- FAIL: FuzzMap (1.03s)\n    --- FAIL: FuzzMap (0.00s)\n        violation " +
			"D2-one-winner\nFAIL\n", false},
		{"a hang", "--- FAIL: FuzzMap (11.03s)\n    fuzzing process hung or terminated unexpectedly: exit status " +
			"2\nFAIL\n", false},
		{"said elsewhere", "--- FAIL: FuzzMap (1.03s)\n    judge.go:1: no\n    context deadline exceeded\nFAIL\n", false},
		{"another target", "--- FAIL: FuzzBatcher (5.03s)\n    context deadline exceeded\nFAIL\n", false},
		{"no build", "FAIL\tbatchlab/fuzz [build failed]\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := &fuzzLog{w: io.Discard, name: "FuzzMap"}
			fmt.Fprint(log, c.out)
			log.end()
			if log.timeUp != c.timeUp {
				t.Errorf("timeUp = %v, want %v", log.timeUp, c.timeUp)
			}
		})
	}
}
