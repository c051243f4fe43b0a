package sim

import (
	"fmt"

	"batchlab/sim/subject"
)

// LabError is a fault of the lab or of its input: a bad program, a subject that
// cannot be built, a run that does not repeat. It never counts as a find.
type LabError struct {
	Msg  string
	Wild bool // the program is more than the model can follow
}

func (e *LabError) Error() string { return "batchlab: " + e.Msg }

// Violation is the first thing wrong with a history.
type Violation struct {
	Law     subject.Law
	Subject string // kind/name
	Step    int
	Want    string   // the line that the specification has there, or the law's text
	Got     string   // the line that was observed, or "nothing"
	Before  []string // up to five lines before it
	Detail  string   // stacks of a hang, the text of a crash
}

func (v *Violation) Error() string {
	return fmt.Sprintf("%s in %s at step %d: want %s, got %s", v.Law, v.Subject, v.Step, v.Want, v.Got)
}
