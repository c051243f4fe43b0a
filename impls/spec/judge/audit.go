// Package judge says what is wrong with a run of one of the three kinds.
//
// Audit looks for a breach of the laws, which know nothing of how an implementation works.
// Model follows the model, which knows every line, beside the run; where operations of a map ran
// together it looks for an order of them that the model allows (linear.go). Both explain what
// they find: which line, and what should be there. The words are those of package oracle.
//
// It refuses to look at anything but the run, and to be sure where it is not: a run that
// is more than it can follow is an error, and nobody's violation.
package judge

import (
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// record is a run as the judges of this package read it.
type record struct {
	*kind.Run
	of     spec.Kind
	h      []kind.Event // its history
	groups []kind.Part
}

func newRecord(run *kind.Run) *record {
	r := &record{Run: run, of: spec.Kind(run.Kind.Name), h: run.History()}
	if r.Stamped {
		r.groups = kind.Parts(run.Ops)
	}
	return r
}

// Audit goes through a history one event after another and returns the first breach of a law.
func Audit(run *kind.Run) *kind.Breach {
	r := newRecord(run)
	a := &auditor{record: r, told: modes(r.Ops)}
	switch {
	case r.of != spec.KindDedup:
		a.items = newItemAudit(r)
	case !r.Stamped || r.Traits.LawsOnly && !kind.Together(r.Ops):
		a.entries = newEntryAudit(spec.MapOf(r.Config))
	}
	b := a.run()
	if r.Stamped {
		b = earliest(b, r.auditOrder())
	}
	return b
}

func earliest(list ...*kind.Breach) *kind.Breach {
	var first *kind.Breach
	for _, b := range list {
		if b != nil && (first == nil || b.Step < first.Step) {
			first = b
		}
	}
	return first
}

// at is the breach that the i-th event of the history is.
func (r *record) at(i int, law kind.LawID) *kind.Breach {
	b := &kind.Breach{Law: law, At: i}
	if n := len(r.h); n > 0 {
		b.Step = r.h[min(i, n-1)].Step
	}
	return b
}

// index is where an event stands in the history.
func (r *record) index(e *kind.Event) int {
	return slices.IndexFunc(r.h, func(o kind.Event) bool { return e.Same(&o) })
}

// auditor is what the laws remember of a history.
type auditor struct {
	*record
	told []int64 // per operation, what handlers that begin during it are told to do

	items   *itemAudit
	entries *entryAudit

	waiting   []kind.Event // calls that have not returned
	closedAt  int          // step of the first Close that returned, 0 before
	closing   *closing     // the same, until afterClose has looked at it
	crashed   bool
	complaint string // what is wrong at the end
}

func (a *auditor) run() *kind.Breach {
	for i, e := range a.h {
		if law := a.afterClose(e.Step, e.At); a.breaks(law) {
			return a.at(i-1, law)
		}
		if law := a.event(e); a.breaks(law) {
			return a.at(i, law)
		}
	}
	law := a.afterClose(len(a.Ops)+1, 0)
	if a.breaks(law) {
		a.complaint = "items not delivered, or a handler at work, when Close returned"
	} else {
		law = a.end()
	}
	if !a.breaks(law) {
		return nil
	}
	return &kind.Breach{Law: law, At: len(a.h), Step: len(a.Ops), Got: a.complaint}
}

// breaks reports whether a law counts: the subject has not waived it.
func (r *record) breaks(law kind.LawID) bool { return law != "" && !r.Traits.Waived(law) }

// event checks one event and returns the law that it breaks, or "".
func (a *auditor) event(e kind.Event) kind.LawID {
	switch {
	case e.Verb == spec.Changed:
		return spec.SliceLease
	case e.Verb == kind.Crash:
		a.crashed = true
		return ""
	case e.Verb > kind.Crash:
		return ""
	}
	if law := a.call(e); a.breaks(law) {
		return law
	}
	switch {
	case a.entries != nil:
		law := a.entries.event(e)
		if law != "" && a.Traits.Waived(law) {
			a.entries.relearn(e)
		}
		return law
	case a.items != nil:
		return a.items.event(e, a.told[min(e.Step, len(a.told))-1])
	}
	return ""
}

// call checks what every call has to keep: who waits, who panics.
func (a *auditor) call(e kind.Event) kind.LawID {
	if e.Outcome == 0 || e.Outcome == kind.Skipped {
		return ""
	}
	if e.Outcome == kind.Waits {
		a.waiting = append(a.waiting, e)
		if a.closedAt != 0 && a.closedAt < e.Step && e.Verb == spec.Trigger && a.items != nil {
			return spec.AfterClose
		}
		return ""
	}
	begun := e.Step
	a.waiting = slices.DeleteFunc(a.waiting, func(w kind.Event) bool {
		if w.Source == e.Source {
			begun = w.Step
		}
		return w.Source == e.Source
	})
	after := a.closedAt != 0 && a.closedAt < begun
	switch {
	case a.items != nil && e.Verb == spec.Put && after && e.Outcome != kind.Refused && !a.dropped(e):
		return spec.AfterClose
	case e.Outcome != kind.Broke && e.Verb == spec.Close && a.closedAt == 0:
		a.closedAt = e.Step
		a.closing = &closing{begun, e.Step, e.At}
	}
	return ""
}

// afterClose checks, when everything of the instant at which Close returned has been
// seen, that nothing was left to do. In canonical order the handlers of an instant
// come after its calls.
func (a *auditor) afterClose(step int, at time.Duration) kind.LawID {
	c := a.closing
	if c == nil || a.items == nil || step == c.step && at == c.at {
		return ""
	}
	a.closing = nil
	if !a.crashed && (a.items.lost(c.begun) > 0 || len(a.items.running) > 0) {
		return spec.CloseDrains
	}
	return ""
}

// closing is the first Close that returned.
type closing struct {
	begun, step int
	at          time.Duration
}

// dropped reports whether a put was of nothing that a dedup batcher would pass on.
func (r *record) dropped(e kind.Event) bool {
	return r.of == spec.KindDedupBatcher && e.Items[0] == (kind.Item{})
}

// modes is what handlers are told to do, operation by operation.
func modes(ops []kind.Op) []int64 {
	told, mode := make([]int64, len(ops)), spec.Returns
	for i, o := range ops {
		if o.Verb == spec.Handler {
			mode = o.Args[spec.ArgMode]
		}
		told[i] = mode
	}
	return told
}

// end checks what has to be true when act 2 is over. A call that never returned is the
// lab's to report.
func (a *auditor) end() kind.LawID {
	if a.crashed || len(a.waiting) > 0 && !a.Traits.Waived(kind.Progress) || a.items == nil {
		return ""
	}
	law := kind.LawID("")
	law, a.complaint = a.items.end()
	return law
}
