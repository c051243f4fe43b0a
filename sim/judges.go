package sim

import (
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/program"
	"batchlab/sim/subject"
	"batchlab/sim/weave/rt"
)

// judges is who judges what a subject does of one program, schedule by schedule: the model,
// or of a subject that answers to the laws only the reference that it is to itself; and
// the laws.
type judges struct {
	p       *program.Program
	s       subject.Subject
	ref     reference // nil if there is none
	lanes   []byte
	refuted bool // the reference has shown once that something is wrong
	beyond  int  // outcomes that the reference does not have, as far as it was searched
}

// newJudges returns the judges of a program. Nobody may be left without one: what is
// judged by nothing passes whatever it does. They are to judge so many schedules;
// alive is told of each that a reference takes, and says whether to go on.
func newJudges(p *program.Program, s subject.Subject, schedules int, alive func() bool) (*judges, error) {
	j := &judges{p: p, s: s, lanes: lanesOf(p)}
	if s.LawsOnly {
		if ref := newItself(p, s, schedules, alive); !s.Waived(ref.law()) {
			j.ref = ref
		}
	}
	return j, j.some()
}

// some is an error if there is nobody to judge.
func (j *judges) some() error {
	if j.ref == nil && len(j.laws()) == 0 {
		return &LabError{Msg: fmt.Sprintf("nothing judges %s: it waives every law that there is to check", Title(j.s))}
	}
	return nil
}

// laws lists the laws that are checked and that the subject has not waived.
func (j *judges) laws() []subject.Law {
	var list []subject.Law
	for _, g := range subject.Guarantees {
		if slices.Contains(g.Kinds, j.s.Kind) && j.checks(g.Law) && !j.s.Waived(g.Law) {
			list = append(list, g.Law)
		}
	}
	return list
}

// checks reports whether somebody looks for a breach of a law. The model knows all of
// them; without it those are left that need no other knowledge.
func (j *judges) checks(law subject.Law) bool {
	switch {
	case law == subject.NoRace:
		return rt.RaceEnabled
	case !j.s.LawsOnly:
		return true
	}
	switch law {
	case subject.SameHistory, subject.Linearizable, subject.Backpressure, subject.TriggerLaw, subject.TimerPhase:
		return false
	case subject.Lifetime, subject.Expiry, subject.CountLaw, subject.DeleteLaw, subject.ClosedMap:
		return !j.p.Concurrent() // an entry's fate depends on the order of the calls
	}
	return true
}

// key tells apart the traces that the judges can.
func (j *judges) key(x explored) uint64 {
	if j.ref != nil {
		return x.orderKey()
	}
	return x.key()
}

// hold keeps what is valid until the next run, if the judges may have runs of their own.
func (j *judges) hold(x explored) explored {
	if j.ref != nil {
		x.log = slices.Clone(x.log)
	}
	return x
}

// verdicts judges a trace: none if nothing is wrong, and else one for each cause. Of what
// was answered the first wrong line is one cause, for what comes after may follow from
// it. What the lab sees for itself, such as a goroutine left behind, is another, and does
// not hide the first.
func (j *judges) verdicts(x explored) ([]Verdict, error) {
	v, err := judge(j.p, j.s, x.Trace)
	if err != nil {
		return nil, err
	}
	list := sighted(j.s, x.Trace)
	late := 0 // a sight that stands first stays there
	if v.Violation != nil && isSight(v.Violation.Law) {
		late = v.Violation.Step
		if v, err = judge(j.p, without(j.s, sights), x.Trace); wild(err) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
	}
	if v.Violation == nil {
		if v.Violation, err = j.refute(x); v.Violation == nil {
			return list, err
		}
	}
	i := slices.IndexFunc(list, func(o Verdict) bool {
		return o.Violation.Step >= v.Violation.Step && o.Violation.Step > late
	})
	if i < 0 {
		i = len(list)
	}
	return slices.Insert(list, i, v), nil
}

// without is a subject that waives some laws more.
func without(s subject.Subject, laws []subject.Law) subject.Subject {
	s.Waives = append(slices.Clone(s.Waives), laws...)
	return s
}

// refute asks the reference about a trace in which no law is seen broken.
func (j *judges) refute(x explored) (*Violation, error) {
	if j.ref == nil || j.refuted || !x.ended() {
		return nil, nil
	}
	o := observe(x, j.lanes, Title(j.s))
	a, err := j.ref.shows(o)
	switch {
	case err != nil || a.shown:
		return nil, err
	case !a.whole:
		j.beyond++
		return nil, nil
	}
	j.refuted = true
	return refuted(o, a, j.ref, Title(j.s)), nil
}

// refuted is the violation that an outcome is which the reference does not have.
func refuted(o observed, a answer, ref reference, title string) *Violation {
	h := History{Subject: title, Events: o.events}
	i := agree(o.events, a.nearest)
	if i == len(o.events) && i == len(a.nearest) { // the answers are right, and come in the wrong order
		v := mismatchAt(h, i, "the same, in an order that agrees with which call ended before which began", ref.law())
		v.Got = "a call that does not see what was done before it began"
		return v
	}
	want := "nothing"
	if i < len(a.nearest) {
		want = trimmed(a.nearest[i])
	}
	v := mismatchAt(h, i, want+", or another outcome of "+ref.name(), ref.law())
	v.Got += ", and no order of the calls, one at a time, leads to that"
	return v
}

// sights are the laws that the lab sees broken for itself.
var sights = []subject.Law{subject.Leak, subject.NoRace, subject.SliceLease}

func isSight(law subject.Law) bool { return slices.Contains(sights, law) }

// sighted lists what the lab saw for itself, a verdict for each law.
func sighted(s subject.Subject, t Trace) []Verdict {
	if !slices.ContainsFunc(t.Events, func(e subject.Event) bool { return sightLaw(e.Verb) != "" }) {
		return nil
	}
	var list []Verdict
	h := t.History(Title(s))
	for i, e := range h.Events {
		law := sightLaw(e.Verb)
		if law == "" || s.Waived(law) || slices.ContainsFunc(list, func(v Verdict) bool { return v.Violation.Law == law }) {
			continue
		}
		list = append(list, Verdict{Subject: h.Subject, Violation: mismatchAt(h, i, law.Text(), law)})
	}
	return list
}

// String says by what a trace is judged, so that a pass says what it means.
func (j *judges) String() string {
	var by []string
	if j.ref != nil {
		by = append(by, "against "+j.ref.name()+",")
	} else if !j.s.LawsOnly {
		by = append(by, "by model and laws")
	}
	if laws := j.laws(); j.s.LawsOnly && len(laws) > 0 {
		only := ""
		if j.ref == nil {
			only = " only"
		}
		by = append(by, "by the laws "+short(laws)+only)
	}
	text := "judged " + strings.TrimSuffix(strings.Join(by, " and "), ",")
	if j.s.Lingers || len(j.s.Waives) > 0 {
		waived := slices.Clone(j.s.Waives)
		if j.s.Lingers && !slices.Contains(waived, subject.Leak) {
			waived = append(waived, subject.Leak)
		}
		text += ", waived " + short(waived)
	}
	return text
}

// short lists laws by their numbers.
func short(laws []subject.Law) string {
	var list []string
	for _, law := range laws {
		id, _, _ := strings.Cut(string(law), "-")
		list = append(list, id)
	}
	return strings.Join(list, " ")
}
