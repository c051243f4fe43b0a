// Package twin makes a test binary build its woven twin, and run itself there.
//
// A schedule can be controlled only in code that is woven (package weave), and go test
// builds what is not. So a test that needs control calls Run: that has the test's package
// and what it needs woven, builds its test binary again, and starts it for this one test, up
// to the same call. There the call is Serve, which does the work and says what comes of it over a
// pipe; Run puts that into the test it was called from:
//
//	if twin.In() {
//		twin.Serve(t, func(r *twin.Reporter) { ... })
//	} else {
//		twin.Run(t)
//	}
//
// The twin is kept in the user's cache, under a hash of the running test binary, so that the
// second run builds nothing and does not ask the go command. The weaver, which
// needs more modules than a user's test should come to depend on, is a process too (see
// cmd/twin).
//
// What goes wrong with the twin is a failure of the test, with its reason: code that cannot be
// woven, a process that dies, and one that is silent, since it waits in code that is not woven. The
// package refuses to run anything uncontrolled instead.
package twin

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"batchlab/sim/weave/rt"
)

// callVariable is the environment variable that tells a twin which call it is there for.
const callVariable = "BATCHLAB_TWIN"

// racesVariable tells it where the race detector writes: the beginning of a file's name.
const racesVariable = "BATCHLAB_TWIN_RACES"

var verbose = flag.Bool("sim.v", false, "pass on what the woven twin of the test binary prints")

// In reports whether this process is a twin, whose code is woven, or stands for one (see
// Reporter.Plain).
func In() bool { return rt.Woven != "" || plain }

// call is one call of Run or Serve: the nth of a test.
type call struct {
	test string
	nth  int
}

func (c call) String() string { return fmt.Sprintf("%d %s", c.nth, c.test) }

// asked is the call that this process is there for. Processes that it starts are not.
var asked = func() (c call) {
	text, ok := os.LookupEnv(callVariable)
	if !ok {
		return call{}
	}
	os.Unsetenv(callVariable)
	syscall.CloseOnExec(notesFile)
	number, test, _ := strings.Cut(text, " ")
	fmt.Sscan(number, &c.nth)
	c.test = test
	return c
}()

var calls struct {
	sync.Mutex
	of map[string]int
}

// thisCall numbers the calls of a test, from 1, each time that it is run.
func thisCall(t testing.TB) call {
	calls.Lock()
	defer calls.Unlock()
	name := t.Name()
	if calls.of[name]++; calls.of[name] == 1 {
		t.Cleanup(func() {
			calls.Lock()
			defer calls.Unlock()
			delete(calls.of, name)
		})
	}
	return call{name, calls.of[name]}
}

func init() { calls.of = map[string]int{} }

// Pattern is the -test.run pattern for exactly one test.
func Pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}
