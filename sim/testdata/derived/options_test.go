package derived

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"batchlab/sim"
)

func newRegistry(*sim.Env) *Registry { return &Registry{} }

func TestValues(t *testing.T) {
	sim.Linearizable(t, newRegistry, sim.Values[fmt.Stringer](Name("ann"), Name("bob")))
}

func TestArg(t *testing.T) { sim.Linearizable(t, newRegistry, sim.Arg("Register", 1, Name("ann"))) }

func newSingle(*sim.Env) *Single { return &Single{} }

func TestManyLanes(t *testing.T) { sim.Linearizable(t, newSingle) }
func TestOneLane(t *testing.T) {
	sim.Linearizable(t, newSingle, sim.OneLane("Push"), sim.OneLane("Pop"))
}

func newService(*sim.Env) *Service { return &Service{} }

func TestTwice(t *testing.T) { sim.Linearizable(t, newService, sim.Without("Report")) }
func TestOnceAndLast(t *testing.T) {
	sim.Linearizable(t, newService, sim.Once("Start"), sim.Last("Halt"), sim.Lanes(1))
}
func TestOnly(t *testing.T) { sim.Linearizable(t, newService, sim.Only("Report")) }
func TestNoEnd(t *testing.T) {
	sim.Linearizable(t, newService, sim.Only("Start"), sim.Once("Start"), sim.Promises(sim.Leak))
}
func TestEnd(t *testing.T) {
	sim.Linearizable(t, newService, sim.Only("Start"), sim.Once("Start"), sim.End((*Service).Halt))
}

func newCounter(*sim.Env) *Counter { return &Counter{} }
func newLoose(*sim.Env) *Counter   { return &Counter{loose: true} }

func limited(c *Counter) error {
	if c.Value() > limit {
		return errors.New("counted beyond the limit")
	}
	return nil
}

func TestInvariant(t *testing.T)       { sim.Linearizable(t, newCounter, sim.Invariant(limited)) }
func TestBrokenInvariant(t *testing.T) { sim.Linearizable(t, newLoose, sim.Invariant(limited)) }

// Incs is what Counter and Strict have in common.
type Incs interface {
	Inc() (bool, int)
	Value() int
}

func newStrict(*sim.Env) Incs     { return &Strict{} }
func newCounterInc(*sim.Env) Incs { return &Counter{} }

func TestUnseen(t *testing.T) { sim.Equivalent(t, newStrict, newCounterInc) }
func TestSee(t *testing.T) {
	sim.Equivalent(t, newStrict, newCounterInc, sim.See("Inc", func(ok bool, _ int) bool { return ok }))
}

// slow is a model: a slice, and no lock.
type slice struct{ items []int }

func (s *slice) Push(v int)  { s.items = append(s.items, v) }
func (s *slice) Empty() bool { return len(s.items) == 0 }
func (s *slice) Pop() (int, bool) {
	if len(s.items) == 0 {
		return 0, false
	}
	v := s.items[0]
	s.items = s.items[1:]
	return v, true
}

func newModel() Queue { return &slice{} }

func TestModel(t *testing.T)        { sim.Linearizable(t, newFree, sim.Model(newModel)) }
func TestModelRefutes(t *testing.T) { sim.Linearizable(t, newHasty, sim.Model(newModel)) }

func newReaper(*sim.Env) *Reaper  { return NewReaper() }
func newEndless(*sim.Env) Endless { return Endless{NewReaper()} }

func TestLeak(t *testing.T)     { sim.Linearizable(t, newReaper) }
func TestWaives(t *testing.T)   { sim.Linearizable(t, newReaper, sim.Waives(sim.Leak)) }
func TestEndless(t *testing.T)  { sim.Linearizable(t, newEndless) }
func TestPromises(t *testing.T) { sim.Linearizable(t, newEndless, sim.Promises(sim.Leak)) }

func TestBounds(t *testing.T) {
	sim.Linearizable(t, newLocked, sim.Lanes(2), sim.Calls(1), sim.Preemptions(1), sim.Budget(time.Second))
}

// Words choose among what a function or a context can be.
func TestArgWords(t *testing.T) {
	sim.Linearizable(t, newHastyPool, sim.Arg("Submit", 1, "f", "f=err1"), sim.Without("Close"))
}

// What is used after its end may start again, and where Use runs beside Stop it may come after it.
func newLazy(*sim.Env) *Lazy { return &Lazy{} }

func TestUsedAfterEnd(t *testing.T) { sim.Linearizable(t, newLazy) }

// What is no snapshot is found, and what helps is said.
func newGauge(*sim.Env) *Gauge { return &Gauge{} }

func TestStats(t *testing.T) { sim.Linearizable(t, newGauge) }
func TestWithoutStats(t *testing.T) {
	sim.Linearizable(t, newGauge, sim.See("Stats", func(_, _ int64) any { return nil }))
}
