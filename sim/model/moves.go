package model

import (
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// due holds what fires at one instant. The order in which it is acted on matters
// only to a dedup batcher whose handlers put items: see Batcher.tie.
type due uint8

const (
	dueTimer due = 1 << iota
	dueRefresh
	dueCleanup
)

// move is one thing that can happen next, by itself and at this instant.
type move struct {
	kind  moveKind
	actor actor // of putItem and refusePut
}

type moveKind uint8

const (
	putItem     moveKind = iota // an actor puts its next item
	refusePut                   // an actor's Put panics, since Close was called
	takeItem                    // the worker takes an item
	takeTrigger                 // the worker takes a trigger
	fireTimer                   // the worker takes the tick of its timer
	refresh                     // the window's tickers
	cleanup
	finishWork // the worker ends
	closeDone  // Close returns
)

// moves appends to ms what can happen next. An empty result means that the state
// has settled: only a lane or the clock can move it. More than one means that the
// baseline may do any of them, and that it shows.
func (b *Batcher) moves(ms []move) []move {
	if b.crashed {
		return ms
	}
	if b.due != 0 {
		return b.dueMoves(ms)
	}
	if len(b.turned) > 0 {
		return append(ms, move{refusePut, b.turned[0]})
	}
	ms, actors := b.actorMoves(ms)
	item := b.phase == waiting && len(b.queue) > 0
	trigger := b.phase == waiting && len(b.triggers) > 0
	switch {
	case trigger && (item || actors > 0) || item && actors > 1:
		// A true race: keep every alternative.
		if trigger {
			ms = append(ms, move{kind: takeTrigger})
		}
		if item {
			ms = append(ms, move{kind: takeItem})
		}
	case item:
		// One actor at most, which can only add to the far end of the queue, up to
		// the same item whoever goes first. The worker goes first.
		ms = append(ms[:0], move{kind: takeItem})
	case trigger:
		ms = append(ms, move{kind: takeTrigger})
	case actors > 0:
	case b.closed && b.phase == waiting && len(b.senders) == 0:
		ms = append(ms, move{kind: finishWork})
	case b.phase == finished && len(b.running) == 0 && len(b.closers) > 0:
		ms = append(ms, move{kind: closeDone})
	}
	return ms
}

// actorMoves appends what those who are putting can do, and counts them.
func (b *Batcher) actorMoves(ms []move) ([]move, int) {
	n := 0
	add := func(a actor) {
		n++
		if b.phase != finished {
			ms = append(ms, move{putItem, a})
		}
		if b.closed {
			ms = append(ms, move{refusePut, a})
		}
	}
	for i := range b.lanes {
		if l := &b.lanes[i]; l.verb == subject.Put && !l.blocked {
			add(actor{lane: laneByte(i)})
		}
	}
	for _, h := range b.running {
		if a := (actor{subject.HandlerLane, h.batch[0]}); h.putting && !slices.Contains(b.senders, a) {
			add(a)
		}
	}
	return ms, n
}

// dueMoves orders what fires at this instant. The window's tickers and the worker's
// timer commute unless the flush leads to a new item, whose fate in the window then
// depends on which came first.
func (b *Batcher) dueMoves(ms []move) []move {
	tie := b.mode == program.Puts && b.due&dueTimer != 0 && len(b.open) > 0
	for _, d := range []struct {
		bit  due
		kind moveKind
	}{{dueRefresh, refresh}, {dueCleanup, cleanup}, {dueTimer, fireTimer}} {
		if b.due&d.bit != 0 && (tie || len(ms) == 0) {
			ms = append(ms, move{kind: d.kind})
		}
	}
	return ms
}

// do makes one move.
func (b *Batcher) do(m move, emit func(subject.Event)) {
	switch m.kind {
	case putItem:
		b.put(m.actor, emit)
	case refusePut:
		if len(b.turned) > 0 {
			b.turned = b.turned[1:]
		}
		b.putDone(m.actor, subject.Panics, emit)
	case takeItem:
		b.take(emit)
	case takeTrigger:
		b.takeTrigger(emit)
	case fireTimer:
		b.flush(emit)
	case refresh:
		b.due &^= dueRefresh
		b.window.refresh(b.now)
	case cleanup:
		b.due &^= dueCleanup
		b.window.cleanup(b.now)
	case finishWork:
		b.finish(emit)
	case closeDone:
		b.closeDone(emit)
	}
}

// release lets every blocked handler return.
func (b *Batcher) release(emit func(subject.Event)) {
	for i := 0; i < len(b.running); i++ {
		if h := b.running[i]; h.until == never && !h.putting {
			b.endHandler(i, emit)
			i--
		}
	}
}

// nextInstant is the next time at which something fires by itself.
func (b *Batcher) nextInstant() time.Duration {
	next := never
	if b.phase == waiting {
		next = b.deadline
	}
	for _, h := range b.running {
		next = min(next, h.until)
	}
	return next
}

// advance moves time to the next instant at which something fires, or to the given
// one if nothing does before. It reports whether the given one is reached and
// nothing is left to fire.
func (b *Batcher) advance(to time.Duration, emit func(subject.Event)) bool {
	at := min(b.nextInstant(), to)
	if b.phase == waiting && at == b.deadline && len(b.open) == 0 && len(b.running) == 0 {
		// An idle worker begins a cycle whenever its timer fires. Skip to the last.
		b.deadline += b.cfg.Timeout * time.Duration(ticks(b.deadline, b.cfg.Timeout, to))
		at = to
	}
	b.advanceWindow(at)
	b.now = at
	for i := 0; i < len(b.running); i++ {
		if b.running[i].until == at {
			b.endHandler(i, emit)
			i--
		}
	}
	if b.phase == waiting && b.deadline == at {
		b.due |= dueTimer
	}
	return at == to && b.due == 0 && b.nextInstant() > to
}

// advanceWindow moves the window's time, holding back the ticks of the very instant
// if something else may fire at it.
func (b *Batcher) advanceWindow(at time.Duration) {
	w := b.window
	if w == nil {
		return
	}
	if w.closed || b.mode != program.Puts || b.phase != waiting || b.deadline != at {
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
