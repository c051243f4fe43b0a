package sim

import (
	"testing"

	"batchlab/sim/derive"
	"batchlab/sim/engine"
)

// plainPrograms is how many programs are run for the lines that they cover.
const plainPrograms = 40

// plainly runs programs where nothing is controlled, one operation after another, and does not ask
// what came of it: see twin.Reporter.Plain.
func (c *checker) plainly(t testing.TB) {
	var err error
	if c.d, err = derive.New(c.typ, c.o); err != nil {
		return
	}
	c.subject()
	source := c.d.Programs(*flagSeed)
	for range plainPrograms {
		p := source.Next()
		if p == nil {
			return
		}
		engine.Bubble(t.(*testing.T), p, c.s, engine.Hooks{})
		if c.s.Original != nil {
			engine.Bubble(t.(*testing.T), p, *c.s.Original, engine.Hooks{})
		}
	}
}
