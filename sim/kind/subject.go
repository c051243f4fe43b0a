package kind

import (
	"fmt"
	"slices"
	"time"

	"github.com/benbjohnson/clock"
)

// Subject is an implementation of a kind: what is under test.
type Subject struct {
	Name string // as in "expect:" lines and reports: lower case, digits, '-'
	Kind *Kind
	New  func(c Config, env Env) Instance

	// Clockless marks a subject that ignores the clock it is given and uses
	// package time. It runs on the time of the world it runs in, which starts at
	// midnight UTC 2000-01-01, instead of on a mock.
	Clockless bool
	// LawsOnly marks a component that is not meant to be the original's equal:
	// the laws judge it, the kind's model does not.
	LawsOnly bool
	// OneAtATime says of an original that it is right if its calls are made one at a time, which
	// then is all that is done with it.
	OneAtATime bool
	// Waives are laws that the component does not promise: a breach of them is none.
	Waives []LawID
	// Original is what the component has to be like: whatever it does of a program, the
	// original can do. The laws judge beside it; the kind's model is not asked.
	Original *Subject
}

// Title is how reports name a subject: kind/name.
func (s Subject) Title() string { return s.Kind.Name + "/" + s.Name }

// Traits is what a judge has to know of the subject.
func (s Subject) Traits() Traits {
	return Traits{Title: s.Title(), Waives: s.Waives, LawsOnly: s.LawsOnly || s.Kind.Model == nil || s.Original != nil}
}

// Validate reports what is wrong with the row, as an error that names it.
func (s Subject) Validate() error {
	switch {
	case !isWord(s.Name):
		return fmt.Errorf("subject %q: its name is to be a word without spaces and the characters #:,/=", s.Name)
	case s.Kind == nil:
		return fmt.Errorf("subject %s: it has no kind", s.Name)
	case s.New == nil:
		return fmt.Errorf("subject %s: kind %s needs New", s.Name, s.Kind.Name)
	}
	for _, id := range s.Waives {
		if _, ok := s.Kind.Law(id); !ok {
			return fmt.Errorf("subject %s: kind %s has no law %q to waive", s.Name, s.Kind.Name, id)
		}
	}
	if o := s.Original; o != nil {
		switch {
		case o.Kind != s.Kind || o.Name == s.Name:
			return fmt.Errorf("subject %s: its original is to be of kind %s, and another", s.Name, s.Kind.Name)
		case o.Original != nil:
			return fmt.Errorf("subject %s: its original %s has an original itself: name that one", s.Name, o.Name)
		case o.New == nil || !isWord(o.Name):
			return fmt.Errorf("subject %s: its original needs a name and New", s.Name)
		}
	}
	return s.Kind.Validate()
}

// Waived reports whether a law binds the subject no more than anybody.
func (t Traits) Waived(law LawID) bool { return slices.Contains(t.Waives, law) }

// Instance is a subject at work.
type Instance interface {
	// Do does an operation: a call of the lane, or, with a nil lane, what directs the
	// callbacks. What came of a call it leaves in e: an Outcome if it is not OK, a Val, a
	// note. A panic is an outcome as well, and Do need not catch it.
	//
	// Calls of several lanes may run at once. Under the race detector whatever Do does
	// itself, beside calling the component, must order nothing: see Env.
	Do(l *Lane, o Op, e *Event)
}

// Ending is what an Instance may implement to look at what is left when all is over.
type Ending interface{ AtEnd() }

// Lane is a client of a subject: it makes one call after another.
type Lane struct {
	Letter byte
	Serial int32 // how many items it has named
	// First and Next are the items of the call under way: the first, and the one that is
	// being handed over. If the call waits, that is what its event shows.
	First, Next Item
}

// Env is what the lab gives a subject. Its methods may be called by any goroutine that
// the subject starts, and order nothing in the eyes of the race detector. What an
// Instance keeps for itself must not either: functions that touch it are marked
// //go:norace, without append, copy and map, and are called between Lock and Unlock, which
// lock only where goroutines really run at once.
type Env interface {
	// Clock is the controlled clock; for a Clockless subject one that shows the same time.
	Clock() clock.Clock
	// Note records an event of a callback. Its Step and At are filled in.
	Note(e Event)
	// Sleep and Wait let a callback take virtual time, or wait for a channel to be closed.
	Sleep(d time.Duration)
	Wait(ch <-chan struct{})
	// Between says that the caller is not inside a call of the component at this moment, but
	// between two of one operation, or in a callback that the component has called.
	Between()
	// Later does something now, or, where calls are made one at a time, at any time up to when all is quiet: for
	// what others need not see at once.
	Later(f func())
	// Dying says that the caller is about to panic as the program says, with Dies.
	Dying()

	Lock()
	Unlock()
}

// Dies is what a callback panics with when the program says so.
const Dies = "batchlab: the handler panics, as the program says"
