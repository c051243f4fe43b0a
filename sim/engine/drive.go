// Package engine runs a program on a subject and says what happened. drive.go is the only
// loop. Under it is a world: a bubble of testing/synctest, which is fast and in which
// operations follow one another; or woven code under a scheduler (sim/weave/rt), in which
// they run together as a strategy chooses. A program whose operations follow one another
// has the same history in both.
//
// It refuses to judge what it sees, and to know what kind of component it drives.
package engine

import (
	"fmt"
	"slices"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// world is where a run happens.
type world interface {
	kind.Env
	// enter lets a new lane in. wake has some goroutine serve a lane that was given
	// operations, and quiet returns when nothing moves any more.
	enter(l *lane)
	wake(l *lane)
	quiet()
	// leave ends what serves the lanes, but for those that are in a call.
	leave()
	// opens says which group begins, alone whether it is one operation, and control whether its
	// order is the strategy's to choose.
	opens(group []kind.Op)
	alone(yes bool)
	control(on bool)
	// between is a moment between two operations of a lane in a group.
	between()
	// move moves the clock. sleep moves it until the first lane wakes that sleeps, and reports whether one
	// does.
	move(d time.Duration)
	sleep(lanes []*lane) bool
	// now is the virtual time since the program began.
	now() time.Duration
	// seq is the position of this moment in the order of all, 0 if there is none.
	seq() int64
	// waitsFor says what a lane waits for, and cycle which goroutines wait for each other
	// for ever, if that is known.
	waitsFor(l *lane) string
	cycle() string
}

// driver is one program on one subject in one world.
type driver struct {
	p    *program.Program
	s    kind.Subject
	w    world
	rec  *record
	inst kind.Instance

	alone bool    // nothing runs together here, and the driver moves the clock itself
	lanes []*lane // in the order in which they appeared
	hung  string  // goroutines that wait for each other
}

// parts are the operations of the program and of its end, cut into groups; one by one if
// nothing can run together.
func parts(p *program.Program, together bool) (ops []kind.Op, groups [][]kind.Op) {
	ops = slices.Concat(p.Ops, p.Drain())
	if !together {
		for i := range ops {
			ops[i].And = false
		}
	}
	return ops, kind.Groups(ops)
}

// construct makes the subject, and returns what its constructor panics with.
func (d *driver) construct() (broke any) {
	defer func() { broke = recover() }()
	d.inst = d.s.New(d.p.Config, d.w)
	return nil
}

// perform does the program, group by group. Act 1 does what the program says; act 2,
// program.Drain, stops the input and closes, after which nothing may be left. settled is
// called after each group.
//
//go:norace
func (d *driver) perform(groups [][]kind.Op, settled func()) {
	step := 1
	for _, g := range groups {
		d.w.control(step <= len(d.p.Ops)) // what drains is the lab's, and takes the default
		d.rec.begin(step)
		d.w.opens(g)
		d.group(g)
		if d.hung = d.w.cycle(); d.hung != "" {
			return
		}
		settled()
		step += len(g)
	}
	if e, ok := d.inst.(kind.Ending); ok {
		e.AtEnd()
	}
	d.w.leave()
}

// group does one group and waits until everything that follows from it has happened.
//
//go:norace
func (d *driver) group(ops []kind.Op) {
	if o := ops[0]; o.Verb != kind.Advance && !d.p.Kind.IsCall(o) {
		d.inst.Do(nil, o, &kind.Event{})
		d.w.quiet()
		return
	}
	if d.alone && ops[0].Verb == kind.Advance {
		d.w.move(ops[0].Moved())
		d.w.quiet()
		return
	}
	d.w.alone(len(ops) == 1)
	if len(ops) == 1 {
		d.single(ops)
		return
	}
	var busy, free []*lane
	for _, o := range ops {
		l := d.lane(o)
		if !slices.Contains(free, l) && !slices.Contains(busy, l) {
			if l.isBusy() { // since an earlier group
				busy = append(busy, l)
			} else {
				free = append(free, l)
			}
		}
		if slices.Contains(busy, l) {
			d.skip(l, o)
		}
	}
	for _, l := range free {
		l.give(of(l, ops), false)
		d.w.wake(l)
	}
	d.settle()
	for _, l := range free {
		d.unfinished(l)
	}
}

// single does a group of one call.
//
//go:norace
func (d *driver) single(ops []kind.Op) {
	l := d.lane(ops[0])
	if l.isBusy() {
		d.skip(l, ops[0])
		d.w.quiet()
		return
	}
	l.give(ops, false)
	d.w.wake(l)
	d.settle()
	d.unfinished(l)
}

// mostSleeps is how often time passes for calls that sleep, after one group.
const mostSleeps = 50

// settle waits until nothing moves any more. Of a kind whose calls take time those that sleep, which
// nothing else can wake, then have their time.
func (d *driver) settle() {
	d.w.quiet()
	for n := 0; n < mostSleeps && d.p.Kind.TimePasses && d.w.sleep(d.lanes); n++ {
		d.w.quiet()
	}
}

func of(l *lane, ops []kind.Op) []kind.Op {
	var list []kind.Op
	for _, o := range ops {
		if o.Lane == l.Letter {
			list = append(list, o)
		}
	}
	return list
}

// unfinished records that a lane is still in its call, and skips what it has not begun.
func (d *driver) unfinished(l *lane) {
	l.settled()
	if !l.isBusy() {
		return
	}
	if o, fresh := l.stuckIn(); fresh {
		e := kind.Event{Outcome: kind.Waits, Note: d.w.waitsFor(l)}
		d.p.Kind.Label(o, &e)
		d.hand(l, o, &e)
		d.rec.add(e, d.w.seq())
	}
	for _, o := range l.left() {
		d.skip(l, o)
	}
}

func (d *driver) skip(l *lane, o kind.Op) {
	e := kind.Event{Outcome: kind.Skipped}
	e.Source.Lane = l.Letter
	d.p.Kind.Label(o, &e)
	d.rec.add(e, d.w.seq())
}

// lane returns the lane that does an operation. The clock is a lane as well.
func (d *driver) lane(o kind.Op) *lane {
	for _, l := range d.lanes {
		if l.Letter == o.Lane {
			return l
		}
	}
	l := &lane{Lane: kind.Lane{Letter: o.Lane}, alone: d.alone}
	d.lanes = append(d.lanes, l)
	d.w.enter(l)
	return l
}

// serve does what a lane was given.
//
//go:norace
func (d *driver) serve(l *lane) {
	for o, first, ok := l.next(); ok; o, first, ok = l.next() {
		if !first {
			d.w.between()
		}
		d.one(l, o)
	}
}

// one does one operation of a lane: a call for each name of a range.
//
//go:norace
func (d *driver) one(l *lane, o kind.Op) {
	if o.Verb == kind.Advance {
		d.w.move(o.Moved())
		return
	}
	for i, n := int64(0), d.p.Kind.Range(o); i < n; i++ {
		if i > 0 {
			d.w.Between()
		}
		one := d.p.Kind.Nth(o, i)
		began := l.begin(one, d.w.seq())
		d.saysCall(one)
		d.make(l, one)
		d.hand(l, one, &l.event)
		d.saysAnswer(l.event)
		d.rec.add(l.event, began)
	}
}

// make makes a call, and says in the lane's event what came of it. A panic is an outcome.
//
//go:norace
func (d *driver) make(l *lane, o kind.Op) {
	e := &l.event
	*e = kind.Event{}
	defer func() {
		if p := recover(); p != nil {
			if k := d.p.Kind; k.Refused != nil && k.Refused(o, p) {
				e.Outcome = kind.Refused
			} else {
				e.Outcome, e.Note = kind.Broke, fmt.Sprint(p)
			}
		}
	}()
	d.p.Kind.Label(o, e)
	e.Outcome = kind.OK
	d.inst.Do(&l.Lane, o, e)
}

// hand says on an event of a lane what it hands over. It is called for a lane that is
// still in its call, which the race detector need not see.
//
//go:norace
func (d *driver) hand(l *lane, o kind.Op, e *kind.Event) {
	e.Source.Lane = l.Letter
	if d.p.Kind.Ops[o.Verb].Hands {
		e.Items = kind.Span(l.First, l.Next)
	}
}

// stuck reports whether some lane's call has never returned.
func (d *driver) stuck() bool { return slices.ContainsFunc(d.lanes, (*lane).isBusy) }
