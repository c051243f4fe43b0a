package sim

import (
	"testing"

	"batchlab/sim/check"
)

// Equivalent puts a component under test that stands in for another: whatever it does of a
// program, under whatever schedule, the original can do. The programs are made from the type
// T, an interface or what both constructors return: its exported methods are the
// operations, and their arguments come from small domains.
//
//	func TestRing(t *testing.T) { sim.Equivalent(t, newLocked, newRing) }
//
// A difference fails the test with the shrunk program and a schedule; it is kept in testdata/sim,
// and run first the next time.
func Equivalent[T any](t testing.TB, original, candidate func(*Env) T, opts ...Option) {
	t.Helper()
	check.Equivalent(t, original, candidate, options(opts))
}

// Linearizable puts a component under test that is its own specification: whatever it does of a
// program, under whatever schedule, it also does if its calls are made one at a time, in an
// order that agrees with which call had ended before which began.
//
//	func TestCache(t *testing.T) { sim.Linearizable(t, newCache) }
func Linearizable[T any](t testing.TB, construct func(*Env) T, opts ...Option) {
	t.Helper()
	check.Linearizable(t, construct, options(opts))
}
