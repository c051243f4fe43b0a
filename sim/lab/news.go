package lab

import (
	"slices"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// expected is the law that a program says the subject breaks, or "". A fault of the
// specification is everybody's, named or not.
func (e *Exploration) expected(p *program.Program) kind.LawID {
	_, name, _ := strings.Cut(e.Subject, "/")
	want := expected(p, name)
	if want != "" || !e.Specified {
		return want
	}
	if slices.ContainsFunc(p.Expect, func(x program.Expect) bool { return x.Law == string(e.Violation.Law) }) {
		return e.Violation.Law
	}
	return ""
}

// News lists what a program does not expect, a law once. Of one cause the answers are wrong
// in many ways, and each may have the name of another law: so beside a fault that is
// expected, and shows, only that is news which the lab sees for itself, such as a goroutine
// left behind.
func (e *Exploration) News(p *program.Program) []Sighting {
	want := e.expected(p)
	shows := want != "" && e.Find(want) != nil
	var list []Sighting
	for i, f := range e.Finds {
		law := f.Violation.Law
		switch {
		case law == want, i > 0 && f.Specified:
		case want == "", isSight(p.Kind, law), !shows && i == 0:
			list = append(list, f)
		}
	}
	return list
}
