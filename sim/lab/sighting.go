package lab

import (
	"slices"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// Sighting is a violation that an exploration met.
type Sighting struct {
	Violation *oracle.Violation
	Specified bool
	Allowed   bool               // see oracle.Verdict
	Excused   bool               // it is known, or nobody's failure
	At        int                // which schedule showed it, from 1
	Schedule  []program.Decision // and its decisions
}

// Like is what tells apart sightings of one law: what the specification has or allows as well
// does not hide what is the subject's own.
type Like struct {
	Law                kind.LawID
	Specified, Allowed bool
}

// Like is the sighting's.
func (f *Sighting) Like() Like { return Like{f.Violation.Law, f.Specified, f.Allowed} }

// Outcome is one thing that may be observed of a program: a canonical history.
type Outcome struct {
	Digest   string
	Lines    []string
	Count    int                // how many schedules led to it
	Deep     bool               `json:",omitempty"` // none of these is of a search with a bound
	Schedule []program.Decision // the first of them
}

// Find returns the sighting of a law, nil if there is none.
func (e *Exploration) Find(law kind.LawID) *Sighting {
	for i := range e.Finds {
		if e.Finds[i].Violation.Law == law {
			return &e.Finds[i]
		}
	}
	return nil
}

// like returns the sighting that is like another, nil if there is none.
func (e *Exploration) like(other Like) *Sighting {
	for i := range e.Finds {
		if e.Finds[i].Like() == other {
			return &e.Finds[i]
		}
	}
	return nil
}

// find keeps the first sighting of each Like.
func (e *Exploration) find(v oracle.Verdict, x engine.WovenRun) {
	f := Sighting{Violation: v.Violation, Specified: v.Specified, Allowed: v.Allowed, At: e.Schedules}
	if e.like(f.Like()) != nil {
		return
	}
	f.Schedule = x.Schedule()
	if e.Finds = append(e.Finds, f); len(e.Finds) == 1 {
		e.Sighting = f
	}
}

// News lists what a program does not expect. Of one cause the answers are wrong in many ways,
// and each may have the name of another law: so beside a fault that is expected, and shows, or may
// in what was not searched, only that is news which the lab sees for itself, such as a goroutine
// left behind; and what the subject does to the same law in another way than the specification,
// or than is excused.
func (e *Exploration) News(p *program.Program) []Sighting {
	want := expected(p, e.Subject, e.Violation, e.Specified)
	specifies := slices.ContainsFunc(e.Finds, func(f Sighting) bool { return f.Specified && f.Violation.Law == want })
	old := func(f Sighting) bool {
		return f.Excused || f.Violation.Law == want && (f.Specified || !specifies)
	}
	shows := slices.ContainsFunc(e.Finds, old) || want != "" && !e.Complete && e.Search.Strategy != Replaying
	var list []Sighting
	for i, f := range e.Finds {
		alike := func(o Sighting) bool { return old(o) && o.Violation.Law == f.Violation.Law }
		switch {
		case old(f), i > 0 && f.Specified:
		case want == "" && !shows, isSight(p.Kind, f.Violation.Law), !shows && i == 0, slices.ContainsFunc(e.Finds, alike):
			list = append(list, f)
		}
	}
	return list
}
