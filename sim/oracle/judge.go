// Package oracle says what is wrong with a run. It knows the laws of everything; the laws
// of a kind and the specification behind it are the kind's, and are asked.
//
// Each of these words has one meaning here and in what is built on it:
//
//	judge    say what is wrong with one run: a verdict, with a violation or none
//	audit    look for a breach of the laws, knowing nothing but what they say
//	follow   let a model take the same steps as a run, up to the first that it cannot take
//	explain  say of a step that a model cannot take what it would have had there
//	refute   find that a reference has no outcome like that of a run
//	waive    leave a law out that a subject does not promise
//	check    run a program on several subjects, judge each run, and compare them (package lab)
//
// It refuses to run anything, and to judge by what one subject did what another may do.
package oracle

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	"batchlab/sim/history"
	"batchlab/sim/kind"
)

// Verdict is what the lab has to say of one run.
type Verdict struct {
	Subject   string
	Violation *Violation // nil if no law was seen broken
	// Specified says that the specification itself has the fault: the history is
	// exactly what the model allows, and breaks the law all the same. That is how
	// a quirk of the original looks.
	Specified bool
	// Allowed says that each step is one that the specification can do. A law about the order of
	// calls may be broken all the same.
	Allowed bool
	// Branched is the first step at which the specification had a choice, 0 if it never
	// had: then there is one right history, and its digest is the same everywhere.
	Branched int
}

// Violation is the first thing wrong with a run.
type Violation struct {
	Law     kind.LawID
	Text    string // of the law
	Subject string // kind/name
	Step    int
	Want    string   // the line that the specification has there, or the law's text
	Got     string   // the line that was observed, or "nothing"
	Before  []string // up to five lines before it
	Detail  string   // stacks of a hang, the text of a crash
	Call    string   // whose it is, or what happens besides calls; "" if something is missing
	Always  bool     // every outcome that was seen of the reference has what is wanted
}

// Cause is how a law is broken: where in the program, and by which call, whatever it answered.
// Two subjects that break a law at one cause have one fault.
type Cause struct {
	Law  kind.LawID
	Step int
	Call string
}

// Cause is the violation's.
func (v *Violation) Cause() Cause { return Cause{v.Law, v.Step, v.Call} }

func (v *Violation) Error() string {
	return fmt.Sprintf("%s in %s at step %d: want %s, got %s", v.Law, v.Subject, v.Step, v.Want, v.Got)
}

// judging is true while a run is judged: then nothing hangs, for judgements have limits.
var judging atomic.Bool

// Judging reports whether some run is being judged, which ends by limits of its own.
func Judging() bool { return judging.Load() }

// Judge judges a run: by the specification, from which a subject is exempt that answers to
// the laws only, and by the laws. The earlier find is reported. Of two at one step the law
// is, for its name says more than a difference does.
//
// It must not be called in a bubble: a search that takes too long is given up after some
// real time. The error is a *kind.LabError, Wild if the run is more than can be followed.
func Judge(r *kind.Run) (Verdict, error) {
	judging.Store(true)
	defer judging.Store(false)
	v := Verdict{Subject: r.Traits.Title}
	if msg := r.Fault(); msg != "" {
		return v, &kind.LabError{Msg: msg}
	}
	h := history.Of(r)
	law := audit(r, h.Events)
	v.Violation = violation(h, law)
	if r.Traits.LawsOnly || r.Kind.Model == nil {
		if r.Stamped {
			v.Branched = r.FirstGroup()
		}
		return v, nil
	}
	kept := promised(r)
	f := r.Kind.Model(kept)
	v.Branched, v.Allowed = f.Branched, f.Whole && f.Breach == nil
	var le *kind.LabError
	switch {
	case errors.As(f.Err, &le): // the run is none
		return v, le
	case f.Err != nil && law == nil:
		return v, &kind.LabError{Msg: f.Err.Error(), Wild: true}
	case f.Err != nil: // the laws do not need the specification
	case f.Breach == nil:
		v.Specified = law != nil && !law.Ordered && f.Knows != nil && f.Knows(law.Law)
	case r.Traits.Waived(f.Breach.Law): // what comes after that no model knows
	case law == nil || f.Breach.Step < law.Step:
		v.Violation = violation(history.Of(kept), f.Breach)
	case law.Step == f.Breach.Step && !r.Stamped: // the lines that differ show more than the law's text
		m := violation(history.Of(kept), f.Breach)
		v.Violation.Want, v.Violation.Got, v.Violation.Before = m.Want, m.Got, m.Before
	}
	return v, nil
}

