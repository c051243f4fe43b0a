package sim

import (
	"slices"
	"time"
	"unsafe"

	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/subject"
	"batchlab/sim/weave/rt"
)

// stage is what the lanes and handlers of an explored run share with the lab. One of
// them moves at a time, so it needs no lock, and must have none: a lock would order what
// the lanes do in the eyes of the race detector, and hide the races of the subject. For
// the same reason whatever touches it is marked norace, without append, copy and map.
type stage struct {
	step int
	at   time.Duration

	events []subject.Event
	began  []int64
	ended  []int64
	n      int

	coarse  *sched.Coarse // if that is the strategy,
	choices []int         // how many choices it had made before each event
	guide   *guide        // who leads it, if somebody does

	items  []*subject.Item
	ids    []subject.ItemID
	nitems int

	held  []lease
	nheld int

	mode  program.Mode
	takes time.Duration
	gate  chan struct{}
}

//go:norace
func newStage(strategy sched.Strategy) *stage {
	const room = 32
	s := &stage{
		gate:   make(chan struct{}),
		events: make([]subject.Event, room), began: make([]int64, room), ended: make([]int64, room),
		items: make([]*subject.Item, room), ids: make([]subject.ItemID, room), held: make([]lease, room),
	}
	if c, ok := strategy.(*sched.Coarse); ok {
		s.coarse, s.choices = c, make([]int, room)
	}
	return s
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

// add records an event that is happening. It began, if it is the end of a call, at the
// given count.
//
//go:norace
func (s *stage) add(e subject.Event, began int64) {
	if s.n == len(s.events) {
		s.events, s.began, s.ended = twice(s.events), twice(s.began), twice(s.ended)
	}
	e.Step, e.At = s.step, s.at
	s.events[s.n], s.began[s.n], s.ended[s.n] = e, began, rt.Seq()
	if s.guide != nil && e.Source.Lane != subject.HandlerLane && e.Outcome != subject.Waits {
		s.guide.did(e.Source.Lane)
	}
	if s.coarse != nil {
		if s.n >= len(s.choices) {
			s.choices = twice(s.choices)
		}
		s.choices[s.n] = s.coarse.Made()
	}
	s.n++
}

// between tells a coarse schedule that whoever has the turn is not inside a call.
//
//go:norace
func (s *stage) between() {
	if s != nil && s.coarse != nil {
		s.coarse.Between(rt.Self())
	}
}

// name makes the item that an id stands for.
//
//go:norace
func (s *stage) name(id subject.ItemID) *subject.Item {
	item := &subject.Item{Key: int(id.Key)}
	if s.nitems == len(s.items) {
		s.items, s.ids = twice(s.items), twice(s.ids)
	}
	s.items[s.nitems], s.ids[s.nitems] = item, id
	s.nitems++
	return item
}

//go:norace
func (s *stage) idOf(item *subject.Item) subject.ItemID {
	if item == nil {
		return subject.ItemID{}
	}
	for i := range s.nitems {
		if s.items[i] == item {
			return s.ids[i]
		}
	}
	return subject.ItemID{Lane: '?'}
}

// accept names the items of a batch and says what is to be done with it. It reads the
// slice as a handler does: if somebody writes to it at the same time, that is a race.
func (s *stage) accept(slice []*subject.Item) (l lease, m program.Mode, takes time.Duration, gate chan struct{}) {
	ids := make([]subject.ItemID, len(slice))
	for i, item := range slice {
		ids[i] = s.idOf(item)
	}
	m, takes, gate = s.told()
	return lease{slice: slice, was: slices.Clone(slice), batch: ids}, m, takes, gate
}

//go:norace
func (s *stage) told() (program.Mode, time.Duration, chan struct{}) { return s.mode, s.takes, s.gate }

//go:norace
func (s *stage) tell(m program.Mode, takes time.Duration) { s.mode, s.takes = m, takes }

// open opens the gate and puts up a new one.
//
//go:norace
func (s *stage) open() {
	close(s.gate)
	s.gate = make(chan struct{})
}

//go:norace
func (s *stage) keep(l lease) {
	if s.nheld == len(s.held) {
		s.held = twice(s.held)
	}
	s.held[s.nheld] = l
	s.nheld++
}

// player is a lane of an explored run, or its clock.
type player struct {
	client
	name string
	ops  []program.Op
	has  bool // it has operations to do
	quit bool
	in   program.Op // the call that it is in
	busy bool
	told bool // that it waits has been recorded
	edge byte // for the race detector: groups are settled, so what was done in one happened before the next
}

//go:norace
func (p *player) give(ops []program.Op, quit bool) {
	p.ops, p.has, p.quit = ops, true, quit
	rt.Release(unsafe.Pointer(&p.edge))
}

//go:norace
func (p *player) next() (o program.Op, first, ok bool) {
	if p.has {
		first = true
		rt.Acquire(unsafe.Pointer(&p.edge))
	}
	p.has, p.busy = false, false
	if len(p.ops) == 0 {
		rt.Release(unsafe.Pointer(&p.edge))
		return o, false, false
	}
	o = p.ops[0]
	p.ops, p.in, p.busy, p.told = p.ops[1:], o, true, false
	return o, first, true
}

//go:norace
func (p *player) await() (more bool) {
	rt.Await(&p.has, "its next operation")
	return !p.quit
}

// left returns the operations that a player has not begun, and takes them from it.
//
//go:norace
func (p *player) left() []program.Op {
	ops := p.ops
	p.ops = nil
	return ops
}

//go:norace
func (p *player) stuckIn() (o program.Op, told, busy bool) {
	o, told, busy = p.in, p.told, p.busy
	p.told = true
	return o, told, busy
}
