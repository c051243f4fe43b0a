package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"batchlab/sim/body"
	"batchlab/sim/view"
)

// testTotals prints what comes of tests, a line each and finds in full, and counts.
type testTotals struct {
	out    io.Writer
	race   bool
	tests  int
	finds  int
	skips  int // what did not want to be
	broken int // what could not be run
	found  func(*body.Find)
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
		if o.Failed() {
			t.finds++
		}
		for _, f := range o.All() {
			is := "FAIL"
			if f.Ahead != "" {
				is = "time"
			}
			line(is, "%s", seen(f, o.Seconds))
			t.find(pkg, o.Name, f)
		}
	case o.Skipped != "":
		t.skips++
		line("skip", "%s", o.Skipped)
	default:
		line("ok", "%s (%.2fs)", o.Coverage(), o.Seconds)
	}
	for _, u := range o.Uncontrolled {
		fmt.Fprintf(t.out, "       no schedule decides %s\n", u)
	}
	for _, n := range o.Notes {
		fmt.Fprintf(t.out, "       %s\n", n)
	}
}

// seen says how a find was found.
func seen(f *body.Find, seconds float64) string {
	if f.Ahead != "" {
		return fmt.Sprintf("%s in schedule %d, %s (%.2fs)", f.Law, f.At, f.Ahead, seconds)
	}
	if f.Known {
		return fmt.Sprintf("%s, as kept in %s (%.2fs)", f.Law, f.File, seconds)
	}
	return fmt.Sprintf("%s in schedule %d (%.2fs)", f.Law, f.At, seconds)
}

// find prints a find in full.
func (t *testTotals) find(pkg, name string, f *body.Find) {
	if t.found != nil {
		t.found(f)
	}
	fmt.Fprintf(t.out, "\n%s", view.Indent(view.Wrap(f.Text, 76)+f.Screen()+f.Choices()))
	if f.File != "" {
		race := ""
		if t.race {
			race = " --race"
		}
		fmt.Fprintf(t.out, "    kept: %s\n    again: batchlab test %s%s --run '^%s$'\n", f.File, pkg, race, name)
		if f.Timeline != nil && t.found == nil {
			f.Timeline.File, f.Timeline.Command = f.File, "batchlab show "+f.File
			fmt.Fprint(t.out, "    page: ")
			if err := (&showFlags{}).draw(f.File, f.Timeline, t.out); err != nil {
				fmt.Fprintln(t.out, err)
			}
		}
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
	fmt.Fprintf(t.out, "%d tests, %d found wrong, %d skipped, %d could not be run\n", t.tests, t.finds, t.skips, t.broken)
	switch {
	case t.finds > 0:
		return errFound
	case t.broken > 0:
		return errors.New("not everything could be run")
	case t.tests == t.skips && t.tests > 0:
		return errors.New("every test was skipped: nothing was looked at")
	case t.tests == 0:
		return errors.New("there is no test to run: none matches --run, or the packages have none")
	}
	return nil
}
