package model

import (
	"fmt"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// together is a group of operations that run together, by who does them.
type together struct {
	lanes  []byte // 0 is the clock
	ops    [][]program.Op
	closed bool // Close was called in an earlier group
}

func newTogether(ops []program.Op) *together {
	g := &together{}
	for _, o := range ops {
		i := slices.Index(g.lanes, o.Lane)
		if i < 0 {
			i = len(g.lanes)
			g.lanes = append(g.lanes, o.Lane)
			g.ops = append(g.ops, nil)
		}
		g.ops[i] = append(g.ops[i], o)
	}
	return g
}

// StepGroup follows a group of operations that run together, during which the given
// events were seen, in canonical order. It reports whether the specification allows that.
// After a false, use a new Follower. Groups are for batchers; a map's answers are judged
// by an order of its calls.
//
// All events carry the number of the group's first operation and the time of its end.
// The calls of a lane begin in their order, each at any moment after the one before it
// has returned, and the clock moves whenever it likes: see late. Nothing that Step saves
// by knowing that all was quiet before holds here, so every next move is followed but
// for those that nobody could tell from a later one: see hasten.
func (f *Follower) StepGroup(ops []program.Op, seen []subject.Event) bool {
	if f.states[0].batcher == nil {
		panic("model: StepGroup: a map's groups are not followed")
	}
	if len(ops) == 1 { // all goes quiet after it, and at each instant if it moves the clock
		f.stamps = true
		ok := f.Step(ops[0], seen)
		f.stamps = false
		return ok
	}
	f.step++
	obs := group(seen)
	for _, s := range f.states {
		s.seen = obs
		s.cursor = make([]int, len(obs.events))
	}
	f.states = slices.DeleteFunc(f.runGroup(newTogether(ops), f.states), func(s *state) bool { return !s.complete() })
	f.step += len(ops) - 1
	return len(f.states) > 0 && f.err == nil
}

// GroupOutcomes returns what may be seen during a group, like Outcomes.
func (f *Follower) GroupOutcomes(ops []program.Op, limit int) [][]subject.Event {
	var outs [][]subject.Event
	for _, s := range f.states {
		free := &Follower{step: f.step + 1, now: f.now, stamps: true, most: 1000 + 4*limit}
		c := s.clone()
		c.seen, c.out, c.said = nil, nil, 0
		var ends []*state
		if len(ops) == 1 {
			ends = free.run(ops[0], []*state{c})
		} else {
			ends = free.runGroup(newTogether(ops), []*state{c})
		}
		for _, r := range ends {
			if len(outs) == limit {
				return outs
			}
			outs = append(outs, Canonical(r.out))
		}
	}
	return outs
}

func (f *Follower) runGroup(g *together, states []*state) []*state {
	f.branched, f.stamps = true, true
	defer func() { f.stamps = false }()
	begun := f.now
	clock := slices.Index(g.lanes, 0)
	if clock >= 0 {
		for _, o := range g.ops[clock] {
			f.now += o.D
		}
	}
	for _, s := range states {
		b := s.batcher
		b.late.clock, b.late.end = clock >= 0, f.now
		s.done, s.until = make([]uint8, len(g.lanes)), begun
		g.closed = b.closed
		for i, lane := range g.lanes {
			if lane != 0 && b.lanes[laneIndex(lane)].verb != 0 { // still in a call of an earlier group
				f.skip(g, s, i)
			}
		}
	}
	var settled []*state
	visited := map[string]bool{}
	todo := slices.Clone(states)
	for len(todo) > 0 && f.err == nil {
		s := todo[len(todo)-1]
		todo = f.follow(g, s, todo[:len(todo)-1], visited)
		if s.dead || s.moving(g) {
			continue
		}
		f.showWaits(g, s)
		if k := "settled " + s.key(); !s.dead && !visited[k] {
			visited[k] = true
			s.batcher.late.clock = false
			s.done = nil
			settled = append(settled, s)
		}
	}
	return settled
}

// follow takes a state as far as it goes without a choice, and then appends one state for
// each move to todo. A state that is at an end is left as it is.
func (f *Follower) follow(g *together, s *state, todo []*state, visited map[string]bool) []*state {
	var buf [16]groupMove
	for {
		f.hasten(g, s)
		if s.dead || s.batcher.crashed {
			return todo
		}
		ms := s.groupMoves(g, f.now, buf[:0])
		switch len(ms) {
		case 0:
			s.dead = s.midway()
			return todo
		case 1:
			todo = append(todo, f.make(g, s, ms[0])...)
			continue
		}
		k := s.key()
		if visited[k] {
			s.dead = true
			return todo
		}
		if visited[k] = true; len(visited) > f.most {
			f.err = fmt.Errorf("step %d: the model could be in more than %d states", f.step, f.most)
			return todo
		}
		for _, m := range ms {
			c := s.clone()
			todo = append(todo, f.make(g, c, m)...)
			todo = append(todo, c)
		}
		s.dead = true // its successors go on instead
		return todo
	}
}

// moving reports whether somebody has operations left that he could begin.
func (s *state) moving(g *together) bool {
	if s.batcher.crashed {
		return false
	}
	for i, lane := range g.lanes {
		if int(s.done[i]) < len(g.ops[i]) && (lane == 0 || s.batcher.lanes[laneIndex(lane)].verb == 0) {
			return true
		}
	}
	return false
}

// midway reports whether somebody is in the middle of a Put and cannot go on: it has
// promised what it cannot keep, and so the state is none.
func (s *state) midway() bool {
	for i := range s.batcher.lanes {
		if l := &s.batcher.lanes[i]; l.verb == subject.Put && !l.blocked {
			return true
		}
	}
	return false
}

// skip skips what is left of a lane's operations.
func (f *Follower) skip(g *together, s *state, i int) {
	for _, o := range g.ops[i][s.done[i]:] {
		f.emit(s, subject.Event{Source: subject.Source{Lane: o.Lane}, Verb: callVerb(o.Verb), Outcome: subject.Skipped})
	}
	s.done[i] = uint8(len(g.ops[i]))
}

// showWaits shows the calls that have not returned at the end of the group, and skips what
// was to come after them.
func (f *Follower) showWaits(g *together, s *state) {
	if s.batcher.crashed {
		return
	}
	for i, lane := range g.lanes {
		if lane != 0 {
			s.batcher.waits(program.Op{Lane: lane}, func(e subject.Event) { f.emit(s, e) })
			f.skip(g, s, i)
		}
	}
}

// hasten makes the moves that commute with whatever else may happen, so that nobody can
// tell that they were not made later.
func (f *Follower) hasten(g *together, s *state) {
	b := s.batcher
	emit := func(e subject.Event) { f.emit(s, e) }
	for again := true; again && !s.dead && !b.crashed; {
		again = false
		for i, lane := range g.lanes {
			// A Put or Trigger that has begun and of which nothing has come has not begun.
			for lane != 0 && b.lanes[laneIndex(lane)].verb == 0 && int(s.done[i]) < len(g.ops[i]) && g.ops[i][s.done[i]].Verb != program.Close {
				o := g.ops[i][s.done[i]]
				s.done[i]++
				b.call(o, emit)
				again = true
			}
		}
		for len(b.turned) > 0 {
			b.do(move{refusePut, b.turned[0]}, emit)
			again = true
		}
		for i := 0; i < len(b.running); i++ { // what the worker does then, it may do later
			if b.running[i].until <= b.now {
				b.endHandler(i, emit)
				i, again = i-1, true
			}
		}
		if b.now == f.now && s.armAll() { // the clock does not move any more
			again = true
		}
		if b.phase == finished && len(b.running) == 0 && len(b.closers) > 0 {
			b.closeDone(emit)
			again = true
		}
		if m, ok := s.nextPut(g); ok {
			f.make(g, s, m)
			again = true
		}
	}
}

// nextPut returns a step of a Put that may be made at once. An item in the queue binds
// nobody to take it. Two things bind the sender: a Close that is to come may turn him
// away, and the order of the queue. That order is no question if nobody else puts, or if it
// is known, or if the item is dropped anyway.
func (s *state) nextPut(g *together) (next groupMove, ok bool) {
	b := s.batcher
	if b.closed || s.left(g, func(o program.Op) bool { return o.Verb == program.Close }) {
		return next, false
	}
	var ready, dropped []actor
	putting := 0
	note := func(a actor) {
		putting++
		if b.isDropped(a) {
			dropped = append(dropped, a)
		}
		if b.window == nil || b.putOf(a).won {
			ready = append(ready, a)
		}
	}
	for i := range b.lanes {
		if l := &b.lanes[i]; l.verb == subject.Put && !l.blocked {
			note(actor{lane: laneByte(i)})
		}
	}
	for _, h := range b.running {
		if a := (actor{subject.HandlerLane, h.batch[0]}); h.putting && !slices.Contains(b.senders, a) {
			note(a)
		}
	}
	if len(dropped) > 0 {
		return groupMove{kind: askWindow, actor: dropped[0]}, true
	}
	if s.seen != nil && !s.seen.crashed && b.queued < len(b.order) && len(b.senders) == 0 {
		want := b.order[b.queued]
		if i := slices.IndexFunc(ready, func(a actor) bool { return b.nextItem(a) == want }); i >= 0 && want != (subject.ItemID{}) {
			return groupMove{kind: sendItem, actor: ready[i]}, true
		}
	}
	if len(ready) != 1 || putting != 1 || len(b.senders) > 0 || b.mode == program.Puts || s.left(g, func(o program.Op) bool { return o.Verb == program.Put && o.Lane != ready[0].lane }) {
		return next, false
	}
	return groupMove{kind: sendItem, actor: ready[0]}, true
}

// isDropped reports whether a dedup batcher drops an actor's item whenever it asks.
func (b *Batcher) isDropped(a actor) bool {
	if b.window == nil || b.putOf(a).won {
		return false
	}
	id := b.nextItem(a)
	_, known := b.window.get(id.Key)
	return id == (subject.ItemID{}) || known && !b.late.cleanup.is && !(b.late.clock && b.window.expires(b.late.end))
}

// left reports whether some operation of the group has not begun.
func (s *state) left(g *together, is func(program.Op) bool) bool {
	for i, ops := range g.ops {
		if slices.ContainsFunc(ops[s.done[i]:], is) {
			return true
		}
	}
	return false
}

// armAll starts all timers that have a reason to run.
func (s *state) armAll() bool {
	b := s.batcher
	moved := false
	if b.unarmed && b.phase == waiting {
		b.unarmed, b.deadline = false, b.now+b.cfg.Timeout
		moved = true
	}
	for i := range b.running {
		if b.running[i].unarmed {
			b.running = slices.Clone(b.running)
			b.running[i].unarmed, b.running[i].until = false, b.now+b.takes
			moved = true
		}
	}
	return moved
}

// clockLeft reports whether the clock has more to do in this group.
func (s *state) clockLeft(g *together, end time.Duration) bool {
	return s.batcher.now < end && slices.Contains(g.lanes, 0)
}
