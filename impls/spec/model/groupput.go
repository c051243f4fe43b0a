package model

import (
	"slices"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// won is whether the window has taken the key of an actor's item, which is not sent yet.
func (b *batcher) won(a actor) *bool {
	if a.lane != kind.HandlerLane {
		return &b.lane(a.lane).won
	}
	i := slices.IndexFunc(b.running, func(h handler) bool { return h.batch[0] == a.head && h.putting })
	return &b.running[i].won
}

// sends reports whether an actor has nothing to ask before it sends its item.
func (b *batcher) sends(a actor) bool { return b.window == nil || *b.won(a) }

// putMoves appends what somebody who is putting can do. A Put that overlaps Close is
// delivered or panics. That of a dedup batcher may panic after the window took its key,
// but not when an equal item was dropped since: that one's Put has said that it is taken.
func (b *batcher) putMoves(g *together, a actor, ms []move) []move {
	next, open := sendItem, !b.closed || b.phase != finished
	if !b.sends(a) {
		id := b.nextItem(a)
		if next = askWindow; id == (kind.Item{}) {
			return append(ms, move{kind: next, actor: a}) // a nil item is ignored, always
		}
		// Once the worker has ended only a duplicate can go through, and only if its Put
		// began before Close did.
		_, known := b.window.get(id.Key)
		open = open || known && !g.closed
	}
	if open {
		ms = append(ms, move{kind: next, actor: a})
	}
	if b.closed {
		ms = append(ms, move{kind: refusePut, actor: a})
	}
	return ms
}

// askWindow asks the window whether an actor's item is to be sent on. If it is not, what
// it is equal to may be on its way still, or be refused later.
func (b *batcher) askWindow(a actor, emit func(kind.Event)) {
	id := b.nextItem(a)
	b.running = slices.Clone(b.running)
	if id != (kind.Item{}) && b.window.set(id.Key, 0) {
		*b.won(a) = true
		return
	}
	b.putDone(a, kind.OK, emit)
}

// nextPut returns a step of a Put that may be made at once. An item in the queue binds
// nobody to take it. Two things bind the sender: a Close that is to come may turn him
// away, and the order of the queue. That order is no question if nobody else puts, or if it
// is known, or if the item is dropped anyway.
func (s *state) nextPut(g *together) (next move, ok bool) {
	b := s.batcher
	if b.closed || s.left(g, func(o kind.Op) bool { return o.Verb == spec.Close }) {
		return next, false
	}
	var ready []actor
	putting := 0
	for a := range b.putting {
		if b.isDropped(a) {
			return move{kind: askWindow, actor: a}, true
		}
		if putting++; b.sends(a) {
			ready = append(ready, a)
		}
	}
	if s.seen != nil && !s.seen.crashed && b.queued < len(b.order) && len(b.senders) == 0 {
		want := b.order[b.queued]
		if i := slices.IndexFunc(ready, func(a actor) bool { return b.nextItem(a) == want }); i >= 0 &&
			want != (kind.Item{}) {
			return move{kind: sendItem, actor: ready[i]}, true
		}
	}
	if len(ready) != 1 || putting != 1 || len(b.senders) > 0 || b.mode == spec.Puts ||
		s.left(g, func(o kind.Op) bool { return o.Verb == spec.Put && o.Lane != ready[0].lane }) {
		return next, false
	}
	return move{kind: sendItem, actor: ready[0]}, true
}

// isDropped reports whether a dedup batcher drops an actor's item whenever it asks.
func (b *batcher) isDropped(a actor) bool {
	if b.sends(a) {
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
