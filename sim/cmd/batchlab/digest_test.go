package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// corpora is where the seeds are, from the directory in which TestMain leaves us.
const corpora = "corpora"

// buildCommand builds the command with the given flags and returns where it is.
func buildCommand(t *testing.T, flags ...string) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "batchlab")
	build := exec.CommandContext(t.Context(), "go", append(append([]string{"build"}, flags...), "-o", exe, "./sim/cmd/batchlab")...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// replayed is what replay prints about a path, or several, in an environment.
func replayed(t *testing.T, exe, path string, env ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), exe, append([]string{"replay"}, strings.Fields(path)...)...)
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, stderr.Bytes())
	}
	return string(out)
}

// TestDigests: what replay prints about the corpora, digests of all histories
// included, is the same to the byte on one core and on two, with the race detector
// and without. Workers inherit what the command was given, GOMAXPROCS too.
func TestDigests(t *testing.T) {
	exe := buildCommand(t)
	sequential := sequentialSeeds(t)
	want := replayed(t, exe, sequential, "GOMAXPROCS=2")
	if n := strings.Count(want, " digest "); n == 0 {
		t.Fatalf("no digests in\n%s", want)
	}
	race := buildCommand(t, "-race")
	for _, c := range []struct {
		name, exe, env string
	}{
		{"GOMAXPROCS=1", exe, "GOMAXPROCS=1"},
		{"race", race, "GOMAXPROCS=2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // processes of their own
			if got := replayed(t, c.exe, sequential, c.env); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestOneSeed: twenty replays of a seed print one thing.
func TestOneSeed(t *testing.T) {
	exe := buildCommand(t)
	seed := filepath.Join(corpora, "dedup", "set-at-the-window-edge.seed")
	want := replayed(t, exe, seed)
	if !strings.Contains(want, "b set k1 v2 -> false") || !strings.Contains(want, "as expected") {
		t.Fatalf("not a replay:\n%s", want)
	}
	for range 19 {
		if got := replayed(t, exe, seed); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// TestWorkersGetTheirCores: subjects run in workers, so a GOMAXPROCS that stopped at
// the command would make TestDigests compare a thing with itself.
func TestWorkersGetTheirCores(t *testing.T) {
	for given, want := range map[string]string{"": "1", "2": "2"} {
		t.Setenv("GOMAXPROCS", given)
		got := ""
		for _, v := range newLab(t, nil).Spawn().Env { // the last one holds
			if n, ok := strings.CutPrefix(v, "GOMAXPROCS="); ok {
				got = n
			}
		}
		if got != want {
			t.Errorf("GOMAXPROCS=%q: workers get %q, want %q", given, got, want)
		}
	}
}
