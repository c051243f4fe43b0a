package lab

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// judges is who judges what a subject does of one program, schedule by schedule: the model,
// or of a subject that answers to the laws only the reference that it is to itself; and
// the laws.
type judges struct {
	p       *program.Program
	s       kind.Subject
	ref     oracle.Reference // nil if there is none
	first   *original        // what this breaks as well is the specification's fault; nil: nobody
	lanes   []byte
	after   map[kind.LawID]bool // laws that it breaks when it is used after its end, as far as that was asked
	refuted bool                // the reference has shown once that something is wrong
	meant   map[string]bool     // panics of the runtime that calls have if all is quiet before each; nil: nobody has asked
	blind   bool                // that took too many runs to tell
	poison  int                 // how many wait at most where no callback panics, and one more; 0: nobody has asked
	quiet   int                 // how many calls wait if all is quiet before each, and one more; 0: nobody has asked
	beyond  int                 // outcomes that the reference does not have, as far as it was searched
}

// newJudges returns the judges of a program. Nobody may be left without one: what is
// judged by nothing passes whatever it does. They are to judge so many schedules;
// alive is told of each that a reference takes, and says whether to go on. Of a subject
// without an original it may be another, beside, whose faults are the specification's.
func newJudges(p *program.Program, s kind.Subject, beside *kind.Subject, schedules int,
	alive func() bool) (*judges, error) {
	j := &judges{p: p, s: s, lanes: oracle.Lanes(p.Ops)}
	if first := cmp.Or(s.Original, beside); first != nil && first.Title() != s.Title() {
		j.first = newOriginal(p, s, *first, alive)
		j.first.left = min(mostOriginal, perSchedule*schedules)
	}
	switch {
	case s.Original != nil && s.Original.OneAtATime:
		j.ref = newItself(p, *s.Original, schedules, alive)
	case s.Original != nil:
		j.ref = j.first
	case s.Traits().LawsOnly:
		j.ref = newItself(p, s, schedules, alive)
	}
	if j.ref != nil && s.Traits().Waived(j.ref.Law()) {
		j.ref = nil
	}
	return j, j.some()
}

// some is an error if there is nobody to judge.
func (j *judges) some() error {
	if j.ref == nil && len(j.laws()) == 0 {
		return &kind.LabError{Msg: fmt.Sprintf("nothing judges %s: it waives every law that there is to check", j.s.Title())}
	}
	return nil
}

// own reports whether there is no original that says what becomes of a component after its end.
func (j *judges) own() bool {
	return j.s.Kind.Patient && (j.s.Original == nil || j.s.Original.OneAtATime)
}

// laws lists the laws that are checked and that the subject has not waived.
func (j *judges) laws() []kind.LawID {
	var list []kind.LawID
	for _, l := range j.s.Kind.AllLaws() {
		if j.judged(l) && !j.s.Traits().Waived(l.ID) {
			list = append(list, l.ID)
		}
	}
	return list
}

// judged reports whether somebody looks for a breach of a law. The model knows all of
// them; without it those are left that need no other knowledge.
func (j *judges) judged(law kind.Law) bool {
	switch {
	case law.ID == kind.NoRace:
		return rt.RaceEnabled
	case law.ID == j.s.Kind.Wakes:
		return j.own()
	case !j.s.Traits().LawsOnly:
		return true
	case law.Alone: // the order of the calls decides
		return !j.p.Concurrent()
	}
	return !law.ByModel
}

// key tells apart the traces that the judges can.
func (j *judges) key(x engine.WovenRun) uint64 {
	if j.ref != nil {
		return oracle.OrderKey(&x.Run)
	}
	return oracle.Key(&x.Run)
}

// hold keeps what is valid until the next run, if the judges may have runs of their own.
func (j *judges) hold(x engine.WovenRun) engine.WovenRun {
	if j.ref != nil || j.first != nil {
		x.Hold()
	}
	return x
}

