package sim

import (
	"fmt"
	"strings"
	"testing"

	"batchlab/sim/body"
	"batchlab/sim/derive"
	"batchlab/sim/twin"
	"batchlab/sim/view"
	"batchlab/sim/weave/rt"
)

// T is what the function of Explore is given: it has the methods of a *testing.T.
type T = body.T

// Explore runs a function under many schedules of its goroutines, its timers among them: each
// time anew, on a clock of its own. It fails the test if under one of them something waits for
// ever, panics, spins, races (with -race) or is left behind, or t fails.
//
//	func TestShutdown(t *testing.T) {
//		sim.Explore(t, func(t *sim.T) {
//			p := pool.New(2)
//			go p.Submit(func() {})
//			p.Stop()
//		})
//	}
//
// Time is a choice of the schedule: timers fire while others could go on, and when all wait it
// moves by itself. Of the options Preemptions, Budget and Waives have a meaning here.
func Explore(t testing.TB, f func(*T), opts ...Option) {
	t.Helper()
	var o derive.Options
	for _, opt := range opts {
		opt(&o)
	}
	run(t, func(r *twin.Reporter) {
		if text := unfitting(&o, f); text != "" {
			r.Fatal("batchlab: " + text)
			return
		}
		e, err := body.Explore(t.Name(), f, exploring(&o, r))
		switch {
		case err != nil:
			r.Fatal("batchlab: " + strings.TrimPrefix(err.Error(), "batchlab: "))
		case e.Cannot != "":
			r.Fatal("batchlab: cannot be explored: " + e.Cannot)
		case e.Find != nil:
			r.Error(explored(t.Name(), e, r.Races()))
		case e.Skipped != "":
			r.Log("batchlab: skipped: " + e.Skipped)
		case e.Schedules == e.Hasty+e.Full:
			r.Error(fmt.Sprintf("batchlab: nothing was judged: of %d schedules %d failed only since time ran ahead, and %d were too long",
				e.Schedules, e.Hasty, e.Full))
		default:
			r.Log("batchlab: " + passed(e))
		}
	})
}

// unfitting says which option has no meaning for a function, "" if none.
func unfitting(o *derive.Options, f func(*T)) string {
	switch {
	case f == nil:
		return "Explore needs a function"
	case o.Wrong != "":
		return o.Wrong
	}
	if of := o.Speaks(); of != "" {
		return of + " is for Equivalent and Linearizable: Explore makes no calls of its own"
	}
	return ""
}

func exploring(o *derive.Options, r *twin.Reporter) body.Options {
	b := body.Options{
		Seed: *flagSeed, Schedules: *flagSchedules, Preemptions: o.Preemptions, Budget: o.Budget, Dir: derivedFolder,
		Replay: *flagReplay,
		Beat: func(schedules int) bool {
			r.Beat(fmt.Sprintf("schedule %d", schedules+1))
			return r.Context().Err() == nil
		},
	}
	if *flagBudget > 0 {
		b.Budget = *flagBudget
	}
	if b.Budget == 0 {
		b.Budget = defaultBudget
	}
	if testing.Short() {
		b.Schedules, b.Whole, b.Budget = shortSchedules, shortSchedules, shortBudget
	}
	for _, law := range o.Waives {
		b.Waive = append(b.Waive, map[string]body.Law{
			string(Leak): body.Left, string(Progress): body.Deadlock, string(NoPanic): body.Panics, string(NoRace): body.Races,
		}[string(law)])
	}
	return b
}

// mostDetail is how many lines of a stack, or of what a test said, are shown.
const mostDetail = 12

// explored is a find on one screen.
func explored(name string, e *body.Report, races string) string {
	var b strings.Builder
	f := e.Find
	how := fmt.Sprintf("found in schedule %d:", f.At)
	if f.Known {
		how = "found before:"
	}
	b.WriteString(view.Wrap(fmt.Sprintf("batchlab: %s: %s", f.Law, f.Text), reportWidth) + how + "\n")
	switch {
	case f.Law == body.Races && races != "":
		section(&b, "the race", view.Race(races))
	case f.Waiting != "" && (f.Law == body.Deadlock || f.Law == body.Left):
	case len(f.Detail) > 1 || len(f.Detail) == 1 && !strings.Contains(f.Text, f.Detail[0]):
		b.WriteByte('\n')
		for i, line := range f.Detail {
			if i == mostDetail {
				fmt.Fprintf(&b, "    … %d lines more\n", len(f.Detail)-i)
				break
			}
			indent(&b, view.Wrap(line, reportWidth-4))
		}
	}
	section(&b, "who waits", f.Waiting)
	section(&b, choices(f.Preempts, len(f.Schedule)), f.Table)
	if f.Unsteady {
		b.WriteString("    the same schedule does not show it again: it depends on more than that\n")
	}
	for _, u := range e.Uncontrolled {
		indent(&b, view.Wrap("no schedule decides "+u, reportWidth-4))
	}
	ready(&b, name, f.File)
	return b.String()
}

// passed says what was covered, and no more.
func passed(e *body.Report) string {
	races := "no"
	if rt.RaceEnabled {
		races = "yes"
	}
	text := fmt.Sprintf("nothing found in %d schedules (races looked for: %s)", e.Schedules, races)
	if e.Covered != "" {
		text += "; " + e.Covered
	}
	if e.Hasty > 0 {
		text += fmt.Sprintf("; %d failed only since time ran ahead, and were not judged", e.Hasty)
	}
	if e.Full > 0 {
		text += fmt.Sprintf("; %d were too long to be judged", e.Full)
	}
	for _, u := range e.Uncontrolled {
		text += "; no schedule decides " + u
	}
	for _, n := range e.Notes {
		text += "; " + n
	}
	return text
}
