package body

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"batchlab/sim/weave/rt"
)

// Variable is the environment variable in which `batchlab test` hands its Order, as JSON, to
// the test binary.
const Variable = "BATCHLAB_TEST"

// Order is what `batchlab test` wants of each test.
type Order struct {
	Seed        uint64
	Schedules   int
	Whole       int
	Preemptions int
	Budget      time.Duration
	Strategy    string
	Run         string // the pattern of -run, of which what follows a slash chooses subtests
	Keep        bool   // finds are kept in testdata/sim
	Replay      string
	Rough       bool
	Silence     time.Duration // after so long without a schedule the process is ended
	Races       string        // how the names of files begin in which the race detector reports
}

// Outcome is what the test binary answers, a line of JSON in the log of each test after Mark.
type Outcome struct {
	Report
	Passed bool
}

// Mark begins a line of a test's log that is for `batchlab test` to read.
const Mark = "batchlab-outcome: "

// Outside stands where a woven test gives its T to code that takes a *testing.T and is not
// woven. The test cannot be run, and says so.
func (t *T) Outside(what string) *testing.T {
	t.once.root.mu.Lock()
	t.once.cannot = what + ", and is not woven"
	t.once.root.mu.Unlock()
	t.SkipNow()
	return nil
}

// Never and NeverOf stand around a function that is given along with what Outside is for: nobody
// comes to call it.
func Never(func(*T)) func(*testing.T) { return nil }

// NeverOf is Never for a function that returns something.
func NeverOf[R any](func(*T) R) func(*testing.T) R { return nil }

// Test runs a test that was woven as a body: see weave.Options.Bodies.
func Test(t *testing.T, f func(*T)) {
	if within() {
		justOnce(t, f)
		return
	}
	var order Order
	if ordered != "" {
		if err := json.Unmarshal([]byte(ordered), &order); err != nil {
			t.Fatalf("batchlab: %s: %v", Variable, err)
		}
	}
	again := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.timeout=0")
		cmd.Env = append(os.Environ(), Variable+"="+ordered)
		return cmd
	}
	o := Options{Again: again, Races: rt.RaceLog(order.Races), Seed: order.Seed, Schedules: order.Schedules,
		Whole: order.Whole, Preemptions: order.Preemptions, Budget: order.Budget, Strategy: order.Strategy,
		Replay: order.Replay, Rough: order.Rough, Only: subtests(order.Run)}
	if order.Keep {
		o.Dir = "testdata/sim"
	}
	beats := watch(t.Name(), order.Silence)
	o.Beat = func(int) bool { beats.Add(1); return t.Context().Err() == nil }
	r, err := Explore(t.Name(), f, o)
	beats.Store(-1)
	if err != nil {
		t.Fatalf("batchlab: %v", err)
	}
	text, err := json.Marshal(Outcome{Report: *r, Passed: !r.Failed()})
	if err != nil {
		t.Fatalf("batchlab: %v", err)
	}
	t.Log(Mark + string(text))
	if r.Failed() {
		t.Fail()
	}
}

// subtests is the choice that a -run pattern makes among subtests.
func subtests(pattern string) func(name string) bool {
	_, after, ok := strings.Cut(pattern, "/")
	if !ok {
		return nil
	}
	var levels []*regexp.Regexp
	for p := range strings.SplitSeq(after, "/") {
		re, err := regexp.Compile(p)
		if err != nil {
			return nil // the go command has said so
		}
		levels = append(levels, re)
	}
	return func(name string) bool {
		for i, part := range strings.Split(name, "/")[1:] {
			if i < len(levels) && !levels[i].MatchString(part) {
				return false
			}
		}
		return true
	}
}

// Silent is what the process says before it ends itself over a test that waits in code that is not woven, or
// computes without a scheduling point; after it come the stacks of all goroutines.
const Silent = "batchlab: silent: "

// watch ends the process if there are no beats for so long. What waits in code that is not
// woven no schedule can wake.
func watch(name string, silence time.Duration) *atomic.Int64 {
	beats := new(atomic.Int64)
	if silence == 0 {
		return beats
	}
	go func() {
		for last, passed := int64(0), 0; ; {
			time.Sleep(silence)
			now, points := beats.Load(), rt.PointsSoFar()
			if now < 0 {
				return
			}
			if now == last && points == passed {
				stacks := make([]byte, 1<<20)
				fmt.Fprintf(os.Stderr, "%s%s\n%s\n", Silent, name, stacks[:runtime.Stack(stacks, true)])
				os.Exit(3)
			}
			last, passed = now, points
		}
	}()
	return beats
}
