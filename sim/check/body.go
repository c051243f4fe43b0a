package check

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/body"
	"batchlab/sim/derive"
	"batchlab/sim/kind"
	"batchlab/sim/twin"
	"batchlab/sim/view"
)

// Body runs a function, as a test would be run, under many schedules: see sim.Explore.
func Body(t testing.TB, f func(t *body.T), o derive.Options) {
	t.Helper()
	rest := o
	rest.Preemptions, rest.Budget, rest.Waives = 0, 0, nil
	if o.Wrong == "" && !reflect.DeepEqual(rest, derive.Options{}) {
		o.Wrong = "Explore takes Preemptions, Budget and Waives: the other options are of a type's methods"
	}
	run(t, func(r *twin.Reporter) {
		if o.Wrong != "" {
			r.Fatal("batchlab: " + o.Wrong)
			return
		}
		if f == nil {
			r.Fatal("batchlab: Explore needs a function")
			return
		}
		if r.Plain() {
			body.Plainly(t.Name(), f)
			return
		}
		report, err := body.Explore(t.Name(), f, exploreOptions(t, r, o))
		if err != nil {
			r.Fatal("batchlab: " + strings.TrimPrefix(err.Error(), "batchlab: "))
			return
		}
		tellExplored(r, t.Name(), report)
	})
}

func exploreOptions(t testing.TB, r *twin.Reporter, o derive.Options) body.Options {
	b := body.Options{Seed: *flagSeed, Schedules: *flagSchedules, Strategy: *flagStrategy, Preemptions: o.Preemptions,
		Dir: findsFolder, Replay: *flagReplay, Budget: cmp.Or(*flagBudget, o.Budget, defaultBudget), Races: r.Races,
		Again: r.Again()}
	if testing.Short() {
		b.Schedules, b.Whole = cmp.Or(b.Schedules, shortSchedules), 1000
		b.Budget = cmp.Or(*flagBudget, o.Budget, shortBudget)
	}
	if b.Strategy != "" {
		b.Whole = -1
	}
	b.Beat = func(int) bool {
		r.Beat(t.Name())
		return r.Context().Err() == nil
	}
	for law, of := range map[kind.LawID][]body.Law{kind.Leak: {body.Left, body.Held},
		kind.Progress: {body.Deadlock, body.Spins}, kind.NoPanic: {body.Panics}, kind.NoRace: {body.Races}} {
		if slices.Contains(o.Waives, law) {
			b.Waive = append(b.Waive, of...)
		}
	}
	return b
}

// tellExplored puts a report into the test.
func tellExplored(r *twin.Reporter, name string, report *body.Report) {
	for _, u := range report.Uncontrolled {
		r.Log("batchlab: no schedule decides " + u)
	}
	for _, n := range report.Notes {
		r.Log("batchlab: " + n)
	}
	switch {
	case report.Find != nil:
		for _, f := range report.All() {
			text := explored(name, report, f, drawn(r, f, name))
			if f.Ahead != "" {
				r.Log(text)
			} else {
				r.Error(text)
			}
		}
	case report.Cannot != "":
		r.Fatal("batchlab: this cannot be explored: " + report.Cannot)
	case report.Schedules == report.Hasty+report.Full && report.Skipped == "":
		r.Error("batchlab: nothing was judged in " + report.Coverage())
	case report.Skipped != "":
		r.Log("batchlab: the body was skipped: " + report.Skipped)
	default:
		r.Log("batchlab: nothing wrong in " + report.Coverage())
	}
}

// explored is a find on one screen.
func explored(name string, e *body.Report, f *body.Find, drawn string) string {
	var b strings.Builder
	how := fmt.Sprintf("found in schedule %d:", f.At)
	if f.Known {
		how = "found before:"
	} else if f.Ahead != "" {
		how = fmt.Sprintf("found in schedule %d, %s:", f.At, f.Ahead)
	}
	b.WriteString(view.Wrap(fmt.Sprintf("batchlab: %s: %s", f.Law, f.Text), reportWidth))
	b.WriteString(view.Wrap(how, reportWidth) + f.Screen())
	for _, u := range e.Uncontrolled {
		b.WriteString(view.Indent(view.Wrap("no schedule decides "+u, reportWidth-4)))
	}
	ready(&b, name, f.File, drawn)
	return b.String()
}
