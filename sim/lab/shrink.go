package lab

import (
	"context"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// shrinkBudget is how many programs a shrink may try.
const shrinkBudget = 10_000

// Shrink simplifies a program that breaks a law in a subject, keeping to that law, to that
// subject, and to whether the specification has the fault itself, and returns it with its
// violation. If the program breaks another law this time, it keeps to that one; if none, the
// program is returned as it is. When the context ends, so does the shrinking, with the
// simplest program so far.
func (l *Lab) Shrink(
	ctx context.Context, p *program.Program, s kind.Subject, law kind.LawID,
) (*program.Program, *oracle.Violation, error) {
	return l.shrink(ctx, p, s, law, nil)
}

// shrink is Shrink that may be told whether the fault is the specification's; if it is not,
// the first time that the law is seen broken decides. A fault of the subject's own must not
// turn into one that everybody has.
func (l *Lab) shrink(
	ctx context.Context, p *program.Program, s kind.Subject, law kind.LawID, specified *bool,
) (*program.Program, *oracle.Violation, error) {
	// Where the specification leaves a choice, the subject may choose otherwise the
	// next time, and the fault may not show. A program that was seen to break the law
	// gets many chances, one that is only tried gets few.
	const seen, tried = 100, 5
	same := func(v oracle.Verdict) bool {
		if v.Violation == nil || v.Violation.Law != law {
			return false
		}
		if specified == nil {
			specified = &v.Specified
		}
		return v.Specified == *specified
	}
	breaksIn := func(q *program.Program, chances int) bool {
		for range chances {
			if ctx.Err() != nil {
				return false
			}
			_, v, err := l.Try(q, s)
			if err != nil || same(v) {
				return err == nil
			}
			if v.Branched == 0 {
				return false
			}
		}
		return false
	}
	breaks := func(q *program.Program) bool { return breaksIn(q, tried) }
	best := p.Bare()
	if !breaksIn(best, seen) && ctx.Err() == nil {
		_, v, err := l.Try(best, s)
		if err != nil || v.Violation == nil {
			return best, v.Violation, err
		}
		law, specified = v.Violation.Law, &v.Specified // of a subject that breaks several by chance, the one seen now
	}
	best = program.Shrink(best, breaks, shrinkBudget)
	for range seen {
		_, v, err := l.Try(best, s)
		if err != nil || v.Violation != nil {
			return best, v.Violation, err
		}
	}
	return best, nil, nil
}
