package lab

import (
	"context"
	"fmt"
	"strings"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// run is a program of a stretch on one of the subjects, or on all if it is "".
type run struct {
	program int
	on      string
}

// dead takes up the program on which a child died or hung: it is run again by
// itself, which gives the history up to there. Those on all subjects apart are counted when
// they are run.
func (c *campaigner) dead(w *child, lab *Lab, st *stretch, last int, on string, whole int, err error) bool {
	if last == 0 {
		c.fail(&kind.LabError{Msg: fmt.Sprintf("a worker ended before it began: %v: %s", err, w.death())})
		return false
	}
	i := last - 1
	if !c.tryApart(context.Background(), lab, st, run{i, on}) { // it does not happen again
		c.keep(Find{Program: ProgramOf(st.Seed, st.kind, i, st.Ops), Index: i,
			Violation: oracle.Violation{Subject: on, Got: "a worker that died or hung"}})
	}
	c.count(newTally(), i+1-st.From-whole, st.kind.Name)
	st.From = i + 1
	return false
}

// tryApart runs one program of a stretch by itself, in a process that may die of it, or in the
// woven world. It reports whether something was found.
func (c *campaigner) tryApart(ctx context.Context, lab *Lab, st *stretch, r run) (found bool) {
	p := ProgramOf(st.Seed, st.kind, r.program, st.Ops)
	t := newTally()
	for _, s := range lab.Of(st.kind) {
		if ctx.Err() != nil || r.on != "" && s.Title() != r.on || !engine.Applies(p, s) {
			continue
		}
		var v oracle.Verdict
		err := lab.givenUp(s)
		if err == nil {
			_, v, err = lab.Try(p, s)
		}
		t.Runs++
		switch {
		case wild(err):
			t.Unjudged++
		case err != nil:
			t.add(undone(err.Error()))
		case v.Violation != nil:
			found = true
			v.Specified = specified(c.lab.Subjects, p, s, v, lab.Try)
			c.keep(Find{Program: p, Index: r.program, Violation: *v.Violation, Specified: v.Specified, Repeats: true})
		}
	}
	programs := 0
	if r.on == "" && ctx.Err() == nil { // else it is counted, or was not run to the end
		programs = 1
	}
	c.count(t, programs, st.kind.Name)
	return found
}

// undone is a run that the lab could not do.
func undone(why string) *Tally {
	return &Tally{Unjudged: 1, Undone: map[string]int{strings.TrimPrefix(why, "batchlab: "): 1}}
}
