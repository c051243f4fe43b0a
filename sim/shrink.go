package sim

import (
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// shrinkBudget is how many programs a shrink may try.
const shrinkBudget = 10_000

// Shrink simplifies a program that breaks a law in a subject, keeping to that law
// and that subject, and returns it with its violation. If the program does not break
// the law, it is returned as it is, with what it does break.
func (l *Lab) Shrink(p *program.Program, s subject.Subject, law subject.Law) (*program.Program, *Violation, error) {
	breaks := func(q *program.Program) bool {
		_, v, err := l.Try(q, s)
		return err == nil && v.Violation != nil && v.Violation.Law == law
	}
	best := p.Bare()
	if breaks(best) {
		best = program.Shrink(best, breaks, shrinkBudget)
	}
	_, v, err := l.Try(best, s)
	return best, v.Violation, err
}
