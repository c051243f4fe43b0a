package model

import (
	"fmt"
	"slices"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// together is a group of operations that run together, by who does them.
type together struct {
	lanes  []byte // 0 is the clock
	ops    [][]kind.Op
	closed bool // Close was called in an earlier group
}

func newTogether(ops []kind.Op) *together {
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
func (f *Follower) StepGroup(ops []kind.Op, seen []kind.Event) bool {
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
	f.seen.group(seen)
	for _, s := range f.states {
		s.seen = &f.seen
		s.cursor = make([]int, len(f.seen.events))
	}
	f.states = slices.DeleteFunc(f.runGroup(newTogether(ops), f.states), func(s *state) bool { return !s.complete() })
	f.step += len(ops) - 1
	return len(f.states) > 0 && f.err == nil
}

// GroupOutcomes returns what may be seen during a group, like Outcomes.
func (f *Follower) GroupOutcomes(ops []kind.Op, limit int) [][]kind.Event {
	var outs [][]kind.Event
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
			outs = append(outs, kind.Canonical(r.out))
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
			f.now += o.Moved()
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
		if l := &s.batcher.lanes[i]; l.verb == spec.Put && !l.blocked {
			return true
		}
	}
	return false
}

// skip skips what is left of a lane's operations.
func (f *Follower) skip(g *together, s *state, i int) {
	for _, o := range g.ops[i][s.done[i]:] {
		f.emit(s, kind.Event{Source: kind.Source{Lane: o.Lane}, Verb: o.Verb, Outcome: kind.Skipped})
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
			s.batcher.waits(kind.Op{Lane: lane}, func(e kind.Event) { f.emit(s, e) })
			f.skip(g, s, i)
		}
	}
}

// hasten makes the moves that commute with whatever else may happen, so that nobody can
// tell that they were not made later.
func (f *Follower) hasten(g *together, s *state) {
	b := s.batcher
	emit := func(e kind.Event) { f.emit(s, e) }
	for again := true; again && !s.dead && !b.crashed; {
		again = false
		for i, lane := range g.lanes {
			// A Put or Trigger that has begun and of which nothing has come has not begun.
			for lane != 0 && b.lanes[laneIndex(lane)].verb == 0 && int(s.done[i]) < len(g.ops[i]) &&
				g.ops[i][s.done[i]].Verb != spec.Close {
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
