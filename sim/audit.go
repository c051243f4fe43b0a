package sim

import (
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// audit checks a history against the laws, one event after another, knowing only
// what the laws say and not how a batcher works. It returns the first breach.
func audit(p *program.Program, s subject.Subject, h History) *Violation {
	a := newAuditor(p, s)
	if s.Kind == subject.KindDedup {
		a.entries = newEntryAudit(p)
	} else {
		a.items = newItemAudit(p, s)
	}
	return a.run(h)
}

func newAuditor(p *program.Program, s subject.Subject) *auditor {
	a := &auditor{kind: s.Kind, waived: s.Waived, ops: slices.Concat(p.Ops, p.Drain())}
	a.told = modes(a.ops)
	return a
}

func (a *auditor) run(h History) *Violation {
	for i, e := range h.Events {
		if law := a.afterClose(e.Step, e.At); a.breaks(law) {
			return mismatchAt(h, i-1, law.Text(), law)
		}
		if law := a.event(e); a.breaks(law) {
			return mismatchAt(h, i, law.Text(), law)
		}
	}
	law := a.afterClose(len(a.ops)+1, 0)
	if a.breaks(law) {
		a.complaint = "items not delivered, or a handler at work, when Close returned"
	} else {
		law = a.end()
	}
	if a.breaks(law) {
		v := mismatchAt(h, len(h.Events), law.Text(), law)
		v.Step, v.Got = len(a.ops), a.complaint
		return v
	}
	return nil
}

// breaks reports whether a law counts.
func (a *auditor) breaks(law subject.Law) bool { return law != "" && !a.waived(law) }

// auditor is what the laws remember of a history.
type auditor struct {
	kind   subject.Kind
	waived func(subject.Law) bool
	ops    []program.Op
	told   []program.Mode // per operation, what handlers that begin during it are told to do

	items   *itemAudit
	entries *entryAudit

	waiting   []subject.Event // calls that have not returned
	closedAt  int             // step of the first Close that returned, 0 before
	closing   *closing        // the same, until afterClose has looked at it
	crashed   bool
	complaint string // what is wrong at the end
}

// event checks one event and returns the law that it breaks, or "".
func (a *auditor) event(e subject.Event) subject.Law {
	switch {
	case e.Verb == subject.Leaked:
		return subject.Leak
	case e.Verb == subject.Changed:
		return subject.SliceLease
	case e.Verb == subject.Hung:
		return subject.Progress
	case e.Verb == subject.Race:
		return subject.NoRace
	case e.Verb == subject.Crash:
		a.crashed = true
		if e.Source.Lane == subject.LabLane { // not the panic that the program asked for
			return subject.NoPanic
		}
		return ""
	}
	if law := a.call(e); a.breaks(law) {
		return law
	}
	switch {
	case a.entries != nil:
		law := a.entries.event(e)
		if law != "" && a.waived(law) {
			a.entries.relearn(e)
		}
		return law
	case a.items != nil:
		return a.items.event(e, a.mode(e.Step))
	}
	return ""
}

// call checks what every call has to keep: who waits, who panics.
func (a *auditor) call(e subject.Event) subject.Law {
	if e.Outcome == 0 || e.Outcome == subject.Skipped {
		return ""
	}
	if e.Outcome == subject.Waits {
		a.waiting = append(a.waiting, e)
		if a.closedAt != 0 && a.closedAt < e.Step && e.Verb == subject.Trigger {
			return subject.AfterClose
		}
		return ""
	}
	begun := e.Step
	a.waiting = slices.DeleteFunc(a.waiting, func(w subject.Event) bool {
		if w.Source == e.Source {
			begun = w.Step
		}
		return w.Source == e.Source
	})
	after := a.closedAt != 0 && a.closedAt < begun
	switch {
	case e.Verb == subject.Put && after && e.Outcome != subject.Panics && !a.dropped(e):
		return subject.AfterClose
	case e.Outcome == subject.Broke:
		return subject.NoPanic
	case e.Verb == subject.Close && a.closedAt == 0:
		a.closedAt = e.Step
		a.closing = &closing{begun, e.Step, e.At}
	}
	return ""
}

// afterClose checks, when everything of the instant at which Close returned has been
// seen, that nothing was left to do. In canonical order the handlers of an instant
// come after its calls.
func (a *auditor) afterClose(step int, at time.Duration) subject.Law {
	c := a.closing
	if c == nil || a.items == nil || step == c.step && at == c.at {
		return ""
	}
	a.closing = nil
	if !a.crashed && !a.items.drained(c.begun) {
		return subject.CloseDrains
	}
	return ""
}

// closing is the first Close that returned.
type closing struct {
	begun, step int
	at          time.Duration
}

// dropped reports whether a put was of nothing that a dedup batcher would pass on.
func (a *auditor) dropped(e subject.Event) bool {
	return a.kind == subject.KindDedupBatcher && e.Items[0] == (subject.ItemID{})
}

// mode is what handlers that began in a step were told to do.
func (a *auditor) mode(step int) program.Mode { return a.told[min(step, len(a.told))-1] }

// modes is what handlers are told to do, operation by operation.
func modes(ops []program.Op) []program.Mode {
	told, mode := make([]program.Mode, len(ops)), program.Returns
	for i, o := range ops {
		if o.Verb == program.Handler {
			mode = o.Mode
		}
		told[i] = mode
	}
	return told
}

// end checks what has to be true when act 2 is over.
func (a *auditor) end() subject.Law {
	switch {
	case a.crashed:
		return ""
	case len(a.waiting) > 0 && !a.waived(subject.Progress):
		w := a.waiting[0]
		a.complaint = trimmed(w) + ", and it never returned"
		return subject.Progress
	case a.items == nil:
		return ""
	}
	law := subject.Law("")
	law, a.complaint = a.items.end()
	return law
}
