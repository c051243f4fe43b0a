package check

import (
	"testing"

	"batchlab/sim/body"
	"batchlab/sim/twin"
)

// run does the work of a call in woven code: in the twin if this is one, else by starting
// it. It returns when the twin is done; in the twin it does not, if this is the
// call that the twin is there for.
func run(t testing.TB, work func(r *twin.Reporter)) {
	t.Helper()
	if _, ok := t.(*body.T); ok {
		t.Skip("it is a call of batchlab already: go test runs it under many schedules")
	}
	if twin.In() {
		twin.Serve(t, work)
		return
	}
	if wrong := wrongFlag(); wrong != "" {
		t.Fatal("batchlab: " + wrong)
	}
	twin.Run(t)
}
