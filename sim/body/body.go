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
// not failed; where it panics elsewhere, or comes to no end after a sleep that others were to use, that is told
// apart. And it refuses to judge what comes of schedules before: what outlives them, in variables of packages,
// is told by processes that have run nothing before.
package body

import (
	"errors"
	"os/exec"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/view/timeline"
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
	// Races is what the race detector has reported since it was last asked; nil if nobody knows.
	Races func() string
	// Again is a command that comes to this exploration in a process which has run nothing before, and
	// a find is told only if it is shown there; nil: finds are taken as they come.
	Again func() *exec.Cmd
	// Beat is called before each schedule with how many were run; it returns false to end the exploration.
	Beat func(schedules int) bool
}

// Find is what is wrong, under one schedule.
type Find struct {
	Law      Law
	Text     string   // in one line
	Detail   []string // who waits for what, where; a stack; what the test said
	Schedule []program.Decision
	Unfair   int      // how many points a goroutine may pass while others could go on; 0: 2,000
	At       int      // in which schedule it was found, from 1
	File     string   // where it is kept, "" if nowhere
	Known    bool     // it was replayed from that file
	Unsteady bool     // the same schedule does not show it again: it depends on more than that
	Preempts int      // how many choices of the schedule are preemptions
	Amiss    []string `json:",omitempty"` // what of its file's schedule did not come as it says
	// Ahead says why this is no fault but on a slow machine: the test takes for granted that something is
	// done in time; "" if it is one.
	Ahead string `json:",omitempty"`

	// Table is who did what in which order, and Waiting who waits for whom, as package view draws them.
	Table, Waiting string `json:",omitempty"`
	// Timeline is the same to be drawn, and more of it.
	Timeline *timeline.Timeline `json:",omitempty"`
}

// Report is what came of an exploration.
type Report struct {
	Name      string
	Schedules int
	Points    int
	Complete  bool    // all schedules within the bound were run
	Bound     int     // on preemptions
	Find      *Find   // nil: nothing; else the gravest
	Others    []*Find // of other laws and causes
	Cannot    string  // why it cannot be run, if it cannot
	Skipped   string  // why the test did not want to be run, if it did not
	Hasty     int     // schedules that failed only since time ran ahead, and were not judged
	Raced     bool    // the race detector was watching
	Apart     int     // schedules of which each had a process of its own
	Full      int     // schedules that were more than the scheduler takes, and were not judged
	Notes     []string
	Seconds   float64

	// Uncontrolled is what the runs came upon that no schedule decides, each with its place.
	Uncontrolled []string
}

// ErrNotWoven says why nothing can be explored.
var ErrNotWoven = errors.New("this binary is not woven: nothing in it asks the scheduler who goes on")
