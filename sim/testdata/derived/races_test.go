package derived

import (
	"testing"

	"batchlab/sim"
)

// shape is a component that touches shared memory, behind a lock or not.
func shape[T interface{ lock(yes bool) }](of func() T) func(t *testing.T, locked bool) {
	return func(t *testing.T, locked bool) {
		sim.Linearizable(t, func(*sim.Env) T {
			c := of()
			c.lock(locked)
			return c
		}, sim.Budget(2_000_000_000))
	}
}

var shapes = []struct {
	name string
	test func(t *testing.T, locked bool)
}{
	{"plain", shape(func() *plain { return &plain{} })},
	{"ints", shape(func() *ints { return &ints{} })},
	{"texts", shape(func() *texts { return &texts{} })},
	{"structs", shape(func() *structs { return &structs{} })},
	{"arrays", shape(func() *arrays { return &arrays{} })},
	{"wide", shape(func() *wide { return &wide{} })},
	{"errs", shape(func() *errs { return &errs{} })},
	{"lists", shape(func() *lists { return &lists{} })},
	{"maps", shape(func() *maps { return &maps{} })},
	{"times", shape(func() *times { return &times{} })},
	{"pointers", shape(func() *pointers { return &pointers{} })},
	{"anys", shape(func() *anys { return &anys{} })},
	{"callers", shape(func() *callers { return &callers{} })},
	{"patients", shape(func() *patients { return &patients{} })},
	{"givers", shape(func() *givers { return &givers{} })},
	{"variadic", shape(func() *variadic { return &variadic{} })},
	{"panics", shape(func() *panics { return &panics{} })},
	{"floats", shape(func() *floats { return &floats{} })},
	{"closing", shape(func() *closing { return &closing{} })},
}

// Under the race detector each of these is found, and nothing in their like with a lock: neither does
// the lab order what lanes do, nor does it race itself.
func TestRacy(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) { s.test(t, false) })
	}
}

func TestSound(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) { s.test(t, true) })
	}
}

// TestSoundDesk is tried first on a key that goes from hand to hand, in its seed file.
func TestSoundDesk(t *testing.T) { sim.Linearizable(t, newDesk) }
