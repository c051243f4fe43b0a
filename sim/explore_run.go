package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unsafe"

	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/subject"
	"batchlab/sim/weave/rt"
)

// notWoven says that the code under test would not ask the scheduler.
const notWoven = "this binary is not woven: programs whose operations run together need one, which `batchlab explore` builds"

// explored is one schedule of a program on a subject.
type explored struct {
	Trace
	points int           // scheduling points passed
	log    []rt.Decision // the choices, until the next run
	notes  []string      // what of a given schedule could not be followed

	over    []int64 // of the moves of the clock, those that were completed: when they were over
	choices []int   // of a coarse schedule: how many choices it had made before each event
	moves   []int   // and before each move of the clock
}

// schedule is the choices that were not the default. Few schedules are asked for it.
func (x explored) schedule() []program.Decision { return sched.Deviations(x.log) }

// A run that passes more points than these, and those that each timer may lead to, is taken
// for one that spins.
const (
	steps        = 20_000
	stepsOfTimer = 200
)

// play is a run under a scheduler.
type play struct {
	run
	players []*player
	trace   Trace
	over    []int64 // see explored
	moves   []int
	hung    string // goroutines that wait for each other
}

// explore runs a program once on a subject whose code is woven, as the strategy chooses,
// which must have been told to Begin.
//
// Operations of one group run together: each lane does its own in order, and the clock is
// a lane as well. A group is over when nothing moves any more. In one that moves the clock
// everything is recorded with the time of its end: when in between a goroutine looks at
// the clock is the schedule's choice.
func explore(p *program.Program, s subject.Subject, strategy sched.Strategy) (explored, error) {
	return exploreBy(p, s, strategy, nil)
}

// exploreBy is explore with a guide, which hears of each act.
func exploreBy(p *program.Program, s subject.Subject, strategy sched.Strategy, by *guide) (explored, error) {
	if rt.Woven == "" {
		return explored{}, &LabError{Msg: notWoven}
	}
	if err := canRun(p, s); err != nil {
		return explored{}, err
	}
	x := &play{run: run{p: p, s: s, stage: newStage(strategy)}}
	x.stage.guide = by
	races := rt.RaceErrors()
	var broke any
	res := rt.Run(rt.Config{Chooser: strategy, Steps: steps + stepsOfTimer*p.Timers(), Epoch: int64(max(bubbleEpoch, p.Config.Epoch))}, func() {
		if broke = x.construct(); broke == nil {
			x.perform()
		}
	})
	strategy.End(res)
	if broke != nil {
		return explored{}, &LabError{Msg: fmt.Sprintf("%s: the constructor panics: %v", Title(s), broke)}
	}
	if res.Full {
		return explored{}, &LabError{Msg: fmt.Sprintf("%s: more goroutines, timers or decisions in one run than the scheduler takes", Title(s)), Wild: true}
	}
	x.endings(res, rt.RaceErrors() > races)
	e := explored{points: res.Points, log: res.Log, over: x.over, choices: x.stage.choices, moves: x.moves}
	x.trace.Events, x.trace.Began, x.trace.Ended = x.stage.events[:x.stage.n], x.stage.began[:x.stage.n], x.stage.ended[:x.stage.n]
	e.Trace = x.trace
	if r, ok := strategy.(*sched.Replay); ok {
		e.notes = r.Notes()
	}
	return e, nil
}

// perform does the program, group by group, and drains. It is the main function of a run.
func (x *play) perform() {
	rt.Control(false)
	rt.Idle(2) // the goroutines that the constructor started wait for something
	ops := slices.Concat(x.p.Ops, x.p.Drain())
	step := 1
	for _, group := range program.Groups(ops) {
		rt.Control(step <= len(x.p.Ops)) // what drains is the lab's, and takes the default
		x.stage.begin(step, x.endOf(group))
		x.group(group)
		if x.hung = rt.Cycle(); x.hung != "" {
			return
		}
		step += len(group)
	}
	x.checkHeld()
	for _, p := range x.players {
		if _, _, busy := p.stuckIn(); !busy {
			p.give(nil, true)
			rt.Idle(2)
		}
	}
}

//go:norace
func (s *stage) begin(step int, at time.Duration) { s.step, s.at = step, at }

// endOf is the time at which a group ends.
func (x *play) endOf(group []program.Op) time.Duration {
	at := x.now()
	for _, o := range group {
		if o.Verb == program.Advance {
			at += o.D
		}
	}
	return at
}

