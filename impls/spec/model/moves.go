package model

import (
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// due holds what fires at one instant. The order in which it is acted on matters
// only to a dedup batcher whose handlers put items: see batcher.tie.
type due uint8

const (
	dueTimer due = 1 << iota
	dueRefresh
	dueCleanup
)

// move is one thing that can happen next.
type move struct {
	kind  moveKind
	actor actor         // who puts
	index int           // of a lane of the group, a waiting Trigger, a running handler
	read  time.Duration // what a ticker of the window reads from the clock
}

type moveKind uint8

const (
	moveTime    moveKind = iota
	beginCall            // somebody in the group begins his next operation
	putItem              // an actor puts its next item
	askWindow            // or takes that in two steps: a dedup batcher's Put asks the window,
	sendItem             // and an actor sends its item, or waits for room
	refusePut            // an actor's Put panics, since Close was called
	takeItem             // the worker takes an item
	takeTrigger          // the worker takes a trigger
	fireTimer            // the worker takes the tick of its timer
	startTimer           // of the worker's cycle
	startWait            // of a handler
	refresh              // the window's tickers
	cleanup
	finishWork // the worker ends
	closeDone  // Close returns
)

// moves appends to ms what can happen next, by itself and at this instant. An empty result
// means that the state has settled: only a lane or the clock can move it. More than one
// means that the baseline may do any of them, and that it shows.
//
//go:norace
func (b *batcher) moves(ms []move) []move {
	if b.due != 0 {
		return b.dueMoves(ms)
	}
	if len(b.turned) > 0 {
		return append(ms, move{kind: refusePut, actor: b.turned[0]})
	}
	ms, actors := b.actorMoves(ms)
	item := b.phase == waiting && len(b.queue) > 0
	trigger := b.phase == waiting && len(b.triggers) > 0
	if actors < 2 || b.order != nil {
		// Who puts next is known, and putting commutes with taking: actors put when the
		// worker has nothing to take, or is busy.
		if ms = b.asOrdered(ms); item {
			ms = append(ms[:0], move{kind: takeItem})
		}
	} else if item {
		ms = append(ms, move{kind: takeItem})
	}
	if trigger {
		ms = append(ms, move{kind: takeTrigger})
	}
	switch {
	case len(ms) > 0:
	case b.closed && b.phase == waiting && len(b.senders) == 0:
		ms = append(ms, move{kind: finishWork})
	case b.phase == finished && len(b.running) == 0 && len(b.closers) > 0:
		ms = append(ms, move{kind: closeDone})
	}
	return ms
}

// actorMoves appends what those who are putting can do, and counts them.
//
//go:norace
func (b *batcher) actorMoves(ms []move) ([]move, int) {
	n := 0
	for a := range b.putting {
		n++
		ignored := b.window != nil && b.nextItem(a) == (kind.Item{})
		if !b.closed || ignored || b.phase != finished && b.served(a) {
			ms = append(ms, move{kind: putItem, actor: a})
		}
		if b.closed && !ignored {
			ms = append(ms, move{kind: refusePut, actor: a})
		}
	}
	return ms, n
}

// putting yields those who are in the middle of a Put and do not wait for room.
func (b *batcher) putting(yield func(actor) bool) {
	for i := range b.lanes {
		if l := &b.lanes[i]; l.verb == spec.Put && !l.blocked && !yield(actor{lane: 'a' + byte(i)}) {
			return
		}
	}
	for _, h := range b.running {
		a := actor{kind.HandlerLane, h.batch[0]}
		if h.putting && !slices.Contains(b.senders, a) && !yield(a) {
			return
		}
	}
}

// served reports whether a Put that overlaps Close may have been let in: not if it
// is known that no handler ever got its item, and the window would not drop it.
func (b *batcher) served(a actor) bool {
	if b.window != nil {
		if _, drops := b.window.get(b.nextItem(a).Key); drops {
			return true
		}
	}
	return b.order == nil || b.queued < len(b.order) && b.order[b.queued] == b.nextItem(a)
}

// asOrdered keeps the puts that agree with the known order. If none does, the
// subject has broken the order, and all are kept: let the first line that differs
// tell.
func (b *batcher) asOrdered(ms []move) []move {
	if len(ms) < 2 {
		return ms
	}
	b.chose = true
	if b.queued >= len(b.order) {
		return ms
	}
	for _, m := range ms {
		if m.kind != putItem {
			continue
		}
		id := b.nextItem(m.actor)
		if id == b.order[b.queued] {
			ms[0] = m
			return ms[:1]
		}
	}
	return ms
}

// dueMoves orders what fires at this instant. The window's tickers and the worker's
// timer commute unless the flush leads to a new item, whose fate in the window then
// depends on which came first.
func (b *batcher) dueMoves(ms []move) []move {
	tie := b.mode == spec.Puts && b.due&dueTimer != 0 && len(b.open) > 0
	for _, d := range []struct {
		bit  due
		kind moveKind
	}{{dueRefresh, refresh}, {dueCleanup, cleanup}, {dueTimer, fireTimer}} {
		if b.due&d.bit != 0 && (tie || len(ms) == 0) {
			ms = append(ms, move{kind: d.kind, read: b.now})
		}
	}
	return ms
}

func (b *batcher) do(m move, emit func(kind.Event)) {
	switch m.kind {
	case putItem:
		b.put(m.actor, emit)
	case askWindow:
		b.askWindow(m.actor, emit)
	case sendItem:
		b.send(m.actor, b.nextItem(m.actor), emit)
	case refusePut:
		// What the window has taken stays there, though it is never delivered, and others
		// are dropped for it. The original does that, and the laws say what is wrong with it.
		if len(b.turned) > 0 {
			b.turned = b.turned[1:]
		}
		b.putDone(m.actor, kind.Refused, emit)
	case takeItem:
		b.take(emit)
	case takeTrigger:
		b.takeTrigger(m.index, emit)
	case fireTimer:
		b.flush(emit)
	case startTimer:
		b.unarmed, b.deadline = false, b.now+b.cfg.Timeout
	case startWait:
		b.running = slices.Clone(b.running)
		b.running[m.index].unarmed, b.running[m.index].until = false, b.now+b.takes
	case refresh:
		b.due &^= dueRefresh
		b.window.refresh(m.read)
		b.late.refresh.takes(m.read)
	case cleanup:
		b.due &^= dueCleanup
		b.window.cleanup(m.read)
		b.late.cleanup.takes(m.read)
	case finishWork:
		b.finish(emit)
	case closeDone:
		b.closeDone(emit)
	}
}

// release lets every blocked handler return.
func (b *batcher) release(emit func(kind.Event)) {
	b.endHandlers(func(h handler) bool { return h.until == kind.Never && !h.putting }, emit)
}

// nextInstant is the next time at which something fires by itself.
func (b *batcher) nextInstant() time.Duration {
	next := kind.Never
	if b.phase == waiting {
		next = b.deadline
	}
	for _, h := range b.running {
		next = min(next, h.until)
	}
	return next
}

// reached reports whether it is the given time and everything has fired.
func (b *batcher) reached(to time.Duration) bool {
	return b.now == to && b.due == 0 && b.nextInstant() > to
}

// advance moves time to the next instant at which something fires, or to the given
// one if nothing does before.
func (b *batcher) advance(to time.Duration, emit func(kind.Event)) {
	at := min(b.nextInstant(), to)
	if b.phase == waiting && at == b.deadline && len(b.open) == 0 && len(b.running) == 0 {
		// An idle worker begins a cycle whenever its timer fires. Skip to the last.
		b.deadline += b.cfg.Timeout * time.Duration(ticks(b.deadline, b.cfg.Timeout, to))
		at = to
	}
	b.advanceWindow(at)
	b.now = at
	b.endHandlers(func(h handler) bool { return h.until == at }, emit)
	if b.phase == waiting && b.deadline == at {
		b.due |= dueTimer
	}
}

// advanceWindow moves the window's time, holding back the ticks of the very instant
// if something else may fire at it.
func (b *batcher) advanceWindow(at time.Duration) {
	w := b.window
	if w == nil {
		return
	}
	if w.closed || b.mode != spec.Puts || b.phase != waiting || b.deadline != at {
		w.advance(at)
		return
	}
	w.advance(at - 1)
	w.now = at
	if w.nextRefresh == at {
		w.nextRefresh += w.cfg.Refresh()
		b.due |= dueRefresh
	}
	if w.nextCleanup == at {
		w.nextCleanup += w.cfg.Cleanup()
		b.due |= dueCleanup
	}
}
