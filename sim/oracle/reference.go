package oracle

import (
	"slices"

	"batchlab/sim/history"
	"batchlab/sim/kind"
)

// Reference says what may happen: of one program, on which outcomes it can end, and with
// which orders of its calls. A run is right if its reference has one with the same
// outcome whose order extends that of the run: calls that overlapped may have come in
// either order, and calls of which one had ended before the other began may not.
//
// What is found out about a program is kept for all of its schedules.
type Reference interface {
	// Name is how reports call it.
	Name() string
	// Shows looks for an outcome with an order that extends the observed one.
	Shows(o Observed) (Answer, error)
	// Law is the law that an outcome breaks which it does not have.
	Law() kind.LawID
}

// Answer is what a reference has to say of an outcome.
type Answer struct {
	Shown   bool
	Whole   bool         // if not shown: it was looked for everywhere
	Nearest []kind.Event // if not shown: of the outcomes seen, the one that agrees longest
	Always  bool         // all of them have what that has where it agrees no more
	Why     string       // if not shown: what was looked for, "no order of the calls leads to that"
}

// NotByOriginal is why, if an original does not show it.
const NotByOriginal = "no schedule of the original shows it"

// Shown keeps outcomes, each with the orders in which it was seen.
type Shown map[uint64][]Precedence

// Has reports whether an outcome was seen with an order that extends the observed one.
func (s Shown) Has(o Observed) bool {
	extends := func(order Precedence) bool { return order.Extends(o.Order) }
	return slices.ContainsFunc(s[o.Digest], extends) || o.Loose != 0 && slices.ContainsFunc(s[o.Loose], extends)
}

// Add adds an outcome. An order that another extends tells nothing new.
func (s Shown) Add(o Observed) {
	if !s.Has(o) {
		o.Order.ended = nil
		s[o.Digest] = append(s[o.Digest], o.Order)
		if o.Loose != 0 {
			s[o.Loose] = append(s[o.Loose], o.Order)
		}
	}
}

// Is reports whether an outcome is the observed one, in an order that extends its own.
func (o Observed) Is(observed Observed) bool {
	return (o.Digest == observed.Digest || o.Loose != 0 && o.Loose == observed.Loose) && o.Order.Extends(observed.Order)
}

// Refuted is the violation that an outcome is which the reference does not have.
func Refuted(r *kind.Run, o Observed, a Answer, ref Reference) *Violation {
	h := history.History{Kind: r.Kind, Subject: r.Traits.Title, Events: o.Events}
	nearest := history.History{Kind: r.Kind, Events: a.Nearest}
	i := history.Agree(h, nearest)
	b := &kind.Breach{Law: ref.Law(), At: i}
	if n := len(o.Events); n > 0 {
		b.Step = o.Events[min(i, n-1)].Step
	}
	if i == len(o.Events) && i == len(a.Nearest) { // the answers are right, and come in the wrong order
		b.Want = "the same, in an order that agrees with which call ended before which began"
		b.Got = "a call that does not see what was done before it began"
		return violation(h, b)
	}
	b.Want = nearest.Line(i) + ", or another outcome of " + ref.Name()
	b.More = ", and " + a.Why
	v := violation(h, b)
	v.Always = a.Always
	return v
}

// Forgotten is the violation that a call is, by its event, which waits though the same call returns if it is made
// once more, as again does.
func Forgotten(r *kind.Run, waits int, again kind.Event, law kind.LawID) *Violation {
	return ofCall(r, waits, law, "it returns, as it does if it is made once more: "+r.Kind.Trimmed(again))
}

// Clash is the violation that a call is which panics only since another was under way.
func Clash(r *kind.Run, panics int) *Violation {
	return ofCall(r, panics, kind.NoPanic, "it does not, as when all is quiet before each call")
}

// Poisoned is the violation that a call is which waits only since a callback has panicked.
func Poisoned(r *kind.Run, waits int) *Violation {
	return ofCall(r, waits, kind.Progress,
		"it returns, as when no callback panics, and when calls are not made whose callbacks do")
}

// ofCall is a violation by the call that an event is of.
func ofCall(r *kind.Run, i int, law kind.LawID, want string) *Violation {
	h, e := history.Of(r), r.Events[i]
	at := slices.IndexFunc(h.Events, func(o kind.Event) bool { return o.Step == e.Step && o.Same(&e) })
	return violation(h, &kind.Breach{Law: law, Step: e.Step, At: at, Want: want})
}

// Sighted lists what the lab saw for itself, a verdict for each law.
func Sighted(r *kind.Run) []Verdict {
	if !slices.ContainsFunc(r.Events, func(e kind.Event) bool { return r.Kind.Sight(e.Verb) != "" }) {
		return nil
	}
	var list []Verdict
	h := history.Of(r)
	for i, e := range h.Events {
		law := r.Kind.Sight(e.Verb)
		reported := slices.ContainsFunc(list, func(v Verdict) bool { return v.Violation.Law == law })
		if law == "" || reported || r.Traits.Waived(law) {
			continue
		}
		list = append(list, Verdict{Subject: h.Subject, Violation: violation(h, &kind.Breach{Law: law, At: i, Step: e.Step})})
	}
	return list
}
