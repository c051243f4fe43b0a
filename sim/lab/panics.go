package lab

import (
	"slices"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// A component that is its own reference may let a call begin while another waits for what the component itself is about
// to do, such as a second Stop beside one that waits for a goroutine. That both close a channel then is no
// more than it does with its calls made one at a time. But nobody means to do what the runtime panics at; so a call
// that does so is wrong, unless it also does when all is quiet before each call.

// misused is how panics begin that the runtime and package sync have for who uses them wrong.
var misused = []string{
	"panics: close of closed channel", "panics: close of nil channel", "panics: send on closed channel", "panics: sync: ",
	"panics: invalid memory address", "panics: index out of range", "panics: slice bounds out of range",
	"panics: assignment to entry in nil map",
}

// clash is the violation that a call is which panics so only since another was under way, nil if there is none.
func (j *judges) clash(x *kind.Run) (*oracle.Violation, error) {
	if !j.own() || j.s.Traits().Waived(kind.NoPanic) || !j.p.Concurrent() || !ended(x) {
		return nil, nil
	}
	for i := range x.Events {
		if !isMisuse(x, i) {
			continue
		}
		if j.meant == nil {
			j.meant = map[string]bool{}
			whole, err := j.calmly(j.p.Ops, func(r *kind.Run, _ int) {
				for n := range r.Events {
					if isMisuse(r, n) {
						j.meant[panicOf(r, n)] = true
					}
				}
			})
			if j.blind = !whole; err != nil {
				return nil, err
			}
		}
		if !j.blind && !j.meant[panicOf(x, i)] {
			return oracle.Clash(x, i), nil
		}
	}
	return nil, nil
}

// isMisuse reports whether an event is the end of a call that panicked so.
func isMisuse(r *kind.Run, i int) bool {
	e := &r.Events[i]
	return r.Kind.IsAnswered(*e) && e.Source.Lane != kind.LabLane &&
		slices.ContainsFunc(misused, func(with string) bool { return strings.HasPrefix(e.Text, with) })
}

// panicOf is which operation panicked, and with what.
func panicOf(r *kind.Run, i int) string {
	return r.Kind.Ops[r.Events[i].Verb].Name + " " + r.Events[i].Text
}

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
