package lab

import (
	"slices"

	"batchlab/sim/program"
)

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
