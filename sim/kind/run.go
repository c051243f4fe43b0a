package kind

import (
	"math"
	"slices"
	"time"
)

// Run is what happened when a program ran on a subject, in the order in which it
// happened. Its events tell what a client can observe; where operations ran together a
// judge must know besides which of them overlapped. Times of happening are positions in
// one global count.
type Run struct {
	Kind   *Kind `json:"-"`
	Config Config
	Ops    []Op // the program's, then those of its End; marked where they ran together
	Traits Traits
	// Stamped says that the events of a group carry the time of its end: when in between a
	// goroutine looks at the clock is a schedule's choice.
	Stamped bool

	Events []Event   // in order of happening; a call's event stands where it returned. Canonical if Began is nil
	Began  []int64   // of each event: when its call began; its end for what is no call
	Ended  []int64   // of each event: when it was seen, that is, when its call returned
	Clock  []Instant // where the clock moved, ascending
}

// Traits is what a judge has to know of a subject.
type Traits struct {
	Title  string // kind/name
	Waives []LawID
	// LawsOnly says that the subject is not meant to be what the kind's model says.
	LawsOnly bool
}

// Instant is a move of the clock.
type Instant struct {
	Seq  int64         // when it happened
	Over int64         // when all that followed at once was over, NoSeq if that never was
	At   time.Duration // what it was set to: virtual time since the program began
}

// Never is a time that does not come, and NoSeq a moment that does not.
const (
	Never = time.Duration(math.MaxInt64)
	NoSeq = int64(1)<<62 - 1
)

// Part is a group of operations: from Step to Last, and the virtual time at which it
// begins and ends.
type Part struct {
	Ops        []Op
	Step, Last int
	From, To   time.Duration
}

// Parts cuts operations into their groups, act 2 included.
func Parts(ops []Op) []Part {
	list := make([]Part, 0, len(ops))
	next := Part{Step: 1}
	for len(ops) > 0 {
		n := grouped(ops)
		next.Ops, next.Last = ops[:n:n], next.Step+n-1
		for _, o := range next.Ops {
			next.To += o.Moved()
		}
		list = append(list, next)
		next.Step, next.From = next.Last+1, next.To
		ops = ops[n:]
	}
	return list
}

// Fatal is the step in which the run ended before its program did.
func (r *Run) Fatal() int {
	for i := range r.Events {
		if v := r.Events[i].Verb; v == Hung || v == Crash {
			return r.Events[i].Step
		}
	}
	return math.MaxInt
}

// FirstGroup is the first step at which operations run together, which is a choice; 0 if there is none.
func (r *Run) FirstGroup() int {
	return max(slices.IndexFunc(r.Ops, func(o Op) bool { return o.And }), 0)
}

// Fault reports what is wrong with the run itself, which is the lab's mistake.
func (r *Run) Fault() string {
	if r.Began == nil && !r.Stamped {
		return ""
	}
	if len(r.Began) != len(r.Events) || len(r.Ended) != len(r.Events) {
		return "a run has one beginning and one end for each event"
	}
	for i := range r.Events {
		switch {
		case r.Began[i] > r.Ended[i]:
			return "an event of a run ends before it begins"
		case i > 0 && r.Ended[i] < r.Ended[i-1]:
			return "the events of a run are not in order"
		}
	}
	for i := range r.Clock {
		if i > 0 && (r.Clock[i].Seq <= r.Clock[i-1].Seq || r.Clock[i].At < r.Clock[i-1].At) {
			return "the clock of a run goes back"
		}
	}
	return ""
}

// History returns the events step by step, each step in canonical order.
func (r *Run) History() []Event {
	if r.Began == nil && !r.Stamped {
		return r.Events
	}
	list := slices.Clone(r.Events)
	slices.SortStableFunc(list, func(a, b Event) int {
		if a.Step != b.Step {
			return a.Step - b.Step
		}
		return a.Compare(&b)
	})
	return list
}

// Breach is the first thing wrong with a run.
type Breach struct {
	Law  LawID
	At   int    // which event of the history it is; their number if it is what is missing at the end
	Of   int    // of what is missing: the event that it should follow, from 1; 0: none
	Step int    // 0: that of the event
	Want string // what should be there; "": the law's text
	Got  string // "": the event
	More string // what to say behind it
	// Ordered says that the law is about the order of calls, of which a model that follows a run
	// step by step knows nothing.
	Ordered bool
}

// Followed is how far a specification could follow a run.
type Followed struct {
	Breach   *Breach // nil if it allows the run
	Branched int     // the first step at which it had a choice, 0 if it never had
	Err      error   // the run is more than it can follow
	// Knows reports whether the specification has an opinion of a law: a law that is broken
	// in a run that it allows is then the specification's own fault. Nil: it has of none.
	Knows func(law LawID) bool
	// Whole says that each step is one that the specification can do. A law about the order of
	// calls may be broken all the same.
	Whole bool
}

// LabError is a fault of the lab or of its input: a bad program, a subject that
// cannot be built, a run that does not repeat. It never counts as a find.
type LabError struct {
	Msg  string
	Wild bool // the program is more than a judge can follow, or the scheduler can take
}

func (e *LabError) Error() string { return "batchlab: " + e.Msg }
