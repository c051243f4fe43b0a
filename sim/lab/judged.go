package lab

import (
	"slices"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// judged is the last run in which nothing was found wrong. Subjects of a kind do the same in
// most programs, and a judge reads nothing but the run: what was right of one is right of
// the next, if the same was seen.
type judged struct {
	run kind.Run // its events are a copy
	v   oracle.Verdict
}

// judge is oracle.Judge.
func (j *judged) judge(r *kind.Run) (oracle.Verdict, error) {
	if j.alike(r) {
		v := j.v
		v.Subject = r.Traits.Title
		return v, nil
	}
	v, err := oracle.Judge(r)
	if err == nil && v.Violation == nil && r.Began == nil {
		events := append(j.run.Events[:0], r.Events...)
		j.run, j.v = *r, v
		j.run.Events = events
	}
	return v, err
}

// alike reports whether a run cannot be told from the one that was judged. Notes are not
// compared: they belong to what is wrong.
func (j *judged) alike(r *kind.Run) bool {
	a, b := j.run.Traits, r.Traits
	return r.Began == nil && !r.Stamped && j.run.Kind == r.Kind && j.run.Config == r.Config && sameOps(j.run.Ops, r.Ops) &&
		a.LawsOnly == b.LawsOnly && slices.Equal(a.Waives, b.Waives) && slices.EqualFunc(j.run.Events, r.Events, kind.Event.Same)
}

// sameOps reports whether operations are the same. Those of one program are as a rule one list.
func sameOps(a, b []kind.Op) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}
