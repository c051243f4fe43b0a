package lab

import (
	"slices"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// A component is poisoned when a callback panics and calls then wait for ever: what it held is not given back. With
// its calls made one at a time it does the same, so it is no reference here. What must not wait is what waits neither
// if the callbacks return nor if the calls are not made that have them: whether such a call counts as made is open.

// poisoned is the violation that a call is which waits since a callback has panicked, nil if there is none.
func (j *judges) poisoned(x *kind.Run) (*oracle.Violation, error) {
	if j.s.Kind.Calm == nil || !j.own() || j.s.Traits().Waived(kind.Progress) || !ended(x) {
		return nil, nil
	}
	waiting := waitingAt(x, len(j.p.Ops))
	panicked := func(e kind.Event) bool { return x.Kind.IsAnswered(e) && strings.Contains(e.Text, kind.Dies) }
	if len(waiting) == 0 || !slices.ContainsFunc(x.Events, panicked) {
		return nil, nil
	}
	if j.poison == 0 {
		for _, ops := range j.s.Kind.Calm(j.p.Ops) {
			most, err := j.waits(ops)
			if err != nil {
				return nil, err
			}
			j.poison = max(j.poison, most+1)
		}
	}
	if len(waiting) < j.poison {
		return nil, nil
	}
	return oracle.Poisoned(x, waiting[0]), nil
}
