package lab

import (
	"context"
	"fmt"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// dead takes up the program on which a child died or hung: it is run again by
// itself, which gives the history up to there. Those put apart are counted when they
// are run.
func (c *campaigner) dead(w *child, st *stretch, last int, on string, apart int, err error) bool {
	if last == 0 {
		c.fail(&kind.LabError{Msg: fmt.Sprintf("a worker ended before it began: %v: %s", err, w.death())})
		return false
	}
	i := last - 1
	if !c.tryApart(context.Background(), st, i, on) { // it does not happen again
		c.keep(Find{Program: ProgramOf(st.Seed, st.kind, i, st.Ops), Index: i,
			Violation: oracle.Violation{Subject: on, Got: "a worker that died or hung"}})
	}
	c.count(newTally(), i+1-st.From-apart, st.Kind)
	st.From = i + 1
	return false
}

// tryApart runs one program of a stretch by itself, on one subject or, if none is
// named, on all, each in a process that may die of it. It reports whether something
// was found.
func (c *campaigner) tryApart(ctx context.Context, st *stretch, i int, on string) (found bool) {
	lab := &Lab{T: c.lab.T, Subjects: c.lab.Subjects, Spawn: c.lab.Spawn}
	defer lab.Close()
	p := ProgramOf(st.Seed, st.kind, i, st.Ops)
	t := newTally()
	for _, s := range lab.Of(st.kind) {
		if ctx.Err() != nil || on != "" && s.Title() != on || !engine.Applies(p, s) {
			continue
		}
		_, v, err := lab.Try(p, s)
		t.Runs++
		if err != nil {
			t.Unjudged++
		} else if v.Violation != nil {
			found = true
			v.Specified = specified(c.lab.Subjects, p, s, v, lab.Try)
			c.keep(Find{Program: p, Index: i, Violation: *v.Violation, Specified: v.Specified, Repeats: true})
		}
	}
	programs := 0
	if on == "" && ctx.Err() == nil { // else it is counted, or was not run to the end
		programs = 1
	}
	c.count(t, programs, st.Kind)
	return found
}
