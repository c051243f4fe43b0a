package oracle

import (
	"slices"
	"strings"
	"unicode"

	"batchlab/sim/kind"
)

// Mark is the line of the event of a run that a violation is about, and what should have been there.
func (v *Violation) Mark(r *kind.Run) (line, beside string) {
	for _, e := range r.Events {
		t := r.Kind.Trimmed(e)
		if rest, ok := strings.CutPrefix(v.Got, t); ok && (rest == "" || !unicode.IsDigit(rune(rest[0]))) {
			line = t
		}
	}
	want, _, _ := strings.Cut(v.Want, "  #")
	got, _, _ := strings.Cut(line, "  #")
	if g, w := strings.Fields(got), strings.Fields(want); len(g) > 1 && len(w) > 1 && slices.Equal(g[1:], w[1:]) {
		return line, "want this at " + w[0] // of the step
	}
	if _, answer, ok := strings.Cut(want, " -> "); ok {
		return line, "want " + strings.TrimSpace(answer)
	}
	if _, what, ok := strings.Cut(strings.TrimSpace(want), " "); ok && v.Law == kind.SameHistory {
		return line, "want " + strings.TrimSpace(what)
	}
	if v.Law == kind.SameHistory {
		return line, "differs"
	}
	return line, v.Text
}

// Reason is why a verdict is what it is, in a line.
func (v *Violation) Reason() string {
	if v.Law != kind.SameHistory {
		text := v.Text + " (" + string(v.Law) + ")"
		got, _, _ := strings.Cut(v.Got, "  #")
		if _, seen, ok := strings.Cut(got, " lab "); ok { // the lab's own sight, which is in no lane
			text += ": " + strings.TrimSpace(seen)
		}
		return text
	}
	_, why, ok := strings.Cut(v.Got, ", and ")
	if !ok { // the answers are right, but for their order
		why = v.Got
	}
	return "nothing explains what was seen: " + why
}
