package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"batchlab/sim/body"
)

// testTotals prints what comes of tests, a line each and finds in full, and counts.
type testTotals struct {
	out    io.Writer
	race   bool
	tests  int
	finds  int
	broken int // what could not be run
}

// add prints what came of a test.
func (t *testTotals) add(pkg string, o testOutcome) {
	t.tests++
	line := func(is, format string, args ...any) {
		fmt.Fprintf(t.out, "%-4s %-40s %s\n", is, o.Name, fmt.Sprintf(format, args...))
	}
	switch {
	case o.died != "":
		t.broken++
		line("?", "%s", o.died)
		t.indent(o.said, 40)
	case o.Cannot != "":
		t.broken++
		line("?", "cannot be run: %s", o.Cannot)
	case o.Find != nil:
		t.finds++
		line("FAIL", "%s", seen(o.Report))
		t.find(pkg, o)
	case o.Skipped != "":
		line("skip", "%s", o.Skipped)
	default:
		line("ok", "%s", t.covered(o.Report))
	}
	for _, u := range o.Uncontrolled {
		fmt.Fprintf(t.out, "       no schedule decides %s\n", u)
	}
	for _, n := range o.Notes {
		fmt.Fprintf(t.out, "       %s\n", n)
	}
}

// seen says how a find was found.
func seen(r body.Report) string {
	if r.Find.Known {
		return fmt.Sprintf("%s, as kept in %s (%.2fs)", r.Find.Law, r.Find.File, r.Seconds)
	}
	return fmt.Sprintf("%s in schedule %d (%.2fs)", r.Find.Law, r.Find.At, r.Seconds)
}

// covered says what was looked at.
func (t *testTotals) covered(r body.Report) string {
	text := fmt.Sprintf("%d schedules", r.Schedules)
	if r.Complete {
		text += ", whole at 2 preemptions"
	}
	if !t.race {
		text += ", races not looked for"
	}
	if r.Hasty > 0 {
		text += fmt.Sprintf(", %d not judged since time ran ahead", r.Hasty)
	}
	if r.Full > 0 {
		text += fmt.Sprintf(", %d too long to be judged", r.Full)
	}
	return fmt.Sprintf("%s (%.2fs)", text, r.Seconds)
}

// find prints a find in full.
func (t *testTotals) find(pkg string, o testOutcome) {
	f := o.Find
	fmt.Fprintf(t.out, "\n    %s\n", f.Text)
	if f.Waiting == "" || f.Law != body.Deadlock && f.Law != body.Left { // or else the table says it
		t.indent(f.Detail, 40)
	}
	if f.Law == body.Races {
		t.indent(o.race(), 60)
	}
	if f.Waiting != "" {
		fmt.Fprintln(t.out)
		t.indent(strings.Split(strings.TrimRight(f.Waiting, "\n"), "\n"), 60)
	}
	fmt.Fprintf(t.out, "\n    schedule: %s\n", f.Switches())
	t.indent(strings.Split(strings.TrimRight(f.Table, "\n"), "\n"), 60)
	if f.Unsteady {
		fmt.Fprintf(t.out, "    the same schedule does not show it again: it depends on more than that\n")
	}
	if f.File != "" {
		race := ""
		if t.race {
			race = " --race"
		}
		fmt.Fprintf(t.out, "    kept: %s\n    again: batchlab test %s%s --run '^%s$'\n", f.File, pkg, race, o.Name)
	}
	fmt.Fprintln(t.out)
}

func (t *testTotals) indent(list []string, most int) {
	for i, l := range list {
		if i == most {
			fmt.Fprintf(t.out, "      and %d more lines\n", len(list)-i)
			return
		}
		fmt.Fprintf(t.out, "      %s\n", strings.TrimRight(l, "\n"))
	}
}

// end says what it was all in all.
func (t *testTotals) end() error {
	fmt.Fprintf(t.out, "%d tests, %d found wrong, %d could not be run\n", t.tests, t.finds, t.broken)
	switch {
	case t.finds > 0:
		return errFound
	case t.broken > 0:
		return errors.New("not everything could be run")
	case t.tests == 0:
		return errors.New("there is no test to run")
	}
	return nil
}
