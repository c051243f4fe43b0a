package model

import (
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// nextPut returns a step of a Put that may be made at once. An item in the queue binds
// nobody to take it. Two things bind the sender: a Close that is to come may turn him
// away, and the order of the queue. That order is no question if nobody else puts, or if it
// is known, or if the item is dropped anyway.
func (s *state) nextPut(g *together) (next groupMove, ok bool) {
	b := s.batcher
	if b.closed || s.left(g, func(o kind.Op) bool { return o.Verb == spec.Close }) {
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
		if l := &b.lanes[i]; l.verb == spec.Put && !l.blocked {
			note(actor{lane: laneByte(i)})
		}
	}
	for _, h := range b.running {
		if a := (actor{kind.HandlerLane, h.batch[0]}); h.putting && !slices.Contains(b.senders, a) {
			note(a)
		}
	}
	if len(dropped) > 0 {
		return groupMove{kind: askWindow, actor: dropped[0]}, true
	}
	if s.seen != nil && !s.seen.crashed && b.queued < len(b.order) && len(b.senders) == 0 {
		want := b.order[b.queued]
		if i := slices.IndexFunc(ready, func(a actor) bool { return b.nextItem(a) == want }); i >= 0 &&
			want != (kind.Item{}) {
			return groupMove{kind: sendItem, actor: ready[i]}, true
		}
	}
	if len(ready) != 1 || putting != 1 || len(b.senders) > 0 || b.mode == spec.Puts ||
		s.left(g, func(o kind.Op) bool { return o.Verb == spec.Put && o.Lane != ready[0].lane }) {
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
	return id == (kind.Item{}) || known && !b.late.cleanup.is && !(b.late.clock && b.window.expires(b.late.end))
}

// left reports whether some operation of the group has not begun.
func (s *state) left(g *together, is func(kind.Op) bool) bool {
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
