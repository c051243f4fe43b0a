package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// corpora is where the seeds are, from the directory in which TestMain leaves us.
const corpora = "corpora"

// seeds are the seeds of the corpora that need a schedule, or all others.
func seeds(t *testing.T, together bool) (files []string) {
	t.Helper()
	all, err := lab.SeedFiles(corpora)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		p, err := lab.ReadSeed(f, names)
		if err != nil {
			t.Fatal(err)
		}
		if together == p.NeedsSchedule() {
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		t.Fatal("nothing to compare")
	}
	return files
}

// commandBinary builds the command as make does, once with the race detector and once without: what is
// built already is not built again.
var commandBinary = map[bool]func() (string, error){
	false: sync.OnceValues(func() (string, error) { return buildCommand("batchlab") }),
	true:  sync.OnceValues(func() (string, error) { return buildCommand("batchlab-race", "-race") }),
}

func buildCommand(name string, flags ...string) (string, error) {
	exe, err := filepath.Abs(filepath.Join(".batchlab", "bin", name))
	if err != nil {
		return "", err
	}
	args := append(append([]string{"build"}, flags...), "-o", exe, "./sim/cmd/batchlab")
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return exe, nil
}

// builtCommand is where the command is, built with the race detector or without.
func builtCommand(t *testing.T, race bool) string {
	t.Helper()
	skipIfShort(t)
	exe, err := commandBinary[race]()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// isLong is of a test that does most of its work in processes of its own, in folders of its own: it runs beside
// others of its like. It is left out of go test -short.
func isLong(t *testing.T) {
	t.Helper()
	skipIfShort(t)
	t.Parallel()
}

// skipIfShort leaves out, of go test -short, a test that builds a binary or takes many seconds.
func skipIfShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a binary, or takes long")
	}
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

// TestDigests: what replay prints about the seeds of the corpora nothing of which runs
// together, digests of all histories included, is the same to the byte on one core and on
// two; and so are the digests in workers with the race detector, which run each seed once: there
// a run costs six times as much. Workers inherit what the command was given, GOMAXPROCS too.
func TestDigests(t *testing.T) {
	skipIfShort(t)
	files := seeds(t, false)
	var printed sync.Map // by way
	inEachWay(t, func(t *testing.T, w way) map[string]string {
		if w.race {
			return digestsOf(t, files, w)
		}
		text := replayed(t, builtCommand(t, false), strings.Join(files, " "), w.env)
		printed.Store(w, text)
		return digestsIn(text)
	})
	one, _ := printed.Load(way{env: "GOMAXPROCS=1"})
	two, _ := printed.Load(way{env: "GOMAXPROCS=2"})
	if one != two || one != nil && len(digestsIn(one.(string))) != len(files) {
		t.Errorf("%d seeds, replayed on one core:\n%s\nand on two:\n%s", len(files), one, two)
	}
}

