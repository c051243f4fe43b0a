package fuzz

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestFuzzLog(t *testing.T) {
	for _, c := range []struct {
		lines              string
		execs, interesting int
		elapsed, failing   string
	}{
		{"", 0, 0, "", ""},
		{"fuzz: elapsed: 0s, gathering baseline coverage: 0/106 completed\n", 0, 0, "0s", ""},
		{"fuzz: elapsed: 1s, gathering baseline coverage: 80/106 completed\nPASS\n", 80, 0, "1s", ""},
		{"fuzz: elapsed: 3s, execs: 2300 (767/sec), new interesting: 111 (total: 217)\n", 2300, 111, "3s", ""},
		{"fuzz: elapsed: 3s, execs: 1 (1/sec), new interesting: 1 (total: 2)\nfuzz: elapsed: 1m6s, execs: 41 (6/sec), " +
			"new interesting: 2 (total: 3)\nPASS\n", 41, 2, "1m6s", ""},
		{"    Failing input written to testdata/fuzz/FuzzMap/771e938e4458e983\n    To re-run:\n    go test " +
			"-run=FuzzMap/771e938e4458e983\n", 0, 0, "", "771e938e4458e983"},
		{"failure while testing seed corpus entry: FuzzMap/seed#12\n", 0, 0, "", "seed#12"},
		{"failure while testing seed corpus entry: FuzzMap/seed#1", 0, 0, "", "seed#1"},
		{"failure while testing seed corpus entry: FuzzOther/seed#1\n", 0, 0, "", ""},
	} {
		l := &Log{W: &bytes.Buffer{}, Target: "FuzzMap"}
		for i := range len(c.lines) { // lines come in pieces
			if _, err := l.Write([]byte(c.lines[i : i+1])); err != nil {
				t.Fatal(err)
			}
		}
		l.End()
		if l.Execs != c.execs || l.interesting != c.interesting || l.elapsed != c.elapsed || l.Failing != c.failing {
			t.Errorf("%q: got %d, %d, %q, %q", c.lines, l.Execs, l.interesting, l.elapsed, l.Failing)
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
		if got, err := inFile([]byte(c.text)); string(got) != c.want || (err != nil) != c.bad {
			t.Errorf("%q: got %q, error %v", c.text, got, err)
		}
	}
}

// TestEveryTargetIsRun: Targets are the targets there are.
func TestEveryTargetIsRun(t *testing.T) {
	text, err := os.ReadFile("fuzz_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`).FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	if got := strings.Join(names, ", "); got != TargetNames() {
		t.Errorf("fuzz_test.go has %s, and Targets are %s", got, TargetNames())
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
			log := &Log{W: io.Discard, Target: "FuzzMap"}
			fmt.Fprint(log, c.out)
			log.End()
			if log.timeUp != c.timeUp {
				t.Errorf("timeUp = %v, want %v", log.timeUp, c.timeUp)
			}
		})
	}
}