// group does one group and waits until all is quiet.
func (x *play) group(ops []program.Op) {
	switch ops[0].Verb {
	case program.Handler:
		x.stage.tell(ops[0].Mode, ops[0].D)
		return
	case program.Release:
		x.stage.open()
		rt.Idle(2)
		return
	}
	rt.Settle(len(ops) == 1) // a clock that moves alone lets all go quiet at each instant
	var lanes []*player
	parts := map[*player][]program.Op{}
	for _, o := range ops {
		p := x.player(o)
		if !slices.Contains(lanes, p) {
			lanes = append(lanes, p)
		}
		parts[p] = append(parts[p], o)
	}
	for _, p := range lanes {
		if _, _, busy := p.stuckIn(); busy { // since an earlier group
			x.skip(p, parts[p])
			continue
		}
		p.give(parts[p], false)
	}
	rt.Idle(2)
	for _, p := range lanes {
		rt.Acquire(unsafe.Pointer(&p.edge))
		o, told, busy := p.stuckIn()
		if busy && !told {
			e := p.label(subject.Event{Outcome: subject.Waits}, o)
			e.Note = waitsFor(p.name)
			x.stage.add(e, rt.Seq())
		}
		if busy {
			x.skip(p, p.left())
		}
	}
}

// waitsFor says what a lane waits for.
func waitsFor(lane string) string {
	for _, w := range rt.Waiting() {
		if text, ok := strings.CutPrefix(w, lane+" "); ok {
			return text
		}
	}
	return ""
}

func (x *play) skip(p *player, ops []program.Op) {
	for _, o := range ops {
		x.stage.add(p.label(subject.Event{Outcome: subject.Skipped}, o), rt.Seq())
	}
}

// player returns the lane that does an operation; a new one begins by waiting for it.
func (x *play) player(o program.Op) *player {
	name := string(rune(o.Lane))
	switch o.Lane {
	case 0:
		name = "clock"
	case program.LabLane:
		name = "closer"
	}
	for _, p := range x.players {
		if p.name == name {
			return p
		}
	}
	p := &player{client: client{r: &x.run, lane: o.Lane}, name: name}
	x.players = append(x.players, p)
	rt.Spawn(name, func() {
		for p.await() {
			for o, first, ok := p.next(); ok; o, first, ok = p.next() {
				x.one(p, o, first)
			}
		}
	})
	return p
}

// one does one operation of a lane.
func (x *play) one(p *player, o program.Op, first bool) {
	if !first {
		rt.At("", "call") // others may be done with theirs before this one begins
	}
	if o.Verb == program.Advance {
		x.move(o.D)
		return
	}
	p.client.first, p.client.next = subject.ItemID{}, subject.ItemID{}
	began := rt.Seq()
	e := p.make(o)
	x.stage.add(p.label(e, o), began)
}

// move moves the clock. The instants at which a map's tickers fire are recorded, each
// before anything can follow from it.
func (x *play) move(d time.Duration) {
	now := x.now()
	end := now + d
	for _, at := range x.instants(now, end) {
		x.trace.Clock = append(x.trace.Clock, Instant{Seq: rt.Seq(), At: at})
		if x.stage.guide != nil {
			x.stage.guide.did(clockLane)
		}
		if x.stage.coarse != nil {
			x.moves = append(x.moves, x.stage.coarse.Made())
		}
		if x.s.Clockless {
			rt.Advance(at - now)
		} else {
			x.mock.Add(at - now)
		}
		x.over = append(x.over, rt.Seq())
		now = at
	}
}

func (x *play) instants(from, to time.Duration) []time.Duration {
	var list []time.Duration
	c := subject.MapConfig{Bucket: x.p.Config.Bucket, Buckets: x.p.Config.Buckets}
	if x.s.Kind == subject.KindDedupBatcher {
		c = subject.MapConfig{Bucket: subject.DedupBucket, Buckets: subject.DedupBuckets}
	}
	if x.s.Kind != subject.KindBatcher {
		for _, period := range []time.Duration{c.Refresh(), c.Cleanup()} {
			for at := from - from%period + period; at < to; at += period {
				list = append(list, at)
			}
		}
	}
	list = append(list, to)
	slices.Sort(list)
	return slices.Compact(list)
}

// checkHeld looks, when all is over, at the slices that belong to their handlers for ever.
func (x *play) checkHeld() {
	for _, l := range x.stage.held[:x.stage.nheld] {
		if !slices.Equal(l.slice, l.was) {
			x.handler(l, subject.Changed)
		}
	}
}
