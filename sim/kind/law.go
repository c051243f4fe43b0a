package kind

import (
	"cmp"
	"slices"
)

// LawID names a law. One name stands in the table of the kind, in the violation, in the
// mutants, in the seed files and in the documentation.
type LawID string

// Law is a guarantee.
type Law struct {
	ID   LawID
	Text string
	// Together says that only operations that run together can break it.
	Together bool
	// ByModel says that Audit does not look for a breach, for it takes a model to tell, and
	// Alone that it looks only where operations do not run together.
	ByModel, Alone bool
}

// The laws of everything.
const (
	Leak        LawID = "G1-leak"
	Progress    LawID = "G2-progress"
	NoPanic     LawID = "G3-no-panic"
	NoRace      LawID = "G4-no-race"
	SameHistory LawID = "E1-same-history"
)

// Universal are the laws of everything that has goroutines, and of every pair of rivals.
var Universal = []Law{
	{ID: Leak, Text: "no goroutine outlives Close"},
	{ID: Progress, Text: "nothing waits for ever"},
	{ID: NoPanic, Text: "no call panics but as it is meant to"},
	{ID: NoRace, Text: "no two goroutines touch the same memory without synchronization", Together: true},
	{ID: SameHistory, Text: "the history is one that the specification allows", ByModel: true},
}

// AllLaws returns the laws that bind the kind: its own, then those of everything. Among
// several broken at one step the first in this order is the one reported.
func (k *Kind) AllLaws() []Law { return slices.Concat(k.Laws, Universal) }

// Law returns a law of the kind, and whether it has it.
func (k *Kind) Law(id LawID) (Law, bool) {
	all := k.AllLaws()
	if i := slices.IndexFunc(all, func(l Law) bool { return l.ID == id }); i >= 0 {
		return all[i], true
	}
	return Law{ID: id, Text: string(id)}, false
}

// Atomicity is the law that a component breaks that is not as if one call came after
// another.
func (k *Kind) Atomicity() LawID { return cmp.Or(k.Atomic, SameHistory) }

// Sight is the law that something breaks by happening: the lab sees it, whatever else
// happens. It is "" of all others.
func (k *Kind) Sight(v Verb) LawID {
	switch {
	case v == Leaked:
		return Leak
	case v == Race:
		return NoRace
	case v >= FirstNotice && int(v-FirstNotice) < len(k.Notices):
		return k.Notices[v-FirstNotice].Law
	}
	return ""
}

// Breaks is the law that an event breaks whatever else happens, "" if none.
func (k *Kind) Breaks(e Event) LawID {
	switch {
	case e.Verb == Hung:
		return Progress
	case e.Verb == Crash && e.Source.Lane == LabLane, e.Outcome == Broke: // not the panic that the program asked for
		return NoPanic
	}
	return k.Sight(e.Verb)
}

// Sights are the laws that the lab sees broken for itself.
func (k *Kind) Sights() []LawID {
	list := []LawID{Leak, NoRace}
	for _, n := range k.Notices {
		if n.Law != "" {
			list = append(list, n.Law)
		}
	}
	return list
}
