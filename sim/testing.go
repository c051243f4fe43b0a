package sim

import (
	"testing"

	"batchlab/sim/check"
	"batchlab/sim/kind"
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
	// Concurrent is how many programs whose operations run together are generated, each
	// run under Schedules schedules; 0: 100 and 100. They need woven code: plain go test
	// leaves them out, and the log says so; `batchlab explore --test` runs them, and leaves
	// out the others, which need no schedule.
	Concurrent, Schedules int
}

// Test puts a component of any module under test. It replays the seed files in the
// corpora, generates programs, and compares what the component does with the laws and with
// its original, if it has one, or with the kind's model, unless it is LawsOnly; in woven code
// one that has neither is compared with itself, one call at a time. A violation fails the
// test; its program, shrunk, is written to the corpora, so that the next run begins with it. The
// log says who judged, so that a pass says what it means.
//
// Programs run in child processes, which are this test binary started again for this
// one test: a component that panics, hangs or spins is reported like any other. Call
// Test from a top-level test, not beside t.Parallel, with nothing slow before it.
func Test(t *testing.T, s kind.Subject, o TestOptions) {
	t.Helper()
	check.Kind(t, s, check.KindOptions(o))
}
