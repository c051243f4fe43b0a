package engine

import (
	"fmt"
	"strings"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// NotWoven says that the code under test would not ask the scheduler.
const NotWoven = "this binary is not woven: programs whose operations run together need one, which `batchlab " +
	"explore` builds"

// Unmade stands in an error between the subject and what its constructor panics with.
const Unmade = ": the constructor panics: "

// WovenRun is one schedule of a program on a subject.
type WovenRun struct {
	kind.Run
	Points int           // scheduling points passed
	Log    []rt.Decision // the choices, until the next run
	held   []program.Decision
	Notes  []string // what of a given schedule could not be followed

	Made         bool            // the constructor has returned
	Hung         string          // who waits for what, if nobody could go on
	Uncontrolled []string        // what no schedule decides, where the run came upon it
	Durations    []time.Duration // that timers were set to
	Room         uint            // the largest buffer of a channel, see rt.Result

	// Of a coarse schedule: how many choices it had made before each event, and before each
	// move of the clock.
	Choices, Moves []int

	Trace []rt.Passed // of Traced: what all goroutines did, in order
	Seen  rt.Seen     // of Traced: what was done to which object, and where
	Stuck []rt.Waiter // of Traced: who had not ended when all was over
}

// Schedule is the choices that were not the default. Few schedules are asked for it. Of a run that spins there
// may be more than a program can have: it has spun by then.
func (x *WovenRun) Schedule() []program.Decision {
	if x.Log == nil {
		return x.held
	}
	list := sched.Deviations(x.Log)
	return list[:min(len(list), program.MaxDecisions)]
}

// Hold keeps the schedule beyond the next run, which has the goroutines that the log speaks of under
// other names.
func (x *WovenRun) Hold() { x.held, x.Log = x.Schedule(), nil }

// A run that passes more points than these, and those that each timer may lead to, is taken
// for one that spins.
const (
	steps        = 20_000
	stepsOfTimer = 200
)

// Woven runs a program once on a subject whose code is woven, as the strategy chooses,
// which must have been told to Begin.
//
// Operations of one group run together: each lane does its own in order, and the clock is
// a lane as well. A group is over when nothing moves any more. In one that moves the clock
// everything is recorded with the time of its end: when in between a goroutine looks at
// the clock is the schedule's choice.
func Woven(p *program.Program, s kind.Subject, strategy sched.Strategy) (WovenRun, error) {
	return Led(p, s, strategy, nil)
}

// Leader is told of each call that a lane has done.
type Leader interface{ Did(lane byte) }

// Led is Woven with a leader, who may be nil.
func Led(p *program.Program, s kind.Subject, strategy sched.Strategy, leader Leader) (WovenRun, error) {
	return runWoven(p, s, strategy, leader, untraced)
}

func runWoven(p *program.Program, s kind.Subject, strategy sched.Strategy, leader Leader, trace tracing) (WovenRun,
	error) {
	if rt.Woven == "" {
		return WovenRun{}, &kind.LabError{Msg: NotWoven}
	}
	if err := CanRun(p, s); err != nil {
		return WovenRun{}, err
	}
	w := &woven{clockless: s.Clockless, whole: trace == wholly && !p.Concurrent()}
	d := &driver{p: p, s: s, w: w, rec: newRecord(32)}
	w.d, d.rec.w = d, w
	if c, ok := strategy.(*sched.Coarse); ok {
		w.coarse, d.rec.choices, d.rec.made, d.rec.leader = c, make([]int, 32), c.Made, leader
	}
	if p.Kind.Stops != nil {
		w.periods = p.Kind.Stops(p.Config)
	}
	ops, groups := parts(p, true)
	w.clocks = make([]kind.Instant, 0, min(w.stops(ops), steps))
	races := rt.RaceErrors()
	var broke any
	var stuck []rt.Waiter
	cfg := rt.Config{Chooser: strategy, Trace: trace != untraced, Steps: steps + stepsOfTimer*p.Timers(),
		Epoch: int64(max(BubbleEpoch, p.Config.Epoch))}
	if p.Kind.Plain {
		cfg.Plain = sched.Plains(strategy)
	}
	if w.own = !p.Concurrent(); w.own && !s.Clockless {
		cfg.Epoch, cfg.Sticky = int64(p.Config.Epoch), true
	}
	res := rt.Run(cfg, func() {
		w.start(p.Config.Epoch)
		if broke = d.construct(); broke != nil {
			return
		}
		rt.Control(false)
		rt.Idle(2) // the goroutines that the constructor started wait for something
		d.perform(groups, func() {})
		if trace != untraced {
			stuck = rt.Left()
		}
	})
	strategy.End(res)
	w.over(res.Now)
	if broke != nil {
		return WovenRun{}, &kind.LabError{Msg: s.Title() + Unmade + fmt.Sprint(broke)}
	}
	if res.Full {
		return WovenRun{}, &kind.LabError{Msg: fmt.Sprintf("%s: more goroutines, timers or decisions in one run than the "+
			"scheduler takes", s.Title()), Wild: true}
	}
	made := d.inst != nil
	d.endings(res, rt.RaceErrors() > races)
	e := WovenRun{Run: d.run(ops), Points: res.Points, Log: res.Log, Uncontrolled: res.Uncontrolled,
		Durations: res.Durations, Room: res.Room, Made: made, Hung: res.Deadlock, Choices: d.rec.choices, Moves: w.moves,
		Trace: res.Trace, Seen: res.Seen, Stuck: append(stuck, res.Stuck...)}
	e.Stamped, e.Clock, e.Began, e.Ended = !w.own, w.clocks, d.rec.began[:d.rec.n], d.rec.ended[:d.rec.n]
	if r, ok := strategy.(*sched.Replay); ok {
		e.Notes = r.Notes()
	}
	return e, nil
}

// woven is the world of the scheduler. Where nothing runs together its own time takes the
// place of the mocked clock: it costs a hundredth, its timers keep their ticks as a mock's
// do, and nobody could be let in between two of the mock's steps. What happens has a time there.
// One goroutine moves at a time, so nothing is locked, and nothing must be: see record.
type woven struct {
	d         *driver
	clockless bool
	whole     bool // what the constructor does is written down as well
	own       bool // nothing runs together, and the scheduler's own time is everybody's
	clk       clock.Clock
	mock      mockClock     // zero for a clockless subject
	zero      time.Time     // when the program began
	at        time.Duration // when the group ends that is under way
	slept     time.Duration // for calls that sleep: no program says so, and nothing is recorded with it
	periods   []time.Duration
	clocks    []kind.Instant
	coarse    *sched.Coarse // if that is the strategy
	moves     []int
}

func (w *woven) start(epoch time.Duration) {
	rt.Unseen(!w.whole) // up to the first group: see opens
	if w.clockless || w.own {
		w.clk = clock.New()
	} else {
		w.mock = newMockClock(epoch)
		w.clk = w.mock
	}
	w.zero = w.when()
}

// Note records what happens besides calls.
func (w *woven) Note(e kind.Event) {
	w.saysNotice(e)
	w.d.rec.add(e, rt.Seq())
}

// when is the time that the subject sees.
func (w *woven) when() time.Time {
	if w.clockless || w.own {
		return rt.TimeNow("~")
	}
	return w.clk.Now()
}

func (w *woven) Clock() clock.Clock      { return w.clk }
func (w *woven) Wait(ch <-chan struct{}) { <-rt.From("handler", ch) }
func (w *woven) Dying()                  {}

// Between tells a coarse schedule that whoever has the turn is not inside a call.
//
//go:norace
func (w *woven) Between() {
	if w.coarse != nil {
		w.coarse.Between(rt.Self())
	}
}

// Later lets a coarse schedule choose when.
//
//go:norace
func (w *woven) Later(f func()) {
	if w.coarse != nil {
		rt.Spawn("later", f)
		return
	}
	f()
}

//go:norace
func (w *woven) Lock() {}

//go:norace
func (w *woven) Unlock() {}

func (w *woven) Sleep(d time.Duration) {
	if w.clockless || w.own {
		<-rt.From("handler", rt.TimeAfter("~", d))
		return
	}
	<-rt.From("handler", w.clk.After(d))
}

func (w *woven) wake(*lane)      {}
func (w *woven) quiet()          { rt.Idle(2) }
func (w *woven) control(on bool) { rt.Control(on) }
func (w *woven) between()        { rt.At("", "call") } // others may be done with theirs before this one begins
func (w *woven) seq() int64      { return rt.Seq() }
func (w *woven) cycle() string   { return rt.Cycle() }

// enter starts the goroutine of a lane, which begins by waiting for what it is given.
func (w *woven) enter(l *lane) {
	rt.Spawn(l.name(), func() {
		for w.more(l) {
			w.d.serve(l)
		}
	})
}

// more waits for operations, and reports whether there are more to come.
//
//go:norace
func (w *woven) more(l *lane) bool {
	rt.Await(&l.has, "its next operation")
	return !l.quit
}

func (w *woven) leave() {
	for _, l := range w.d.lanes {
		if !l.isBusy() {
			l.give(nil, true)
			rt.Idle(2)
		}
	}
}

// waitsFor says what a lane waits for.
func (w *woven) waitsFor(l *lane) string {
	for _, text := range rt.Waiting() {
		if text, ok := strings.CutPrefix(text, l.name()+" "); ok {
			return text
		}
	}
	return ""
}
