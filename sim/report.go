package sim

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/twin"
	"batchlab/sim/view"
)

// report is a find on one screen: what is wrong in a line, who called what and what came of it,
// who was let in where, and how to see it again.
func (c *checker) report(p *program.Program, v *oracle.Violation, where, file string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "batchlab: %s:\n%s\n%s\n\n", c.verdict(), reason(v), where)
	if x, err := engine.Traced(p, c.s); err == nil {
		r := &x.Run
		marked, beside := mark(r, v)
		indent(&b, view.Scenario(r, len(p.Ops), marked, beside))
		if p.Concurrent() {
			fmt.Fprintf(&b, "\n%s:\n", choices(len(p.Schedule)))
			indent(&b, view.Schedule(r, x.Trace))
		}
	} else {
		fmt.Fprintf(&b, "%s\n", p)
	}
	if v.Detail != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(v.Detail))
	}
	fmt.Fprintf(&b, "\n    %s\n    go test -run '%s' -sim.replay=%s\n", file, twin.Pattern(c.name), filepath.ToSlash(file))
	return b.String()
}

// choices says how many choices of a schedule were not the default, which is that who is at
// it goes on until it waits or has ended.
func choices(n int) string {
	switch n {
	case 0:
		return "no preemption"
	case 1:
		return "one choice that was not the default"
	}
	return fmt.Sprintf("%d choices that were not the default", n)
}

func indent(b *strings.Builder, text string) {
	for line := range strings.Lines(text) {
		b.WriteString("    " + line)
	}
}

// mark is the line of the event that a violation is about, and what should have been there.
func mark(r *kind.Run, v *oracle.Violation) (line, beside string) {
	for _, e := range r.Events {
		t := r.Kind.Trimmed(e)
		if rest, ok := strings.CutPrefix(v.Got, t); ok && (rest == "" || !unicode.IsDigit(rune(rest[0]))) {
			line = t
		}
	}
	want, _, _ := strings.Cut(v.Want, "  #")
	if _, answer, ok := strings.Cut(want, " -> "); ok {
		return line, "want " + strings.TrimSpace(answer)
	}
	if _, what, ok := strings.Cut(strings.TrimSpace(want), " "); ok && v.Law == kind.SameHistory {
		return line, "want " + strings.TrimSpace(what)
	}
	return line, v.Text
}

// reason is why a verdict is what it is, in a line.
func reason(v *oracle.Violation) string {
	if v.Law != kind.SameHistory {
		return v.Text + " (" + string(v.Law) + ")"
	}
	_, why, ok := strings.Cut(v.Got, ", and ")
	if !ok { // the answers are right, but for their order
		why = v.Got
	}
	return "what was seen is none of what may be: " + why
}