// verdicts judges a trace: none if nothing is wrong, and else one for each cause. Of what
// was answered the first wrong line is one cause, for what comes after may follow from
// it. What the lab sees for itself, such as a goroutine left behind, is another, and does
// not hide the first.
func (j *judges) verdicts(x engine.WovenRun) ([]oracle.Verdict, error) {
	if j.own() && oracle.OnlyAfterEnd(&x.Run) {
		x.Traits.Waives = slices.Concat(x.Traits.Waives, []kind.LawID{kind.Leak, kind.Progress})
	}
	if j.s.Kind.Patient && oracle.EndSkipped(&x.Run) {
		x.Traits.Waives = slices.Concat(x.Traits.Waives, []kind.LawID{kind.Leak})
	}
	if itself, ok := j.ref.(*itself); ok && j.own() && spun(&x.Run) {
		if as, err := itself.spins(oracle.Observe(&x.Run, j.lanes)); as || err != nil {
			j.beyond++ // what would have come of it nobody has seen
			return nil, err
		}
	}
	v, err := oracle.Judge(&x.Run)
	if err != nil {
		return nil, err
	}
	list := oracle.Sighted(&x.Run)
	late := 0 // a sight that stands first stays there
	if v.Violation != nil && isSight(j.s.Kind, v.Violation.Law) {
		late = v.Violation.Step
		if v, err = oracle.Judge(without(&x.Run)); wild(err) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
	}
	if v.Violation == nil {
		if v.Violation, err = j.refute(x); v.Violation == nil && err == nil {
			if v.Violation, err = j.clash(&x.Run); v.Violation == nil && err == nil {
				if v.Violation, err = j.forgotten(x); v.Violation == nil && err == nil {
					v.Violation, err = j.poisoned(&x.Run)
				}
			}
		}
		if v.Violation == nil || err != nil {
			return j.shared(list, err)
		}
	}
	i := slices.IndexFunc(list, func(o oracle.Verdict) bool {
		return o.Violation.Step >= v.Violation.Step && o.Violation.Step > late
	})
	if i < 0 {
		i = len(list)
	}
	return j.shared(slices.Insert(list, i, v), nil)
}

// shared says of verdicts which of the laws the original breaks in this program as well, at the
// same cause: that is the specification's fault, and not the component's. What else the
// component does to that law is its own.
func (j *judges) shared(list []oracle.Verdict, err error) ([]oracle.Verdict, error) {
	if err != nil {
		return list, err
	}
	if err := j.excuse(list); err != nil {
		return nil, err
	}
	if j.first == nil {
		return list, nil
	}
	for i := range list {
		v := &list[i]
		refuted := j.s.Original != nil && v.Violation.Law == j.first.Law()
		if v.Specified || refuted {
			continue
		}
		if v.Specified, err = j.first.breaks(v.Violation.Cause()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// without is a run in which nothing counts that the lab sees for itself.
func without(r *kind.Run) *kind.Run {
	c := *r
	c.Traits.Waives = slices.Concat(r.Traits.Waives, r.Kind.Sights())
	return &c
}

func isSight(k *kind.Kind, law kind.LawID) bool { return slices.Contains(k.Sights(), law) }

// spun reports whether the run was stopped since somebody spins.
func spun(r *kind.Run) bool {
	return slices.ContainsFunc(r.Events, func(e kind.Event) bool {
		return e.Verb == kind.Hung && strings.HasPrefix(e.Note, engine.Busy)
	})
}

// ended reports whether the run came to the end of its program.
func ended(r *kind.Run) bool { return r.Fatal() == math.MaxInt }

// refute asks the reference about a trace in which no law is seen broken.
func (j *judges) refute(x engine.WovenRun) (*oracle.Violation, error) {
	if j.ref == nil || j.refuted || !ended(&x.Run) {
		return nil, nil
	}
	o := oracle.Observe(&x.Run, j.lanes)
	a, err := j.ref.Shows(o)
	switch {
	case err != nil || a.Shown:
		return nil, err
	case !a.Whole:
		j.beyond++
		return nil, nil
	case j.s.Kind.Untimely != nil && j.s.Kind.Untimely(&x.Run):
		return nil, nil
	}
	j.refuted = true
	return oracle.Refuted(&x.Run, o, a, j.ref), nil
}

// String says by what a trace is judged, so that a pass says what it means.
func (j *judges) String() string {
	var by []string
	if j.ref != nil {
		by = append(by, "against "+j.ref.Name()+",")
	} else if !j.s.Traits().LawsOnly {
		by = append(by, "by model and laws")
	}
	if laws := j.laws(); j.s.Traits().LawsOnly && len(laws) > 0 {
		only := ""
		if j.ref == nil {
			only = " only"
		}
		by = append(by, "by the laws "+short(laws)+only)
	}
	text := "judged " + strings.TrimSuffix(strings.Join(by, " and "), ",")
	if len(j.s.Waives) > 0 {
		text += ", waived " + short(j.s.Waives)
	}
	return text
}

// short lists laws by their numbers.
func short(laws []kind.LawID) string {
	var list []string
	for _, law := range laws {
		id, _, _ := strings.Cut(string(law), "-")
		list = append(list, id)
	}
	return strings.Join(list, " ")
}

// JudgedBy says who judges what a subject does of programs whose operations follow one
// another. It is an error if nobody does.
func JudgedBy(s kind.Subject) (string, error) {
	by := judges{p: &program.Program{Kind: s.Kind}, s: s}
	if s.Original != nil && !s.Traits().Waived(kind.SameHistory) {
		by.ref = newOriginal(by.p, s, *s.Original, nil)
	}
	return by.String(), by.some()
}
