package twin

import (
	"flag"
	"os"
	"testing"
	"time"
)

// The twin is built without coverage: what would be counted there are the lines of the woven
// source. Instead, if coverage is asked for, this very binary does the work once more, with nothing
// controlled, in a process that ends in time whatever it does. What that has counted
// package testing adds to what it counts here, since it finds it in the same folder.

// plainVariable is the environment variable that tells such a process that it is one.
const plainVariable = "BATCHLAB_TWIN_PLAIN"

var plain = func() bool {
	yes := os.Getenv(plainVariable) == "true"
	os.Unsetenv(plainVariable)
	return yes
}()

// plainTime is what the uncontrolled work may take.
const plainTime = 3 * time.Second

// cover has the work of a call done plainly, if go test counts what is covered.
func cover(t testing.TB, c call) {
	dir := flag.Lookup("test.gocoverdir")
	if testing.CoverMode() == "" || dir == nil || dir.Value.String() == "" {
		return
	}
	exe, err := os.Executable()
	if err != nil {
		return
	}
	p, err := start(t, c, &binary{exe: exe}, dir.Value.String())
	if err != nil {
		return
	}
	kill := time.AfterFunc(plainTime+dying, p.kill)
	defer kill.Stop()
	for range p.notes {
	}
	p.end()
}

// within lets a function have so much time, and leaves it alone then.
func within(d time.Duration, f func()) {
	done := make(chan bool)
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(d):
	}
}