// audit returns the first breach of the laws of the kind and of everything. Of two at one
// event that of the kind says more.
func audit(r *kind.Run, h []kind.Event) *kind.Breach {
	var own *kind.Breach
	if r.Kind.Audit != nil {
		own = r.Kind.Audit(r)
	}
	all := laws(r, h)
	switch {
	case own == nil:
		return all
	case all == nil || own.Step < all.Step || own.Step == all.Step && own.At <= all.At:
		return own
	}
	return all
}

// promised is a run without what the lab saw that the subject need not promise: no model
// does that, and none has to explain it.
func promised(r *kind.Run) *kind.Run {
	waived := func(e kind.Event) bool { return r.Traits.Waived(r.Kind.Sight(e.Verb)) }
	if len(r.Traits.Waives) == 0 || !slices.ContainsFunc(r.Events, waived) {
		return r
	}
	c := *r
	c.Events, c.Began, c.Ended = nil, nil, nil
	for i, e := range r.Events {
		if !waived(e) {
			c.Events = append(c.Events, e)
			if r.Began != nil {
				c.Began, c.Ended = append(c.Began, r.Began[i]), append(c.Ended, r.Ended[i])
			}
		}
	}
	return &c
}

func violation(h history.History, b *kind.Breach) *Violation {
	if b == nil {
		return nil
	}
	const context = 5
	l, _ := h.Kind.Law(b.Law)
	v := &Violation{Law: b.Law, Text: l.Text, Subject: h.Subject, Step: b.Step,
		Want: cmp.Or(b.Want, l.Text), Got: b.Got}
	if v.Got == "" {
		v.Got = h.Line(b.At)
	}
	v.Got += b.More
	of := b.At
	if b.Of > 0 {
		of = b.Of - 1
	}
	if of < len(h.Events) {
		v.Call = h.Kind.Cause(h.Events[of])
	}
	for _, e := range h.Events[max(0, b.At-context):max(0, min(b.At, len(h.Events)))] {
		v.Before = append(v.Before, h.Kind.Trimmed(e))
	}
	return v
}

// Agrees reports whether a second history of a program agrees with the first, as far
// as there is only one right history. Where the specification had a choice and nothing is
// wrong, the subject may choose again.
func (v Verdict) Agrees(h, again history.History) bool {
	if v.Violation == nil || v.Specified {
		return history.Same(v.stable(h), v.stable(again))
	}
	upTo := min(v.Violation.Step, max(v.Branched-1, 0))
	if v.Branched == 0 {
		upTo = v.Violation.Step
	}
	return history.Same(h.Until(upTo), again.Until(upTo))
}

// Stable is the digest of that part of a history of which the specification has just one.
func (v Verdict) Stable(h history.History) string { return v.stable(h).Digest() }

func (v Verdict) stable(h history.History) history.History {
	if v.Branched == 0 {
		return h
	}
	return h.Until(v.Branched - 1)
}

// Write prints a violation as a person needs it: what broke and where, the lines
// before it, the program as a seed to paste, and last the command that shows it
// again.
func (v *Violation) Write(w io.Writer, p fmt.Stringer, command string) {
	fmt.Fprintf(w, "violation %s in %s, step %d\n  %s\n\n", v.Law, v.Subject, v.Step, v.Text)
	for _, line := range v.Before {
		fmt.Fprintf(w, "    %s\n", line)
	}
	fmt.Fprintf(w, "  got  %s\n  want %s\n", v.Got, v.Want)
	if v.Detail != "" {
		fmt.Fprintf(w, "  %s\n", v.Detail)
	}
	fmt.Fprintf(w, "\nThe program:\n\n%s\nShow it again:\n\n    %s\n", p, command)
}
