package body

import (
	"fmt"
	"strings"

	"batchlab/sim/view"
)

// How much of a find is written.
const (
	mostDetail  = 20
	mostChoices = 20
	width       = 76 // of prose
)

// Screen is what there is to see of the find beside its text, in sections that begin with an empty line:
// what it says in more words, who waits for whom, and who did what in which order.
func (f *Find) Screen() string {
	var b strings.Builder
	race := ""
	if f.Law == Races {
		race = view.Race(strings.Join(f.Detail, "\n"))
		b.WriteString(view.Section("the race", race))
	}
	tabled := race != "" || f.Waiting != "" && (f.Law == Deadlock || f.Law == Left)
	if !tabled && strings.TrimSpace(strings.Join(f.Detail, "")) != "" &&
		(len(f.Detail) > 1 || !strings.Contains(f.Text, f.Detail[0])) {
		b.WriteByte('\n')
		for i, line := range f.Detail {
			if i == mostDetail {
				fmt.Fprintf(&b, "    … %d lines more\n", len(f.Detail)-i)
				break
			}
			b.WriteString(view.Indent(view.Wrap(line, width)))
		}
	}
	b.WriteString(view.Section("who waits", f.Waiting))
	b.WriteString(view.Section(view.Choices(f.Preempts, len(f.Schedule)), f.Table))
	if f.Unsteady {
		b.WriteString("    the same schedule does not show it again: it depends on more than that\n")
	}
	return b.String()
}

// Choices are those of the schedule that are not the default.
func (f *Find) Choices() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nschedule: %s\n", f.Switches())
	for i, d := range f.Schedule {
		if i == mostChoices {
			fmt.Fprintf(&b, "  and %d more\n", len(f.Schedule)-i)
			break
		}
		fmt.Fprintf(&b, "  %s\n", d)
	}
	return b.String()
}

// Coverage says what was looked at and no more.
func (r *Report) Coverage() string {
	text := fmt.Sprintf("%d schedules", r.Schedules)
	if r.Complete {
		text += fmt.Sprintf(", whole at %d preemptions", r.Bound)
	}
	if !r.Raced {
		text += ", races not looked for"
	}
	if r.Apart > 0 {
		text += fmt.Sprintf(", %d of them in a process of their own each", r.Apart)
	}
	if r.Hasty > 0 {
		text += fmt.Sprintf(", %d not judged since time ran ahead", r.Hasty)
	}
	if r.Full > 0 {
		text += fmt.Sprintf(", %d too long to be judged", r.Full)
	}
	return text
}
