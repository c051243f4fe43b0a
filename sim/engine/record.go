package engine

import (
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// record collects the events of a run. It is written by whoever something happens to, one
// at a time: in a bubble they lock, under a scheduler one of them moves at a time. There
// it must not lock, for a lock would order what the lanes do in the eyes of the race
// detector, and hide the races of the subject. For the same reason whatever touches it is
// marked norace, without append, copy and map.
type record struct {
	w    world
	step int

	events []kind.Event
	began  []int64
	ended  []int64
	n      int
	shown  int // how many have left it

	made    func() int // of a coarse schedule: how many choices it has made
	choices []int      // how many it had made before each event
	leader  Leader     // who leads it, if somebody does
}

func newRecord(room int) *record {
	return &record{events: make([]kind.Event, room), began: make([]int64, room), ended: make([]int64, room)}
}

// Memory is room for the events of runs, one after another: the run that had it is valid
// until it is used again. Fresh memory for each run costs more than all else under the race
// detector. What it knows of the last program serves all subjects that run it.
type Memory struct {
	r      record
	p      *program.Program // the last, which was valid
	ops    []kind.Op        // its parts
	groups [][]kind.Op
}

const room = 64

func (m *Memory) record() *record {
	if m == nil || m.r.events == nil {
		return newRecord(room)
	}
	r := m.r
	clear(r.events[:r.n])
	r.n, r.shown = 0, 0
	return &r
}

func (m *Memory) keep(r *record) {
	if m != nil {
		m.r = record{events: r.events, began: r.began, ended: r.ended, n: r.n}
	}
}

// parts are the parts of a program that can run on the subject, one operation a group.
func (m *Memory) parts(p *program.Program, s kind.Subject) (ops []kind.Op, groups [][]kind.Op, err error) {
	if m != nil && m.p == p {
		return m.ops, m.groups, fits(p, s)
	}
	if err := CanRun(p, s); err != nil {
		return nil, nil, err
	}
	ops, groups = parts(p, false)
	if m != nil {
		m.p, m.ops, m.groups = p, ops, groups
	}
	return ops, groups, nil
}

// twice is a copy with twice the room.
//
//go:norace
func twice[T any](list []T) []T {
	more := make([]T, 2*len(list))
	//lint:ignore S1001 copy is reported by the race detector from within the runtime
	for i := range list {
		more[i] = list[i]
	}
	return more
}

// begin begins a step. That is when all is quiet, and so is the end of one: what happens in
// between comes after the one and before the other, and there is nothing to lock.
//
//go:norace
func (r *record) begin(step int) { r.step = step }

// current is the step that is under way.
//
//go:norace
func (r *record) current() int { return r.step }

// add records an event that is happening. It began, if it is the end of a call, at the
// given count.
//
//go:norace
func (r *record) add(e kind.Event, began int64) { r.addAt(e, began, r.w.now()) }

//go:norace
func (r *record) addAt(e kind.Event, began int64, at time.Duration) {
	r.w.Lock()
	if r.n == len(r.events) {
		r.events, r.began, r.ended = twice(r.events), twice(r.began), twice(r.ended)
	}
	e.Step, e.At = r.step, at
	r.events[r.n], r.began[r.n], r.ended[r.n] = e, began, r.w.seq()
	if r.leader != nil && e.Source.Lane != kind.HandlerLane && e.Outcome != kind.Waits {
		r.leader.Did(e.Source.Lane)
	}
	if r.made != nil {
		if r.n >= len(r.choices) {
			r.choices = twice(r.choices)
		}
		r.choices[r.n] = r.made()
	}
	r.n++
	r.w.Unlock()
}

// fresh returns the events since the last time, in canonical order, when all is quiet.
//
//go:norace
func (r *record) fresh() []kind.Event {
	list := kind.Canonical(r.events[r.shown:r.n:r.n])
	r.shown = r.n
	return list
}

// run is the record as judges read it.
func (d *driver) run(ops []kind.Op) kind.Run {
	r := d.rec
	if d.p.Kind.Over != nil {
		d.p.Kind.Over(r.events[:r.n])
	}
	return kind.Run{
		Kind: d.p.Kind, Config: d.p.Config, Ops: ops, Traits: d.s.Traits(),
		Events: r.events[:r.n],
	}
}

// Told is a run of which the events are known, as they were told while it went on.
func Told(p *program.Program, s kind.Subject, events []kind.Event) kind.Run {
	ops, _ := parts(p, false)
	return kind.Run{Kind: p.Kind, Config: p.Config, Ops: ops, Traits: s.Traits(), Events: events}
}
