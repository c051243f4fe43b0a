package sim

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/subject"
	"batchlab/sim/weave/rt"
)

// TestOptions says how thoroughly Test looks.
type TestOptions struct {
	Programs int    // programs to generate; 0: 1000
	Ops      int    // operations per program; 0: 40
	Seed     uint64 // of the programs; 0: 1
	// Corpora is a directory of seed files, replayed first and added to; "": testdata/batchlab.
	// If the code is woven each is run under its schedule or, if it has none, under 1,000,
	// or 100 if no operations run together: that is the place for programs that are worth
	// exploring.
	Corpora string
	// Explored is how many programs whose operations run together are generated, each
	// run under Schedules schedules; 0: 100 and 100. They need woven code: plain go test
	// leaves them out, and the log says so; `batchlab explore --test` runs them, and leaves
	// out the others, which need no schedule.
	Explored, Schedules int
}

// CommandVariable is the environment variable that holds the command by which a person
// explores the test again, but for the arguments of go test.
const CommandVariable = "BATCHLAB_COMMAND"

// workerEnv names the test that a child process of a test binary is to become.
const workerEnv = "BATCHLAB_WORKER_OF"

// Test puts a component of any module under test. It replays the seed files in the
// corpora, generates programs, and compares what the component does with the laws and,
// unless the subject is LawsOnly, with the exact model. A violation fails the test;
// its program, shrunk, is written to the corpora, so that the next run begins with it.
//
// Programs run in child processes, which are this test binary started again for this
// one test: a component that panics, hangs or spins is reported like any other. Call
// Test from a top-level test, not beside t.Parallel, with nothing slow before it.
func Test(t *testing.T, s subject.Subject, o TestOptions) {
	t.Helper()
	if os.Getenv(workerEnv) == t.Name() {
		Work(t, []subject.Subject{s})
	}
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	o.Programs, o.Seed = cmp.Or(o.Programs, 1000), cmp.Or(o.Seed, 1)
	o.Corpora = cmp.Or(o.Corpora, filepath.Join("testdata", "batchlab"))
	lab := &Lab{T: t, Subjects: []subject.Subject{s}, Spawn: respawn(t)}
	defer lab.Close()
	again := "go test -run '" + runPattern(t.Name()) + "'"
	if rt.Woven != "" {
		again = cmp.Or(os.Getenv(CommandVariable), "batchlab explore --test .") + " -- -run '" + runPattern(t.Name()) + "'"
	}
	if testSeeds(t, lab, o.Corpora, again); t.Failed() {
		return // what is known to be wrong comes first
	}
	if rt.Woven != "" { // what happens one after another is plain go test's
		testSchedules(t, lab, o, again)
		return
	}
	t.Logf("batchlab: campaign seed %d, %d programs", o.Seed, o.Programs)
	c, err := lab.Campaign(context.Background(), CampaignOptions{Seed: o.Seed, Programs: o.Programs, Ops: o.Ops})
	if err != nil {
		t.Fatal(err)
	}
	replaced := c.Tally[string(s.Kind)].Replaced
	for _, what := range slices.Sorted(maps.Keys(replaced)) {
		t.Logf("batchlab: the %s grew from program to program: a worker was replaced %d times", what, replaced[what])
	}
	for _, f := range c.Finds {
		reportFind(t, lab, f, o.Corpora, again)
	}
	t.Log("batchlab: this binary is not woven: no schedules were explored; batchlab explore --test does that")
}

// testSchedules explores generated programs, and stops at the first violation.
func testSchedules(t *testing.T, lab *Lab, o TestOptions, again string) {
	t.Helper()
	t.Logf("batchlab: exploration seed %d", o.Seed)
	programs, schedules := cmp.Or(o.Explored, 100), cmp.Or(o.Schedules, 100)
	s, done := lab.Subjects[0], 0
	for i := range programs {
		p := program.GenerateConcurrent(rand.New(rand.NewPCG(o.Seed, uint64(i))), string(s.Kind))
		if s.Clockless && program.HasMap(p.Kind) {
			p.Config.Epoch = bubbleEpoch
		}
		e, err := lab.Explore(t.Context(), p, s, Search{Strategy: "portfolio", Seed: o.Seed, Schedules: schedules})
		if err != nil {
			t.Fatalf("%v in\n\n%s", err, p)
		}
		done += e.Schedules
		if e.Violation != nil && !e.Specified {
			t.Fatal(keepExplored(t, lab, p, e, o.Corpora, again))
		}
	}
	t.Logf("batchlab: no violation in %d schedules of %d programs (random, PCT d=2, PCT d=3 and URW in turn)", done, programs)
}

