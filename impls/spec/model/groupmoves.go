package model

import (
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// groupMove is one thing that can happen next within a group.
type groupMove struct {
	kind  groupMoveKind
	actor actor
	index int // of a lane of the group, a waiting Trigger, a running handler
	read  time.Duration
}

type groupMoveKind uint8

const (
	moveTime    groupMoveKind = iota
	beginClose                // a lane calls Close
	askWindow                 // a dedup batcher's Put asks the window
	sendItem                  // an actor sends its item, or waits for room
	refuseItem                // an actor's Put panics
	receiveItem               // the worker takes an item
	receiveTrigger
	receiveTick
	startTimer  // of the worker's cycle
	startWait   // of a handler
	lateRefresh // a tick of the window takes effect
	lateCleanup
	endWorker
)

// groupMoves appends what can happen next in a group that ends at a time.
func (s *state) groupMoves(g *together, end time.Duration, ms []groupMove) []groupMove {
	b := s.batcher
	if s.clockLeft(g, end) {
		ms = append(ms, groupMove{kind: moveTime})
	}
	for i, lane := range g.lanes {
		if lane != 0 && b.lanes[laneIndex(lane)].verb == 0 && int(s.done[i]) < len(g.ops[i]) { // hasten has left Close only
			ms = append(ms, groupMove{kind: beginClose, index: i})
		}
	}
	for i := range b.lanes {
		if l := &b.lanes[i]; l.verb == spec.Put && !l.blocked {
			ms = b.putMoves(g, actor{lane: laneByte(i)}, ms)
		}
	}
	for _, h := range b.running {
		if a := (actor{kind.HandlerLane, h.batch[0]}); h.putting && !slices.Contains(b.senders, a) {
			ms = b.putMoves(g, a, ms)
		}
	}
	for i, h := range b.running {
		if h.unarmed {
			ms = append(ms, groupMove{kind: startWait, index: i})
		}
	}
	if b.window != nil {
		for _, at := range b.readings(b.late.refresh, b.window.id) {
			ms = append(ms, groupMove{kind: lateRefresh, read: at})
		}
		for _, at := range b.readings(b.late.cleanup, b.window.cutoff) {
			ms = append(ms, groupMove{kind: lateCleanup, read: at})
		}
	}
	return b.workerMoves(ms)
}

// workerMoves appends what the worker can do.
func (b *Batcher) workerMoves(ms []groupMove) []groupMove {
	if b.phase != waiting {
		return ms
	}
	if b.closed && len(b.queue) == 0 && len(b.senders) == 0 {
		ms = append(ms, groupMove{kind: endWorker})
	}
	if b.unarmed {
		return append(ms, groupMove{kind: startTimer})
	}
	if len(b.queue) > 0 {
		ms = append(ms, groupMove{kind: receiveItem})
	}
	for i := range b.triggers {
		ms = append(ms, groupMove{kind: receiveTrigger, index: i})
	}
	if b.due&dueTimer != 0 {
		ms = append(ms, groupMove{kind: receiveTick})
	}
	return ms
}

// putMoves appends what somebody who is putting can do. A Put that overlaps Close is
// delivered or panics. That of a dedup batcher may panic after the window took its key,
// but not when an equal item was dropped since: that one's Put has said that it is taken.
func (b *Batcher) putMoves(g *together, a actor, ms []groupMove) []groupMove {
	p, id := b.putOf(a), b.nextItem(a)
	open := !b.closed || b.phase != finished
	switch {
	case b.window == nil:
	case id == (kind.Item{}):
		return append(ms, groupMove{kind: askWindow, actor: a}) // a nil item is ignored, always
	case !p.won:
		// Once the worker has ended only a duplicate can go through, and only if its Put
		// began before Close did.
		if _, known := b.window.get(id.Key); open || known && !g.closed {
			ms = append(ms, groupMove{kind: askWindow, actor: a})
		}
		if b.closed {
			ms = append(ms, groupMove{kind: refuseItem, actor: a})
		}
		return ms
	}
	if open {
		ms = append(ms, groupMove{kind: sendItem, actor: a})
	}
	if b.closed {
		ms = append(ms, groupMove{kind: refuseItem, actor: a})
	}
	return ms
}

// putOf is how far the Put of an actor is.
func (b *Batcher) putOf(a actor) *putState {
	if a.lane != kind.HandlerLane {
		return &b.lanes[laneIndex(a.lane)].put
	}
	i := slices.IndexFunc(b.running, func(h handler) bool { return h.batch[0] == a.head && h.putting })
	return &b.running[i].put
}

// make makes one move. The alternatives that it leaves open are returned.
func (f *Follower) make(g *together, s *state, m groupMove) []*state {
	b := s.batcher
	emit := func(e kind.Event) { f.emit(s, e) }
	switch m.kind {
	case moveTime:
		s.moveTime(g)
	case beginClose:
		return f.beginClose(g, s, m.index)
	case askWindow:
		b.askWindow(m.actor, emit)
	case sendItem:
		b.send(m.actor, b.nextItem(m.actor), emit)
		// Where the order is known, what was queued otherwise is never delivered so.
		s.dead = s.dead || b.strays && b.queued <= len(b.order) && s.seen != nil && !s.seen.crashed
	case refuseItem:
		// What the window has taken stays there, though it is never delivered, and others
		// are dropped for it. The original does that, and the laws say what is wrong with it.
		b.putDone(m.actor, kind.Refused, emit)
	case receiveItem:
		b.take(emit)
	case receiveTrigger:
		b.takeTriggerOf(m.index, emit)
	case receiveTick:
		b.flush(emit)
	case startTimer:
		b.unarmed, b.deadline = false, b.now+b.cfg.Timeout
	case startWait:
		b.running = slices.Clone(b.running)
		b.running[m.index].unarmed, b.running[m.index].until = false, b.now+b.takes
	case lateRefresh:
		b.window.refresh(m.read)
		b.late.refresh.takes(m.read)
	case lateCleanup:
		b.window.cleanup(m.read)
		b.late.cleanup.takes(m.read)
	case endWorker:
		b.finish(emit)
	}
	return nil
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

func (f *Follower) beginClose(g *together, s *state, i int) []*state {
	o := g.ops[i][s.done[i]]
	s.done[i]++
	var more []*state
	for _, alt := range f.begin(o, s) {
		alt.begun = false
		more = append(more, alt)
	}
	return more
}

// askWindow asks the window whether an actor's item is to be sent on. If it is not, what
// it is equal to may be on its way still, or be refused later.
func (b *Batcher) askWindow(a actor, emit func(kind.Event)) {
	id := b.nextItem(a)
	b.running = slices.Clone(b.running)
	if id != (kind.Item{}) && b.window.set(id.Key, 0) {
		b.putOf(a).won = true
		return
	}
	b.putDone(a, kind.OK, emit)
}
