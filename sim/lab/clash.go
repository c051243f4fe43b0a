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
