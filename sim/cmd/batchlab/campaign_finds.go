package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"batchlab/sim/lab"
)

// campaigned is a campaign whose finds are sorted out.
type campaigned struct {
	*lab.Campaign
	findings []lab.Finding // faults of the specification
	own      []lab.Find    // those of the subjects
}

// readKnown reads what the seeds below the corpora expect of any spec.
func readKnown(corpora string) (*lab.Known, error) {
	return lab.ReadKnown(corpora, (&lab.Lab{Subjects: everything()}).Names())
}

// findingText says what a finding is, and where it is shown.
func findingText(f lab.Finding) string {
	names := map[string][]string{} // by law
	for _, title := range f.Shown {
		law, name, _ := strings.Cut(title, " in ")
		names[law] = append(names[law], name)
	}
	laws := map[string][]string{} // by names
	for _, law := range slices.Sorted(maps.Keys(names)) {
		in := strings.Join(names[law], ", ")
		laws[in] = append(laws[in], law)
	}
	var parts []string
	for _, in := range slices.Sorted(maps.Keys(laws)) {
		parts = append(parts, strings.Join(laws[in], ", ")+" in "+in)
	}
	what := "the specification has a new fault, kept as"
	if f.Known {
		what = "known: the fault in"
	}
	return fmt.Sprintf("%s %s: %s; %d runs", what, f.File, strings.Join(parts, "; "), f.Runs)
}

// replacedText says which subjects keep something from program to program, a line each.
func replacedText(t *lab.Tally) []string {
	var list []string
	for _, what := range slices.Sorted(maps.Keys(t.Replaced)) {
		list = append(list, fmt.Sprintf("the %s grew from program to program: a worker was replaced %d times in %d programs",
			what, t.Replaced[what], t.Programs))
	}
	return list
}

// undoneText says what the lab could not do, a line for each reason.
func undoneText(t *lab.Tally) []string {
	var list []string
	for _, why := range slices.Sorted(maps.Keys(t.Undone)) {
		list = append(list, fmt.Sprintf("%d runs could not be done: %s", t.Undone[why], why))
	}
	return list
}

// undone is an error if the lab could not do something: what was not judged has not passed.
func (c *campaigned) undone() error {
	for _, k := range slices.Sorted(maps.Keys(c.Tally)) {
		if list := undoneText(c.Tally[k]); len(list) > 0 {
			return fmt.Errorf("%s: %s", k, strings.Join(list, "; "))
		}
	}
	return nil
}

// promote makes a seed of a find and prints it.
func promote(ctx context.Context, runner *lab.Lab, find lab.Find, corpora string, out io.Writer) error {
	if find.Flaky() {
		fmt.Fprintf(out, "NOT REPEATABLE: program %d of %s on %s gave two histories\n\n%s\n",
			find.Index, find.Program.Kind.Name, find.Violation.Subject, find.Program)
		return nil
	}
	seed, err := runner.Promote(ctx, find, filepath.Join(corpora, "found"))
	if err != nil {
		return err
	}
	on := ""
	if _, name, _ := strings.Cut(seed.Violation.Subject, "/"); !isImplementation(seed.Violation.Subject) {
		on = " ON=" + name
	}
	seed.Violation.Write(out, seed.Program, runner.Command+seed.File+on)
	return nil
}
