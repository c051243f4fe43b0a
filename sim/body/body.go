// Package body runs a function, such as a test, under many schedules of its goroutines, its
// timers among them, and says what is wrong with it by laws that need no reference: nothing
// waits for ever, panics, races or spins, no goroutine and no lock is left behind, and a test
// that fails fails on every schedule that a person would believe.
//
//	r, err := body.Explore("TestStop", func(t *body.T) {
//		p := pool.New(2)
//		go p.Submit(func() {})
//		p.Stop()
//	}, body.Options{})
//
// The code must be woven (sim/weave). Time is a choice of the schedule (sim/weave/rt): timers
// fire while others could go on, within a budget, and when all wait time moves by itself. When
// the function has returned its goroutines are run on until all is quiet. Then who still waits for
// a channel, a lock, a group or a condition is left behind; who waits for time, such as one
// that looks after something now and then, is not: nobody has promised its end.
//
// The package refuses to judge what depends on how fast a machine is: a test that fails, or panics on
// its own goroutine, only since a timer of more than 100 microseconds fired while others could go on has
// not failed.
package body

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// Law is what a schedule can break.
type Law string

// The laws, the graver ones first: of two that one schedule breaks the first is told.
const (
	Panics   Law = "panic"    // a goroutine panics
	Races    Law = "race"     // two goroutines race, in a build with -race
	Fails    Law = "failed"   // the test fails
	Deadlock Law = "deadlock" // nobody can go on, and the function has not returned
	Spins    Law = "spin"     // it does not come to an end
	Left     Law = "left"     // a goroutine waits for ever for something other than time
	Held     Law = "held"     // a lock is held by a goroutine that has ended
)

// Options say how thoroughly Explore looks. The zero value is what a test wants.
type Options struct {
	Seed        uint64
	Schedules   int           // at most so many at random; 0: 1,000
	Whole       int           // at most so many in search of all of them; 0: 10,000; -1: none
	Preemptions int           // that bound, of a whole search; 0: 2
	Budget      time.Duration // an upper bound of all that; 0: none
	Strategy    string        // of the schedules at random, one of sched.Names; "": portfolio
	Waive       []Law         // what the function does not promise
	Rough       bool          // a find is told as it was found, and not shrunk
	Only        func(subtest string) bool
	Dir         string // where finds are kept, and replayed from first; "": nowhere
	// Replay is a file that is replayed, and nothing else.
	Replay string
	// Races is what the race detector has reported since it was last asked; nil if somebody else looks there.
	Races func() string
	// Beat is called before each schedule with how many were run; it returns false to end the exploration.
	Beat func(schedules int) bool
}

// Find is what is wrong, under one schedule.
type Find struct {
	Law      Law
	Text     string   // in one line
	Detail   []string // who waits for what, where; a stack; what the test said
	Schedule []program.Decision
	Unfair   int    // how many points a goroutine may pass while others could go on; 0: 2,000
	At       int    // in which schedule it was found, from 1
	File     string // where it is kept, "" if nowhere
	Known    bool   // it was replayed from that file
	Unsteady bool   // the same schedule does not show it again: it depends on more than that
	Preempts int    // how many choices of the schedule are preemptions

	// Table is who did what in which order, and Waiting who waits for whom, as package view draws them.
	Table, Waiting string `json:",omitempty"`
}

// Report is what came of an exploration.
type Report struct {
	Name      string
	Schedules int
	Points    int
	Complete  bool   // all schedules within the bound were run
	Bound     int    // on preemptions
	Find      *Find  // nil: nothing
	Cannot    string // why it cannot be run, if it cannot
	Skipped   string // why the test did not want to be run, if it did not
	Hasty     int    // schedules that failed only since time ran ahead, and were not judged
	Raced     bool   // the race detector was watching
	Full      int    // schedules that were more than the scheduler takes, and were not judged
	Notes     []string
	Seconds   float64

	// Uncontrolled is what the runs came upon that no schedule decides, each with its place.
	Uncontrolled []string
}

// ErrNotWoven says why nothing can be explored.
var ErrNotWoven = errors.New("this binary is not woven: nothing in it asks the scheduler who goes on")

// explorer explores one body.
type explorer struct {
	name  string
	body  func(*T)
	o     Options
	begun time.Time
	r     *Report

	choices int // that the schedules had so far
}

// Explore runs a body under many schedules, up to the first that breaks a law: those that are
// kept first, then the ones at random, then all within the bound on preemptions. What it finds is
// shrunk to few preemptions and kept.
func Explore(name string, body func(*T), o Options) (*Report, error) {
	if rt.Woven == "" {
		return nil, ErrNotWoven
	}
	x := &explorer{name: name, body: body, o: o, begun: time.Now(), r: &Report{Name: name, Raced: rt.RaceEnabled}}
	err := x.explore()
	x.r.Seconds = time.Since(x.begun).Seconds()
	return x.r, err
}

