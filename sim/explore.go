package sim

import (
	"testing"

	"batchlab/sim/check"
)

// Explore runs a function, as a test would be run, under many schedules of its goroutines and
// its timers, and judges each by laws that need no reference: nothing waits for ever, panics, spins or
// races (with -race), no goroutine is left behind that waits for something other than time, no
// lock that nobody can unlock, and what fails fails for whatever reason on some schedule.
//
//	func TestShutdown(t *testing.T) {
//		sim.Explore(t, func(t *sim.T) {
//			p := pool.New(2)
//			go p.Submit(func() {})
//			p.Stop()
//		})
//	}
//
// Lines that touch memory which others touch beside them without a common lock are points, too: fields, elements,
// variables of the package, and local ones that a function literal is about. So a lost update is found without -race
// where something comes of it.
//
// What is found, up to five causes, is shown by a process that has run nothing before, shrunk to few choices and
// kept in testdata/sim; it is replayed first the next time. Of the options Preemptions, Budget and Waives are meant
// for bodies.
func Explore(t testing.TB, f func(t *T), opts ...Option) {
	t.Helper()
	check.Body(t, f, options(opts))
}
