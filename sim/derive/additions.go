package derive

import (
	"slices"

	"batchlab/sim/kind"
)

// Wakes is the law that no wake-up is lost.
const Wakes kind.LawID = "W1-wake-up"

// Invariance is the law that an invariant states.
const Invariance kind.LawID = "I1-invariant"

// notices are what happens besides calls.
var notices = []kind.Notice{
	{Text: "notes"}, {Text: "invariant broken:"}, {Text: "called", Owned: true}, {Text: "calls", Owned: true},
	{Text: "ends", Owned: true},
}

const (
	noted = kind.FirstNotice + iota
	broken
	called
	saw
	returned
)

// additions are the operations that options make.
func (d *Derived) additions() {
	if slices.ContainsFunc(d.methods, func(m method) bool { return m.takesContext }) {
		d.cancelling()
		d.drawn()
	}
	if d.Calls {
		d.releasing()
		d.drawn()
	}
	d.using()
	d.disposing("give-back", d.lent)
	d.disposing("close-all", d.ended)
	if d.opts.Invariant != nil {
		d.own(kind.Operation{Name: "invariant"}, func(i *instance, _ *kind.Lane, _ kind.Op, _ *kind.Event) {
			if i.inside > 1 { // besides this one some call waits, and may hold what the invariant needs
				return
			}
			if err := d.opts.Invariant(i.component.Interface()); err != nil {
				i.env.Note(kind.Event{Source: kind.Source{Lane: kind.LabLane}, Verb: broken, Text: oneLine(err.Error())})
			}
		})
	}
	if d.opts.End != nil {
		d.own(kind.Operation{Name: "end", Lane: true}, func(i *instance, _ *kind.Lane, _ kind.Op, e *kind.Event) {
			defer i.panics(e)
			d.opts.End(i.component.Interface())
		})
	}
}

// own adds an operation that is not a method.
func (d *Derived) own(op kind.Operation, do func(*instance, *kind.Lane, kind.Op, *kind.Event)) {
	op.Spelled = true
	d.methods, d.Kind.Ops = append(d.methods, method{name: op.Name, index: -1, own: do}), append(d.Kind.Ops, op)
}

// drawn has the operation that was added last be drawn into programs.
func (d *Derived) drawn() { d.methods[len(d.methods)-1].drawn = true }

// verb is an operation of the lab's own, 0 if there is none.
func (d *Derived) verb(name string) kind.Verb {
	for v := range d.methods {
		if d.methods[v].own != nil && d.methods[v].name == name {
			return kind.Verb(v)
		}
	}
	return 0
}
