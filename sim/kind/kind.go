package kind

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Kind is a kind of component. What a nil function would do, its comment says.
type Kind struct {
	Name     string      // as in the "subject:" line of a seed file
	Settings []Setting   // as in the "config:" line, in this order
	Ops      []Operation // the first is Time
	Notices  []Notice    // what happens besides calls: Verb FirstNotice is the first
	Laws     []Law       // those that this kind has besides Universal, the more telling first
	Atomic   LawID       // the law that a component breaks that is not as if one call came after another; "": SameHistory

	// Patient says that calls may wait for ever, as far as those of the reference do: that one
	// waits is part of an outcome, and no breach of G2-progress, unless it Ends the component.
	Patient bool
	// Undefined says that nobody tells what becomes of a component that is used after its end: that a call came after
	// the one that ends it, beside which it was made, orders nothing.
	Undefined bool
	// Wakes is the law that a call breaks that waits though it would not if it were made once more: a wake-up was
	// lost. It is asked of components that are their own reference. "": nobody asks.
	Wakes LawID
	// Calm is two programs like one in which callbacks panic: with callbacks that return, and without the calls that have
	// them. Nil: no callback panics.
	Calm func(ops []Op) [][]Op
	// Untimely reports of a run that what is seen of it is also a matter of when the lab learned of an answer, or
	// when a call learned of the end of its context: it is not compared with a reference. Nil: no run is.
	Untimely func(r *Run) bool
	// TimePasses says that a call may take time: who looks at the clock twice in one may see two times,
	// also where calls are made one at a time.
	TimePasses bool
	// Plain says that plain reads and writes of memory are points, where they may meet: see rt.Plains.
	Plain bool
	// Dated says that it matters when, by the calendar, a program begins.
	Dated bool

	// Marks are the durations at and around which faults live. Nil: the settings' own.
	Marks func(c Config) []time.Duration
	// Periods are those of what fires again and again while time moves. Each firing costs
	// real time, and the clock stops there on its way. Nil: nothing does.
	Periods func(c Config) []time.Duration
	// Stops are the periods at which a move of the clock is recorded on its way, for a
	// judge that has to know when a tick fell due. Nil: none.
	Stops func(c Config) []time.Duration
	// Fault says what is wrong with settings that are each in their range, "" if nothing.
	Fault func(c Config) string
	// End is act 2 of a program: it stops the input, lets callbacks return, moves time past
	// every deadline, and closes. Its calls are the lab's, in LabLane.
	End func(c Config, ops []Op) []Op
	// Lighter returns settings whose End fires fewer timers. Nil: there is no such thing.
	Lighter func(c Config) Config
	// Shape may change what the generator is about to draw by; now and then is enough.
	Shape func(rng *rand.Rand, s *Shape)
	// Tame changes operations that end a process or that no judge can follow into ones
	// that resemble them. It must change nothing the second time. Nil: all are tame.
	Tame func(c Config, ops []Op) []Op
	// Wild reports whether the program of a sound subject ends its process.
	Wild func(ops []Op) bool
	// Refused reports whether a panic of an operation is how it is meant to end.
	Refused func(o Op, panicked any) bool

	// Over may number objects in the texts of a run that is over, as in #1, by the canonical order of its events, which
	// it is given in the order of happening. Nil: they stay as they are.
	Over func(events []Event) // they stand between two of Unnumbered

	// Code spells a program, on a subject, as Go code. Nil: there is no such form.
	Code func(c Config, subject string, ops []Op) Code

	// Audit returns the first breach of the kind's laws, knowing only what they say.
	Audit func(r *Run) *Breach
	// Model follows the specification beside a run. Nil: there is none.
	Model func(r *Run) Followed
}

// Unnumbered stands around the number of an object until the run is over.
const Unnumbered = "\ue000"

// Code is a program in Go, for somebody who knows nothing of the lab.
type Code struct {
	Package string   // that the test is in
	Imports []string // besides testing, and sync for what runs together
	Decls   []string // declarations above the test
	Setup   []string // statements that make the component
	Calls   []string // a statement for each operation
}

// Time is the operation with which every kind begins: the clock moves.
var Time = Operation{Name: "+", Params: []Param{{Name: "time", Form: Duration, Min: 1, Max: int64(MaxMove)}}, Scene: 1,
	Beside: 1}

// Advance is the verb of Time.
const Advance Verb = 0

// MaxMove bounds one move of the clock, and every other duration in an operation.
const MaxMove = 100 * time.Hour

// MaxEpoch bounds when a program may begin, before and after 1970.
const MaxEpoch = 200 * 365 * 24 * time.Hour

// Op returns the operation of that name, and whether the kind has one.
func (k *Kind) Op(name string) (Verb, bool) {
	i := slices.IndexFunc(k.Ops, func(o Operation) bool { return o.Name == name })
	return Verb(max(i, 0)), i >= 0
}

// Has reports whether the kind has a notice or an operation of that verb.
func (k *Kind) Has(v Verb) bool { return int(v) < len(k.Ops) }

// IsCall reports whether a lane makes the operation.
func (k *Kind) IsCall(o Op) bool { return k.Has(o.Verb) && k.Ops[o.Verb].Lane }

// Ends reports whether an operation is one that ends the component.
func (k *Kind) Ends(v Verb) bool { return k.Has(v) && k.Ops[v].Ends }

// IsOver reports whether a component is used after its end if it is used after an operation.
func (k *Kind) IsOver(v Verb) bool { return k.Ends(v) || k.Has(v) && k.Ops[v].Over }

// IsAnswered reports whether an event is that of a call, rather than a notice.
func (k *Kind) IsAnswered(e Event) bool { return k.Has(e.Verb) && k.Ops[e.Verb].Lane }
