package body

import (
	"fmt"
	"os"
	"testing"

	"batchlab/sim/sched"
)

// A test may start its own test binary once more, to see a test in it crash. What it starts is not to explore anything:
// it runs the tests that it is asked for once, and ends as a test binary would.

// withinVariable is the environment variable that tells a process that a test of `batchlab test` has started it.
const withinVariable = "BATCHLAB_WITHIN"

// ordered is the text of the order that this process was given, which those that tests start are not.
var ordered = func() string {
	text := os.Getenv(Variable)
	if text != "" {
		os.Unsetenv(Variable)
		os.Setenv(withinVariable, "1")
	}
	return text
}()

// within reports whether a test has started this process.
func within() bool { return ordered == "" && os.Getenv(withinVariable) != "" }

// justOnce runs a body under one schedule, as the test that it is.
func justOnce(t *testing.T, f func(*T)) {
	s, err := sched.New("sequential", 1)
	if err != nil || !s.Begin() {
		t.Fatalf("batchlab: no schedule: %v", err)
	}
	x := &explorer{name: t.Name(), body: f, r: &Report{Name: t.Name()}}
	o := x.run(s, pace{})
	for _, line := range o.log {
		t.Log(line)
	}
	switch {
	case o.res.Panic != "":
		fmt.Fprintf(os.Stderr, "panic: %s\n\n%s\n", o.res.Panic, o.res.Stack)
		os.Exit(2)
	case o.res.Deadlock != "":
		fmt.Fprintln(os.Stderr, "fatal error: deadlock")
		os.Exit(2)
	case o.root.failed:
		t.Fail()
	case o.root.skipped:
		t.SkipNow()
	}
}
