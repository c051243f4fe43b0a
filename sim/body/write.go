package body

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// How much of a find is written.
const (
	mostDetail  = 40
	mostChoices = 20
)

// Write writes the find in full, each line after an indent.
func (f *Find) Write(w io.Writer, indent string) {
	fmt.Fprintf(w, "%s%s\n", indent, f.Text)
	for i, l := range f.Detail {
		if f.Waiting != "" && (f.Law == Deadlock || f.Law == Left) {
			break // the table says it
		}
		if i == mostDetail {
			fmt.Fprintf(w, "%s  and %d more lines\n", indent, len(f.Detail)-i)
			break
		}
		fmt.Fprintf(w, "%s  %s\n", indent, strings.TrimRight(l, " "))
	}
	for _, table := range []string{f.Waiting, f.Table} {
		if table != "" {
			fmt.Fprintln(w)
			for line := range strings.Lines(table) {
				fmt.Fprintf(w, "%s%s", indent, line)
			}
		}
	}
	fmt.Fprintf(w, "\n%sschedule: %s\n", indent, f.Switches())
	for i, d := range f.Schedule {
		if i == mostChoices {
			fmt.Fprintf(w, "%s  and %d more\n", indent, len(f.Schedule)-i)
			break
		}
		fmt.Fprintf(w, "%s  %s\n", indent, d)
	}
	if f.Unsteady {
		fmt.Fprintf(w, "%sthe same schedule does not show it again: it depends on more than that\n", indent)
	}
	if f.File != "" {
		fmt.Fprintf(w, "%skept: %s\n", indent, f.File)
	}
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

// RaceReport is the first report in what the race detector has written, but for frames of the scheduler.
func RaceReport(written []string) []string {
	from := slices.IndexFunc(written, func(l string) bool { return strings.Contains(l, "WARNING: DATA RACE") })
	var list []string
	for i := from + 1; i < len(written) && !strings.HasPrefix(written[i], "====="); i++ {
		if call := strings.TrimSpace(written[i]); strings.HasPrefix(call, "batchlab/sim/weave/rt.") ||
			strings.HasPrefix(call, "batchlab/sim/body.") {
			i++ // and its place
			continue
		}
		list = append(list, written[i])
	}
	return list
}