// digestsIn are the digests in what replay prints, by file.
func digestsIn(text string) map[string]string {
	digests := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^as expected +digest (\S+)  (\S+)$`).FindAllStringSubmatch(text, -1) {
		digests[m[2]] = m[1]
	}
	return digests
}

// digestsOf replays one of the seeds, and runs all of them in a worker of the same build.
func digestsOf(t *testing.T, files []string, w way) map[string]string {
	exe := builtCommand(t, w.race)
	runner := newLab(t, everything())
	runner.Spawn = func() *exec.Cmd {
		cmd := exec.Command(exe, "worker", "lab")
		cmd.Env = append(os.Environ(), w.env)
		return cmd
	}
	defer runner.Close()
	digests := map[string]string{}
	for i, f := range files {
		if !w.runs(i) {
			continue
		}
		p, err := lab.ReadSeed(f, names)
		if err != nil {
			t.Fatal(err)
		}
		r := &lab.Report{Program: p}
		for _, s := range impls.Lab(impls.Of(spec.Kind(p.Kind.Name))...) {
			if !engine.Applies(p, s) {
				continue
			}
			h, v, err := runner.Try(p, s)
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			r.Histories, r.Verdicts = append(r.Histories, h), append(r.Verdicts, v)
		}
		digests[f] = r.Digest()
	}
	for f, digest := range digests { // any one
		if text := replayed(t, exe, f, w.env); !strings.Contains(text, "\ndigest "+digest+"\n") {
			t.Errorf("the digest is %s, and replay prints\n%s", digest, text)
		}
		break
	}
	return digests
}

// way is how processes run, which must make no difference.
type way struct {
	race bool
	env  string
}

// runs reports whether the i-th of many things is run in this way: of those with the race detector, where
// a run costs most, one core has every other, and two cores have the rest.
func (w way) runs(i int) bool {
	return !w.race || w.env == []string{"GOMAXPROCS=1", "GOMAXPROCS=2"}[i%2]
}

// inEachWay compares what comes of something, by name, with the race detector and without, on one core
// and on two. What it does it does in processes of its own: the ways run side by side.
func inEachWay(t *testing.T, do func(t *testing.T, w way) map[string]string) {
	t.Helper()
	skipIfShort(t)
	ways := []way{{false, "GOMAXPROCS=1"}, {true, "GOMAXPROCS=1"}, {true, "GOMAXPROCS=2"}, {false, "GOMAXPROCS=2"}}
	got := make([]map[string]string, len(ways))
	t.Run("each", func(t *testing.T) {
		for i, w := range ways {
			t.Run(w.String(), func(t *testing.T) {
				t.Parallel()
				got[i] = do(t, w)
			})
		}
	})
	if t.Failed() {
		return
	}
	if len(got[0]) == 0 {
		t.Error("nothing was compared")
	}
	for i, w := range ways {
		if n := len(got[i]); n != len(got[0]) && !(w.race && n >= len(got[0])/3) {
			t.Errorf("%s: %d results, with %s %d", w, n, ways[0], len(got[0]))
		}
		for name, text := range got[i] {
			if first := got[0][name]; text != first {
				t.Errorf("%s, %s: %s\nand with %s: %s", name, w, text, ways[0], first)
			}
		}
	}
}

func (w way) String() string { return fmt.Sprintf("%s race=%v", w.env, w.race) }

// boundedSchedules is how many schedules of each program are compared: so many show what
// differs, and all of them would take a minute in each way.
const boundedSchedules = 30

// TestDigestsTogether: what comes of every other seed on every subject, its counts of
// schedules, points and decisions included, is the same in processes of their own, on one core
// and on two, with the race detector and without.
func TestDigestsTogether(t *testing.T) {
	skipIfShort(t)
	files := seeds(t, true)
	inEachWay(t, func(t *testing.T, w way) map[string]string {
		runner, got := wovenLab(t, t, w.race, w.env), map[string]string{}
		for i, f := range files {
			if !w.runs(i) {
				continue
			}
			p, err := lab.ReadSeed(f, names)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range impls.Lab(impls.Of(spec.Kind(p.Kind.Name))...) {
				got[f+" on "+s.Name] = explored(t, runner, p, s)
			}
		}
		return got
	})
}

// explored is what came of a program on a subject under its own schedule, or else its first
// schedules of at most two preemptions, "" if it cannot run there.
func explored(t *testing.T, runner *lab.Lab, p *program.Program, s kind.Subject) string {
	if !engine.Applies(p, s) {
		return ""
	}
	search := lab.Search{Strategy: "dfs2", Schedules: boundedSchedules}
	if len(p.Schedule) > 0 {
		search.Strategy = lab.Replaying
	}
	e, err := runner.Explore(t.Context(), p, s, search)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%d schedules, %d points, %d decisions, %d traces, %q, %q, at %d,",
		e.Schedules, e.Points, e.Decisions, e.Traces, e.Notes, e.Uncontrolled, e.At)
	for _, o := range e.Outcomes {
		text += fmt.Sprintf(" %s %d", o.Digest, o.Count)
	}
	return text
}

// TestCounts: two processes count the same schedules of a litmus program, all there are: one
// whose subject hashes, with a seed that was once drawn anew by each process.
func TestCounts(t *testing.T) {
	skipIfShort(t)
	seed := filepath.Join(corpora, "litmus", "count-against-delete.seed")
	want := runCommand(t, "replay", seed)
	if want.status != 0 || !strings.Contains(want.out, "dedup/direct") || strings.Count(want.out, "all there are") != 3 {
		t.Fatalf("status %d\n%s%s", want.status, want.out, want.errout)
	}
	if got := runCommand(t, "replay", seed); got.out != want.out {
		t.Errorf("got\n%s\nwant\n%s", got.out, want.out)
	}
}

// TestOneSeed: twenty replays of a seed print one thing.
func TestOneSeed(t *testing.T) {
	exe := builtCommand(t, false)
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
