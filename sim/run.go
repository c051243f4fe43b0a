package sim

import (
	"context"
	"testing"

	"batchlab/sim/engine"
	"batchlab/sim/weave/rt"
)

// reporter takes what comes of a call of Equivalent, Linearizable or Explore.
type reporter interface {
	Log(text string)
	Error(text string)
	Fatal(text string)
	Beat(underWay string)
	Context() context.Context
}

// run does the work where code is woven.
func run(t testing.TB, work func(r reporter)) {
	t.Helper()
	if rt.Woven == "" {
		t.Fatal("batchlab: " + engine.NotWoven)
	}
	work(toTest{t})
}

// toTest reports to a test.
type toTest struct{ testing.TB }

func (t toTest) Log(text string)   { t.TB.Helper(); t.TB.Log(text) }
func (t toTest) Error(text string) { t.TB.Helper(); t.TB.Error(text) }
func (t toTest) Fatal(text string) { t.TB.Helper(); t.TB.Fatal(text) }
func (t toTest) Beat(string)       {}
