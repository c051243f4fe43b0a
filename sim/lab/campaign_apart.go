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
func (s *stretching) dead(ctx context.Context, w *child, last int, on string, whole int, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	if last == 0 {
		return &kind.LabError{Msg: fmt.Sprintf("a worker ended before it began: %v: %s", err, w.death())}
	}
	i := last - 1
	if !s.tryApart(context.Background(), run{i, on}) { // it does not happen again
		s.keep(Find{Index: i, Violation: oracle.Violation{Subject: on, Got: "a worker that died or hung"}})
	}
	s.count(newTally(), i+1-s.From-whole)
	s.From = i + 1
	return nil
}

// tryApart runs one program of a stretch by itself, in a process that may die of it, or in the
// woven world. It reports whether something was found.
func (s *stretching) tryApart(ctx context.Context, r run) (found bool) {
	p := ProgramOf(s.Seed, s.kind, r.program, s.Ops)
	t := newTally()
	for _, on := range s.subjects {
		if ctx.Err() != nil || r.on != "" && on.Title() != r.on || !engine.Applies(p, on) {
			continue
		}
		var v oracle.Verdict
		err := s.lab.givenUp(on)
		if err == nil {
			_, v, err = s.lab.Try(p, on)
		}
		t.Runs++
		switch {
		case wild(err):
			t.Unjudged++
		case err != nil:
			t.add(undone(err.Error()))
		case v.Violation != nil:
			found = true
			v.Specified = specified(s.subjects, p, on, v, s.lab.Try)
			s.keep(Find{Index: r.program, Violation: *v.Violation, Specified: v.Specified, Repeats: true})
		}
	}
	programs := 0
	if r.on == "" && ctx.Err() == nil { // else it is counted, or was not run to the end
		programs = 1
	}
	s.count(t, programs)
	return found
}

// undone is a run that the lab could not do.
func undone(why string) *Tally {
	return &Tally{Unjudged: 1, Undone: map[string]int{strings.TrimPrefix(why, "batchlab: "): 1}}
}
