package oracle

import (
	"fmt"
	"io"
)

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