// keepExplored shrinks what an exploration found, writes it to the corpora, and says so.
func keepExplored(t *testing.T, lab *Lab, p *program.Program, e *Exploration, dir, again string) string {
	t.Helper()
	p.Schedule = e.Schedule
	small, v, err := lab.ShrinkExplored(t.Context(), p, lab.Subjects[0], e.Violation.Law)
	if err != nil || v == nil {
		small, v = p, e.Violation
	}
	small.Comment = []string{"Found by exploring: " + v.Subject + ", " + v.Law.Text() + "."}
	if len(small.Schedule) == 0 {
		small.Comment = append(small.Comment, "The schedule has no preemption: who is at it goes on until it waits.")
	}
	file, err := SaveSeed(dir, v.Law, small)
	if err != nil {
		t.Errorf("batchlab: the seed cannot be kept: %v", err)
	}
	var b strings.Builder
	v.Write(&b, small, again)
	return "batchlab: " + file + "\n" + b.String()
}

// respawn returns the command that starts this test binary as a worker.
func respawn(t *testing.T) func() *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return func() *exec.Cmd {
		cmd := exec.Command(exe, "-test.run="+runPattern(t.Name()))
		cmd.Env = append(os.Environ(), workerEnv+"="+t.Name(), "GOMAXPROCS=1", "GOGC=1600", "GOMEMLIMIT=512MiB",
			"GORACE=halt_on_error=0 atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0 "+os.Getenv("GORACE"))
		return cmd
	}
}

// runPattern is the -test.run pattern for exactly one test.
func runPattern(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// testSeeds replays the corpora, each seed a line of the test's log.
func testSeeds(t *testing.T, lab *Lab, dir, again string) {
	t.Helper()
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return
	}
	files, err := SeedFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		p, err := ReadSeed(f, lab.Names())
		if err != nil {
			t.Fatal(err)
		}
		if p.Kind != string(lab.Subjects[0].Kind) {
			continue // of another test that keeps its seeds here
		}
		if p.NeedsSchedule() || rt.Woven != "" {
			testSchedule(t, lab, f, p, dir, again)
			continue
		}
		r, err := lab.Check(p, lab.Subjects)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for _, line := range r.Broken() {
			t.Errorf("%s: %s", f, line)
		}
		if w := r.Worst(); w != nil && t.Failed() {
			var b strings.Builder
			w.Violation.Write(&b, p, again)
			t.Fatal(b.String())
		}
	}
}

// testSchedule replays a seed under its schedule, or under many if it has none, if that can
// be done here. Goroutines of a subject run beside operations that do not run together.
func testSchedule(t *testing.T, lab *Lab, file string, p *program.Program, dir, again string) {
	t.Helper()
	if rt.Woven == "" {
		t.Logf("batchlab: %s needs a woven binary, and was left out: see batchlab explore --test", file)
		return
	}
	search := Search{Strategy: Replaying}
	switch {
	case len(p.Schedule) == 0 && p.Concurrent():
		search = Search{Strategy: "portfolio", Seed: 1, Schedules: 1000}
	case len(p.Schedule) == 0:
		search = Search{Strategy: "portfolio", Seed: 1, Schedules: 100}
	}
	st, err := lab.Study(t.Context(), p, lab.Subjects, search)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	broken := st.Broken()
	for _, line := range broken {
		t.Errorf("%s: %s", file, line)
	}
	e := st.Explorations[0]
	switch {
	case e.Violation == nil || len(broken) == 0:
	case search.Strategy == Replaying:
		var b strings.Builder
		e.Violation.Write(&b, p, again)
		t.Fatal(b.String())
	default:
		t.Fatal(keepExplored(t, lab, p, e, dir, again))
	}
}

// reportFind shrinks a find, writes it to the corpora and fails the test with it.
func reportFind(t *testing.T, lab *Lab, f Find, dir, again string) {
	t.Helper()
	if f.Specified { // the component is what the specification says, fault and all
		t.Logf("batchlab: the specification itself breaks %s, as in\n\n%s", f.Violation.Law, f.Program)
		return
	}
	if f.Flaky() {
		t.Errorf("batchlab: nondeterminism: %s gave two histories for\n\n%s", f.Violation.Subject, f.Program)
		return
	}
	seed, err := lab.Promote(t.Context(), f, dir)
	if err != nil {
		t.Errorf("batchlab: the seed cannot be kept: %v", err)
	}
	var b strings.Builder
	seed.Violation.Write(&b, seed.Program, again)
	t.Errorf("batchlab: %s\n%s", seed.File, b.String())
}
