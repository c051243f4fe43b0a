package check

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/twin"
	"batchlab/sim/weave/rt"
)

// KindOptions say how thoroughly Kind looks: see sim.TestOptions.
type KindOptions struct {
	Programs, Ops         int
	Seed                  uint64
	Corpora               string
	Concurrent, Schedules int
}

// CommandVariable is the environment variable that holds the command by which a person
// explores the test again, but for the arguments of go test.
const CommandVariable = "BATCHLAB_COMMAND"

// workerEnv names the test that a child process of a test binary is to become.
const workerEnv = "BATCHLAB_WORKER_OF"

// Kind puts a component under test that a kind describes: see sim.Test.
func Kind(t *testing.T, s kind.Subject, o KindOptions) {
	t.Helper()
	if os.Getenv(workerEnv) == t.Name() {
		lab.Work(t, []kind.Subject{s})
	}
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	o.Programs, o.Seed = cmp.Or(o.Programs, 1000), cmp.Or(o.Seed, 1)
	o.Corpora = cmp.Or(o.Corpora, filepath.Join("testdata", "batchlab"))
	again := "go test -run '" + twin.Pattern(t.Name()) + "'"
	explore := cmp.Or(os.Getenv(CommandVariable), "batchlab explore --test .") + " -- -run '" +
		twin.Pattern(t.Name()) + "'"
	if rt.Woven != "" {
		again = explore
	}
	l := &lab.Lab{T: t, Subjects: []kind.Subject{s}, Spawn: respawn(t), Weave: func() (func() *exec.Cmd, error) {
		return nil, errors.New("this binary is not woven: run " + explore)
	}}
	defer l.Close()
	if testSeeds(t, l, o.Corpora, again); t.Failed() {
		return // what is known to be wrong comes first
	}
	if rt.Woven != "" { // what happens one after another is plain go test's
		testSchedules(t, l, o, again)
		return
	}
	by, err := lab.JudgedBy(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("batchlab: campaign seed %d, %d programs; %s", o.Seed, o.Programs, by)
	c, err := l.Campaign(context.Background(), lab.CampaignOptions{Seed: o.Seed, Programs: o.Programs, Ops: o.Ops})
	if err != nil {
		t.Fatal(err)
	}
	replaced := c.Tally[s.Kind.Name].Replaced
	for _, what := range slices.Sorted(maps.Keys(replaced)) {
		t.Logf("batchlab: the %s grew from program to program: a worker was replaced %d times", what, replaced[what])
	}
	undone := c.Tally[s.Kind.Name].Undone
	for _, why := range slices.Sorted(maps.Keys(undone)) {
		t.Errorf("batchlab: %d runs of %d were not judged: %s", undone[why], c.Tally[s.Kind.Name].Runs, why)
	}
	for _, f := range c.Finds {
		reportFind(t, l, f, o.Corpora, again)
	}
	t.Log("batchlab: this binary is not woven: no schedules were explored; batchlab explore --test does that")
}

// respawn returns the command that starts this test binary as a worker.
func respawn(t *testing.T) func() *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir() // of the folders that the test makes there before it serves
	return func() *exec.Cmd {
		cmd := exec.Command(exe, "-test.run="+twin.Pattern(t.Name()))
		cmd.Env = append(os.Environ(), workerEnv+"="+t.Name(), "TMPDIR="+scratch, "GOMAXPROCS=1", "GOGC=1600",
			"GOMEMLIMIT=512MiB",
			"GORACE=halt_on_error=0 atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0 "+os.Getenv("GORACE"))
		return cmd
	}
}

// testSeeds replays the corpora, each seed a line of the test's log.
func testSeeds(t *testing.T, l *lab.Lab, dir, again string) {
	t.Helper()
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return
	}
	files, err := lab.SeedFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		p, err := lab.ReadSeed(f, l.Names())
		var wrong *program.SyntaxError
		if errors.As(err, &wrong) && wrong.Foreign {
			continue // of another test that keeps its seeds here
		} else if err != nil {
			t.Fatal(err)
		}
		if p.NeedsSchedule() || rt.Woven != "" {
			testSchedule(t, l, f, p, dir, again)
			continue
		}
		r, err := l.Check(p, l.Subjects)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		for _, line := range r.Broken() {
			t.Errorf("%s: %s", f, line)
		}
		if w := r.Worst(); w != nil && t.Failed() {
			t.Fatal(shown(w.Violation, p, again))
		}
	}
}

// reportFind shrinks a find, writes it to the corpora and fails the test with it.
func reportFind(t *testing.T, l *lab.Lab, f lab.Find, dir, again string) {
	t.Helper()
	if f.Specified { // the component is what the specification says, fault and all
		t.Logf("batchlab: the specification itself breaks %s, as in\n\n%s", f.Violation.Law, f.Program)
		return
	}
	if f.Flaky() {
		t.Errorf("batchlab: nondeterminism: %s gave two histories for\n\n%s", f.Violation.Subject, f.Program)
		return
	}
	seed, err := l.Promote(t.Context(), f, dir)
	t.Error(kept(t, seed, err, again))
}

// kept says what a seed shows, and where it is kept.
func kept(t *testing.T, s lab.Seed, err error, again string) string {
	t.Helper()
	if err != nil {
		t.Errorf("batchlab: the seed cannot be kept: %v", err)
	}
	return "batchlab: " + s.File + "\n" + shown(&s.Violation, s.Program, again)
}

func shown(v *oracle.Violation, p *program.Program, again string) string {
	var b strings.Builder
	v.Write(&b, p, again)
	return b.String()
}
