package model

import (
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// batcher is the state of a batcher and of the lanes that use it. A dedup batcher
// has a window besides.
type batcher struct {
	cfg    spec.BatcherConfig
	window *timedMap // nil but for a dedup batcher

	now   time.Duration
	queue []kind.Item // put and not yet taken, oldest first
	open  []kind.Item // taken and not yet flushed

	phase    phase
	deadline time.Duration // of the cycle's timer, while the worker waits
	unarmed  bool          // that timer is not set yet: see late
	running  []handler     // handlers that have begun and not returned
	due      due           // what fires at this very instant and has not yet been acted on

	senders  []actor // blocked on the full queue, first come first
	turned   []actor // turned away by Close while they were blocked
	triggers []byte  // lanes whose Trigger nobody has taken yet
	closers  []byte  // lanes whose Close has not returned
	closed   bool    // Close was called

	mode    int64 // what handlers that begin now do
	takes   time.Duration
	crashed bool

	lanes [numLanes]lane

	late late // what only a group of operations needs

	order  []kind.Item // if known: the order in which handlers got items, see Follow
	queued int         // how many items have been queued so far
	strays bool        // not all of them in that order
	chose  bool        // the known order settled what would have been a choice
}

// phase is what the worker does.
type phase uint8

const (
	waiting  phase = iota // for an item, the timer or a trigger
	inside                // a foreground handler
	finished              // Close has ended it
)

// handler is a handler at work on its batch.
type handler struct {
	batch   []kind.Item
	until   time.Duration // when it returns; never if it is blocked
	putting bool          // it has still an item of its own to put
	unarmed bool          // it has yet to begin to wait: see late
	won     bool          // and the window has taken its key
}

// lane is a client goroutine.
type lane struct {
	serial  int32 // how many items it has named
	verb    kind.Verb
	first   kind.Item // of a put under way: its first item
	next    kind.Item // and the one that is being put
	left    int       // items still to be put, next included
	blocked bool      // next waits for room in the queue
	told    bool      // that the call waits has been shown
	won     bool      // the window has taken its key
}

const numLanes = kind.LabLane - 'a' + 1

// lane is the client goroutine of a name.
func (b *batcher) lane(name byte) *lane { return &b.lanes[name-'a'] }

// actor is somebody who puts: a lane, or the handler of the batch that head heads.
type actor struct {
	lane byte
	head kind.Item
}

// newBatcher returns the state of a batcher made at the beginning of the program.
func newBatcher(cfg spec.BatcherConfig, window *timedMap) *batcher {
	return &batcher{cfg: cfg, window: window, deadline: cfg.Timeout}
}

// source is the Source of events in the handler of a batch.
func (b *batcher) source(batch []kind.Item) kind.Source {
	return kind.HandlerSource(batch, b.cfg.Background)
}

// flush hands the open batch to a handler, if there is one, and begins the next
// cycle, in the foreground when the handler has returned.
func (b *batcher) flush(emit func(kind.Event)) {
	batch := b.open
	b.open = nil
	b.abandon()
	b.arm()
	if len(batch) == 0 {
		return
	}
	src := b.source(batch)
	if b.mode == spec.Panics {
		b.crashed = true
		emit(kind.Event{At: b.now, Source: kind.Source{Lane: kind.HandlerLane}, Verb: kind.Crash})
		return
	}
	emit(kind.Event{At: b.now, Source: src, Verb: spec.Begin, Items: batch})
	h := handler{batch: batch, until: b.now}
	switch b.mode {
	case spec.Takes:
		h.until = b.now + b.takes
		if h.unarmed = b.late.clock; h.unarmed {
			h.until = kind.Never
		}
	case spec.Blocks:
		h.until = kind.Never
	case spec.Puts:
		// Only items of lanes have offspring: a batch of size one would go on for ever.
		if h.putting = batch[0] != (kind.Item{}) && !batch[0].Derived; h.putting {
			h.until = kind.Never
		}
	}
	if h.until == b.now && !h.unarmed {
		emit(kind.Event{At: b.now, Source: src, Verb: spec.End, Items: batch})
		return
	}
	b.running = append(b.running, h)
	if !b.cfg.Background {
		b.phase = inside
	}
}

// arm starts the timer of a cycle, whether or not there is an item, or lets it be started later.
func (b *batcher) arm() {
	b.due &^= dueTimer
	if b.unarmed = b.late.clock; !b.unarmed {
		b.deadline = b.now + b.cfg.Timeout
	}
}

// endHandler makes the i-th running handler return.
func (b *batcher) endHandler(i int, emit func(kind.Event)) {
	h := b.running[i]
	b.running = slices.Delete(slices.Clone(b.running), i, i+1)
	emit(kind.Event{At: b.now, Source: b.source(h.batch), Verb: spec.End, Items: h.batch})
	if b.phase == inside {
		b.phase = waiting
		b.arm()
	}
}

// endHandlers makes the running handlers return that are to, and reports whether there are any.
func (b *batcher) endHandlers(are func(handler) bool, emit func(kind.Event)) (some bool) {
	for i := 0; i < len(b.running); i++ {
		if are(b.running[i]) {
			b.endHandler(i, emit)
			i, some = i-1, true
		}
	}
	return some
}

// put makes one attempt to put the actor's next item.
func (b *batcher) put(a actor, emit func(kind.Event)) {
	id := b.nextItem(a)
	if b.window != nil {
		if id == (kind.Item{}) || !b.window.set(id.Key, 0) {
			b.putDone(a, kind.OK, emit) // not an item, or a duplicate: dropped
			return
		}
	}
	b.send(a, id, emit)
}

// send queues an item for which there is room, or lets its actor wait.
func (b *batcher) send(a actor, id kind.Item, emit func(kind.Event)) {
	if len(b.queue) < spec.QueueFactor*b.cfg.Size {
		b.enqueue(id)
		b.putDone(a, kind.OK, emit)
		return
	}
	b.senders = append(b.senders, a)
	if a.lane != kind.HandlerLane {
		b.lane(a.lane).blocked = true
	}
}

func (b *batcher) enqueue(id kind.Item) {
	b.queue = append(b.queue, id)
	b.strays = b.strays || b.queued >= len(b.order) || b.order[b.queued] != id
	b.queued++
}

// nextItem is the item that the actor is putting.
func (b *batcher) nextItem(a actor) kind.Item {
	if a.lane == kind.HandlerLane {
		return spec.Offspring(a.head)
	}
	return b.lane(a.lane).next
}

// putDone ends one item's put: a burst goes on, or the call returns.
func (b *batcher) putDone(a actor, out kind.Outcome, emit func(kind.Event)) {
	if a.lane == kind.HandlerLane {
		b.handlerPutDone(a, out, emit)
		return
	}
	l := b.lane(a.lane)
	l.blocked, l.won = false, false
	if out == kind.OK {
		if l.left--; l.left > 0 {
			if l.next != (kind.Item{}) {
				l.next.N++
			}
			return
		}
	}
	emit(kind.Event{At: b.now, Source: kind.Source{Lane: a.lane}, Verb: spec.Put, Outcome: out,
		Items: kind.Span(l.first, l.next)})
	l.verb = 0
}

func (b *batcher) handlerPutDone(a actor, out kind.Outcome, emit func(kind.Event)) {
	i := slices.IndexFunc(b.running, func(h handler) bool { return h.batch[0] == a.head })
	b.running = slices.Clone(b.running)
	b.running[i].putting = false
	id := spec.Offspring(a.head)
	emit(kind.Event{At: b.now, Source: b.source(b.running[i].batch), Verb: spec.Put, Outcome: out,
		Items: kind.Span(id, id)})
	b.endHandler(i, emit)
}

// take moves the oldest queued item into the open batch, lets the first blocked
// sender in, and flushes a full batch.
func (b *batcher) take(emit func(kind.Event)) {
	b.open = append(b.open, b.queue[0])
	b.queue = b.queue[1:]
	if len(b.senders) > 0 {
		a := b.senders[0]
		b.senders = slices.Clone(b.senders[1:])
		b.enqueue(b.nextItem(a))
		b.putDone(a, kind.OK, emit)
	}
	if len(b.open) == b.cfg.Size {
		b.flush(emit)
	}
}

// takeTrigger lets the i-th waiting Trigger return and flushes.
func (b *batcher) takeTrigger(i int, emit func(kind.Event)) {
	b.triggerDone(b.triggers[i], emit)
	b.triggers = slices.Delete(slices.Clone(b.triggers), i, i+1)
	b.flush(emit)
}

func (b *batcher) triggerDone(l byte, emit func(kind.Event)) {
	b.lane(l).verb = 0
	emit(kind.Event{At: b.now, Source: kind.Source{Lane: l}, Verb: spec.Trigger, Outcome: kind.OK})
}

// finish is the end of the worker: the queue is empty, nobody is about to put, and
// what is left goes out as the last batch.
func (b *batcher) finish(emit func(kind.Event)) {
	b.abandon()
	b.phase = finished
	if len(b.open) > 0 {
		b.flush(emit)
		if b.phase == inside { // a foreground handler holds the end up
			return
		}
		b.phase = finished
	}
}

// closeDone lets every waiting Close return.
func (b *batcher) closeDone(emit func(kind.Event)) {
	if b.window != nil {
		b.window.closed = true
	}
	for _, l := range b.closers {
		b.lane(l).verb = 0
		emit(kind.Event{At: b.now, Source: kind.Source{Lane: l}, Verb: spec.Close, Outcome: kind.OK})
	}
	b.closers = nil
}
