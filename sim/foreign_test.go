package sim_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The example of a foreign module is run as its owner would run it. What is right
// passes, and what is wrong, on purpose or not, is caught and kept as a seed.
func TestForeignModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-vet=off", "-v", "./...")
	cmd.Dir = filepath.Join("testdata", "foreign")
	temp := t.TempDir()
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	out, _ := cmd.CombinedOutput()
	if left, err := os.ReadDir(temp); len(left) > 0 || err != nil {
		t.Errorf("left behind in TMPDIR: %v, %v", left, err)
	}
	for _, c := range []struct {
		test, want string
		fails      bool
	}{
		{"TestBuffer", "--- PASS", false},
		{"TestForgetfulBuffer", "violation B7-close-drains in batcher/forgetful", true},
		{"TestResiliency", "--- PASS", false},
		{"TestResiliencySlow", "violation G3-no-panic in batcher/slow-resiliency", true},
		{"TestRing", "--- PASS", false},
		{"TestForgetfulRing", "violation E1-same-history in queue/forgets", true},
		{"TestBelievingRing", "--- PASS", false}, // these two take schedules: see below
		{"TestIgnorantRing", "--- PASS", false},
		{"TestJournal", "were not judged: queue/journal: a goroutine waits for a lock whose holder waits, or is gone, and a " +
			"bubble cannot see through that: example.com/foreign.(*Journal).write in sync.Mutex.Lock; this binary is not woven: " +
			"run batchlab explore --test . -- -run '^TestJournal$'\n", true},
	} {
		t.Run(c.test, func(t *testing.T) {
			text, failed := partOf(t, string(out), c.test)
			if failed != c.fails || !strings.Contains(text, c.want) {
				t.Errorf("failed: %v, output lacks %q:\n%s", failed, c.want, text)
			}
		})
	}
}

// partOf is what go test -v prints of a test, its result included, and whether that fails.
func partOf(t *testing.T, out, test string) (text string, failed bool) {
	t.Helper()
	text = regexp.MustCompile(`(?s)=== RUN   ` + test + `\n.*?\n--- (PASS|FAIL): ` + test + ` .*?\n`).FindString(out)
	if text == "" {
		t.Fatalf("%s was not run, or did not end:\n%s", test, out)
	}
	return text, strings.Contains(text, "\n--- FAIL: ")
}

// runIn runs something in a folder, and returns what it prints and its status.
type runIn func(in, name string, args ...string) (string, int)

// foreignModule builds the command, and copies the module, for seeds and woven code are
// written into it. It returns how to run something in a folder.
func foreignModule(t *testing.T) (run runIn, command, module string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds binaries")
	}
	t.Parallel()
	dir := t.TempDir()
	command = filepath.Join(dir, "batchlab")
	run = func(in, name string, args ...string) (string, int) {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = in
		out, err := cmd.CombinedOutput()
		if err != nil && cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if out, status := run(here, "go", "build", "-o", command, "./cmd/batchlab"); status != 0 {
		t.Fatal(out)
	}
	module = filepath.Join(dir, "foreign")
	if err := os.CopyFS(module, os.DirFS(filepath.Join("testdata", "foreign"))); err != nil {
		t.Fatal(err)
	}
	if out, status := run(module, "go", "mod", "edit", "-replace", "batchlab="+filepath.Dir(here)); status != 0 {
		t.Fatal(out)
	}
	return run, command, module
}

// TestForeignModuleExplored explores what is in the module with a command that is built once.
func TestForeignModuleExplored(t *testing.T) {
	run, command, module := foreignModule(t)
	t.Run("resiliency", func(t *testing.T) { exploreResiliency(t, run, command, module) })
	t.Run("queues", func(t *testing.T) { exploreQueues(t, run, command, module) })
}

// exploreResiliency: what only schedules show in a component of somebody else,
// woven from the module cache, is found, shrunk, kept, and found again first of all.
func exploreResiliency(t *testing.T, run runIn, command, module string) {
	explore := []string{"explore", "--test", ".", "--weave", "github.com/eapache/go-resiliency/batcher", "--", "-run", "TestResiliency$"}
	first, status := run(module, command, explore...)
	for _, want := range []string{
		"violation G2-progress in batcher/resiliency",
		"a put a1 -> waits (waits to receive at batcher.go:57; beside it a/1 waits to receive at batcher.go:89)",
		`go-resiliency@v1.5.0/batcher/batcher.go:89: for work := range input {`,
		"batchlab " + strings.Join(explore[:6], " ") + " -run '^TestResiliency$'",
	} {
		if status != 1 || !strings.Contains(first, want) {
			t.Errorf("status %d, output lacks %q:\n%s", status, want, first)
		}
	}
	file := regexp.MustCompile(`testdata/batchlab/G2-\S+`).FindString(first)
	seed, err := os.ReadFile(filepath.Join(module, file))
	if err != nil || !strings.HasSuffix(string(seed), "\n\na put\n& b close\n") {
		t.Errorf("not shrunk, %v:\n%s", err, seed)
	}
	again, status := run(module, command, explore...)
	if status != 1 || !strings.Contains(again, file+": batcher/resiliency: expected to pass, breaks G2-progress") {
		t.Errorf("status %d:\n%s", status, again)
	}
	// A program of one's own is explored as well, even if nothing in it runs together.
	own := "testdata/batchlab/put-and-again.seed"
	if err := os.Rename(filepath.Join(module, file), filepath.Join(module, own)); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(seed), "a put\n& b close\n", "+1ns\na put x2\n", 1)
	if err := os.WriteFile(filepath.Join(module, own), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	third, status := run(module, command, explore...)
	for _, want := range []string{own + ": batcher/resiliency: expected to pass, breaks G3-no-panic",
		"panic: close of closed channel at batcher.go:100", "batcher.go:100: close(b.done)", "\n        a put x2\n"} {
		if status != 1 || !strings.Contains(third, want) {
			t.Errorf("status %d, output lacks %q:\n%s", status, want, third)
		}
	}
}

// exploreQueues: a queue of somebody else, of a kind that is his own, is judged by
// the queue as anybody would write it. The sound one is silent; what takes a preemption, and
// what takes a deadline at the wrong moment, is found and shrunk to what it takes.
func exploreQueues(t *testing.T, run runIn, command, module string) {
	var names []string
	rows := []struct {
		test  string
		want  string
		ops   []string // of the shrunk program
		fails bool
	}{
		{"TestRing", "judged against the original queue/plain, and by the laws G1 G2 G3", nil, false},
		{"TestJournal", "judged by the laws G1 G2 G3 only, waived E1", nil, false},
		{"TestBelievingRing", "violation E1-same-history in queue/believes", []string{"& b push", "lock -> b"}, true},
		{"TestIgnorantRing", "violation E1-same-history in queue/ignores", []string{"pop", "+1s", "select -> #1"}, true},
	}
	for _, c := range rows {
		names = append(names, c.test)
	}
	out, status := run(module, command, "explore", "--test", ".", "--", "-run", "^("+strings.Join(names, "|")+")$")
	if status != 1 {
		t.Errorf("status %d", status)
	}
	for _, c := range rows {
		t.Run(c.test, func(t *testing.T) {
			text, failed := partOf(t, out, c.test)
			for _, want := range append(c.ops, c.want) {
				if failed != c.fails || !strings.Contains(text, want) {
					t.Errorf("failed: %v; output lacks %q:\n%s", failed, want, text)
				}
			}
		})
	}
}
