package sim

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

// T is what a body is given: it has the methods of *testing.T.
type T = body.T

// Explore runs a function, as a test would be run, under many schedules of its goroutines and
// its timers, and judges each by laws that need no reference: nothing waits for ever, panics, spins or
// races (with -race), no goroutine is left behind that waits for something other than time, no
// lock that nobody can unlock, and what fails fails for whatever reason on some schedule.
//
//	func TestShutdown(t *testing.T) {
//		sim.Explore(t, func(t *sim.T) {
//			p := pool.New(2)
//			go p.Submit(func() {})
//			p.Stop()
//		})
//	}
//
// Lines that touch memory which others touch beside them without a common lock are points, too: fields, elements,
// variables of the package, and local ones that a function literal is about. So a lost update is found without -race
// where something comes of it.
//
// What is found, up to five causes, is shown by a process that has run nothing before, shrunk to few choices and
// kept in testdata/sim; it is replayed first the next time. Of the options Preemptions, Budget and Waives are meant
// for bodies.
func Explore(t testing.TB, f func(t *T), opts ...Option) {
	t.Helper()
	var o derive.Options
	for _, opt := range opts {
		opt(&o)
	}
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
		Dir: derivedFolder, Replay: *flagReplay, Budget: cmp.Or(*flagBudget, o.Budget, defaultBudget), Races: r.Races,
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
	for law, of := range map[kind.LawID][]body.Law{Leak: {body.Left, body.Held}, Progress: {body.Deadlock, body.Spins},
		NoPanic: {body.Panics}, NoRace: {body.Races}} {
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
