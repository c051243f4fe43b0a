package model

import (
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// The calls of a lane of a group begin in their order, each at any moment after the one
// before it has returned, and the clock moves whenever it likes: see late. Nothing that is
// saved by knowing that all was quiet before holds here, so every next move is followed but
// for those that nobody could tell from a later one: see hasten.

// beginTogether begins a group of several operations.
func (f *Follower) beginTogether(g *together, s *state) {
	b := s.batcher
	b.late.clock, b.late.end = slices.Contains(g.lanes, 0), f.now
	g.closed = b.closed
	for i, lane := range g.lanes {
		if lane != 0 && b.lane(lane).verb != 0 { // still in a call of an earlier group
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
			for lane != 0 && b.lane(lane).verb == 0 && int(s.done[i]) < len(g.ops[i]) &&
				g.ops[i][s.done[i]].Verb != spec.Close {
				o := g.ops[i][s.done[i]]
				s.done[i]++
				b.call(o, emit)
				again = true
			}
		}
		for len(b.turned) > 0 {
			b.do(move{kind: refusePut, actor: b.turned[0]}, emit)
			again = true
		}
		// What the worker does when a handler has returned, it may do later.
		again = b.endHandlers(func(h handler) bool { return h.until <= b.now }, emit) || again
		if b.now == f.now { // the clock does not move any more
			again = b.armAll() || again
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

// armAll starts all timers that have a reason to run, and reports whether there are any.
func (b *batcher) armAll() (some bool) {
	if some = b.unarmed && b.phase == waiting; some {
		b.do(move{kind: startTimer}, nil)
	}
	for i := range b.running {
		if b.running[i].unarmed {
			b.do(move{kind: startWait, index: i}, nil)
			some = true
		}
	}
	return some
}

// groupMoves appends what can happen next in a group that ends at a time.
func (s *state) groupMoves(g *together, end time.Duration, ms []move) []move {
	b := s.batcher
	for i, lane := range g.lanes {
		switch {
		case lane == 0 && b.now < end:
			ms = append(ms, move{kind: moveTime})
		case lane != 0 && b.lane(lane).verb == 0 && int(s.done[i]) < len(g.ops[i]): // hasten has left Close only
			ms = append(ms, move{kind: beginCall, index: i})
		}
	}
	for a := range b.putting {
		ms = b.putMoves(g, a, ms)
	}
	for i, h := range b.running {
		if h.unarmed {
			ms = append(ms, move{kind: startWait, index: i})
		}
	}
	if b.window != nil {
		for _, at := range b.readings(b.late.refresh, b.window.id) {
			ms = append(ms, move{kind: refresh, read: at})
		}
		for _, at := range b.readings(b.late.cleanup, b.window.cutoff) {
			ms = append(ms, move{kind: cleanup, read: at})
		}
	}
	return b.workerMoves(ms)
}

// workerMoves appends what the worker can do.
func (b *batcher) workerMoves(ms []move) []move {
	if b.phase != waiting {
		return ms
	}
	if b.closed && len(b.queue) == 0 && len(b.senders) == 0 {
		ms = append(ms, move{kind: finishWork})
	}
	if b.unarmed {
		return append(ms, move{kind: startTimer})
	}
	if len(b.queue) > 0 {
		ms = append(ms, move{kind: takeItem})
	}
	for i := range b.triggers {
		ms = append(ms, move{kind: takeTrigger, index: i})
	}
	if b.due&dueTimer != 0 {
		ms = append(ms, move{kind: fireTimer})
	}
	return ms
}

// moveTime moves the clock to where it stops next, in its next operation if it is at the
// end of one.
func (s *state) moveTime(g *together) {
	clock := slices.Index(g.lanes, 0)
	if s.batcher.now == s.until {
		s.until += g.ops[clock][s.done[clock]].Moved()
		s.done[clock]++
	}
	s.batcher.moveClock(s.until)
}