func (x *explorer) explore() error {
	if done, err := x.replay(); done || err != nil {
		return err
	}
	strategies, err := x.strategies()
	if err != nil {
		return err
	}
	var lesser *Find // what is left behind does not hide what is graver, if that is not far
	for n := range cmp.Or(x.o.Schedules, 1000) {
		if lesser != nil && x.r.Schedules >= lesser.At+besides {
			break
		}
		s := strategies[n%len(strategies)]
		if s.full == mostFull { // what it begins it does not end
			continue
		}
		p, full := paces[n%len(paces)], x.r.Full
		if n%unfairly == 5 {
			p.unfair = unfair
		}
		if x.search(s, p) {
			if x.r.Find == nil || !x.r.Find.Law.isLesser() {
				break
			}
			lesser, x.r.Find = cmp.Or(lesser, x.r.Find), nil
		}
		s.full += x.r.Full - full
		if n == len(paces) && x.choices == 0 {
			x.r.Complete, x.r.Bound = true, cmp.Or(x.o.Preemptions, 2) // nothing is to be chosen
			return nil
		}
		if x.r.Skipped != "" || !x.more() {
			break
		}
	}
	if x.r.Find = cmp.Or(x.r.Find, lesser); x.r.Find != nil {
		return x.found()
	}
	return x.whole()
}

// besides is how many schedules are run after one that leaves something behind, in search of
// something graver.
const besides = 200

func (l Law) isLesser() bool { return l == Left || l == Held }

// strategy is one that is used in turn with others.
type strategy struct {
	sched.Strategy
	full int // schedules that were too long to be judged
}

// mostFull is how many schedules of a strategy may be too long.
const mostFull = 2

func (x *explorer) strategies() ([]*strategy, error) {
	names := []string{"random", "pct2", "pct3", "urw"}
	if x.o.Strategy != "" {
		names = []string{x.o.Strategy}
	}
	var list []*strategy
	for i, name := range names {
		s, err := sched.New(name, x.o.Seed+uint64(i))
		if err != nil {
			return nil, err
		}
		list = append(list, &strategy{Strategy: s})
	}
	return list, nil
}

// pace says how time may run ahead in a schedule.
type pace struct {
	early  int
	ahead  time.Duration
	unfair int // see rt.Config
	traced bool
}

// One schedule in so many lets a goroutine pass so many points while others could go on.
const (
	unfairly = 8
	unfair   = 500_000
)

// paces are tried in turn: a number of them that is prime to that of the strategies in a portfolio.
var (
	paces  = []pace{{early: 64, ahead: hasty}, {early: 64, ahead: 1 << 62}, {}}
	slow   = pace{early: 2, ahead: hasty}
	widest = pace{early: 1 << 20, ahead: 1 << 62}
)

// hasty is by how much time may run ahead in a schedule in which the test fails.
const hasty = 100 * time.Microsecond

// more reports whether there is time for another schedule.
func (x *explorer) more() bool {
	return (x.o.Budget == 0 || time.Since(x.begun) < x.o.Budget) && (x.o.Beat == nil || x.o.Beat(x.r.Schedules))
}

// search runs the next schedule of a strategy, and reports whether the search is over: it
// breaks a law, or there is none.
func (x *explorer) search(strategy sched.Strategy, p pace) bool {
	if !strategy.Begin() {
		return true
	}
	x.r.Schedules++
	one := x.run(strategy, p)
	x.r.Find = x.judge(one)
	x.count(one)
	if x.r.Find != nil {
		x.r.Find.Unfair, x.r.Find.At = p.unfair, x.r.Schedules
	}
	x.choices += len(one.res.Log)
	return x.r.Find != nil
}

// whole takes all schedules within the bound, if there are not too many.
func (x *explorer) whole() error {
	most := cmp.Or(x.o.Whole, 10_000)
	if most < 0 || x.r.Skipped != "" || x.r.Schedules == 0 || !x.more() {
		return nil
	}
	bound := cmp.Or(x.o.Preemptions, 2)
	x.r.Bound = bound
	d, before := sched.NewDFS(bound), x.r.Schedules
	for range most {
		if x.search(d, slow) {
			break
		}
		if !x.more() {
			return nil
		}
	}
	if x.r.Find != nil {
		return x.found()
	}
	if d.Diverged {
		x.note("the same choices led to another run: it depends on more than the schedule")
	}
	n := x.r.Schedules - before
	x.r.Complete = n < most && d.Complete() && x.r.Full == 0
	return nil
}

func (x *explorer) note(text string) {
	if !slices.Contains(x.r.Notes, text) {
		x.r.Notes = append(x.r.Notes, text)
	}
}

// count takes in what a schedule came upon.
func (x *explorer) count(one *once) {
	x.r.Points += one.res.Points
	for _, u := range slices.Concat(one.res.Uncontrolled, one.upon) {
		if !slices.Contains(x.r.Uncontrolled, u) {
			x.r.Uncontrolled = append(x.r.Uncontrolled, u)
		}
	}
	if one.cannot != "" {
		x.r.Cannot, x.r.Skipped = one.cannot, one.cannot
		return
	}
	if one.root.skipped && !one.root.failed {
		x.r.Skipped = cmp.Or(one.said(), "it says so")
	}
}

// found shrinks the find and keeps it.
func (x *explorer) found() error {
	if x.r.Find == nil {
		return nil
	}
	x.shrink()
	x.draw()
	return x.keep()
}
