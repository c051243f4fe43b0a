package model

import (
	"math"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

const never = time.Duration(math.MaxInt64)

// Batcher is the state of a batcher and of the lanes that use it. A dedup batcher
// has a window besides.
type Batcher struct {
	cfg    subject.BatcherConfig
	window *Map // nil but for a dedup batcher

	now   time.Duration
	queue []subject.ItemID // put and not yet taken, oldest first
	open  []subject.ItemID // taken and not yet flushed

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

	mode    program.Mode // what handlers that begin now do
	takes   time.Duration
	crashed bool

	lanes [numLanes]lane

	late late // what only a group of operations needs

	order  []subject.ItemID // if known: the order in which handlers got items, see Follow
	queued int              // how many items have been queued so far
	strays bool             // not all of them in that order
	chose  bool             // the known order settled what would have been a choice
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
	batch   []subject.ItemID
	until   time.Duration // when it returns; never if it is blocked
	putting bool          // it has still an item of its own to put
	unarmed bool          // it has yet to begin to wait: see late
	put     putState      // of its own item
}

// lane is a client goroutine.
type lane struct {
	serial  int32 // how many items it has named
	verb    subject.Verb
	first   subject.ItemID // of a put under way: its first item
	next    subject.ItemID // and the one that is being put
	left    int            // items still to be put, next included
	blocked bool           // next waits for room in the queue
	told    bool           // that the call waits has been shown
	put     putState       // of next
}

const numLanes = 27 // a to z, and the lab's own

func laneIndex(l byte) int {
	if l == program.LabLane {
		return numLanes - 1
	}
	return int(l - 'a')
}

func laneByte(i int) byte {
	if i == numLanes-1 {
		return program.LabLane
	}
	return byte('a' + i)
}

// actor is somebody who puts: a lane, or the handler of the batch that head heads.
type actor struct {
	lane byte
	head subject.ItemID
}

// NewBatcher returns the state of a batcher made at the beginning of the program.
func NewBatcher(cfg subject.BatcherConfig, window *Map) *Batcher {
	return &Batcher{cfg: cfg, window: window, deadline: cfg.Timeout}
}

// source is the Source of events in the handler of a batch.
func (b *Batcher) source(batch []subject.ItemID) subject.Source {
	return subject.HandlerSource(batch, b.cfg.Background)
}

// flush hands the open batch to a handler, if there is one, and begins the next
// cycle, in the foreground when the handler has returned.
func (b *Batcher) flush(emit func(subject.Event)) {
	batch := b.open
	b.open = nil
	b.cycle()
	if len(batch) == 0 {
		return
	}
	src := b.source(batch)
	if b.mode == program.Panics {
		b.crashed = true
		emit(subject.Event{At: b.now, Source: subject.Source{Lane: subject.HandlerLane}, Verb: subject.Crash})
		return
	}
	emit(subject.Event{At: b.now, Source: src, Verb: subject.Begin, Items: batch})
	h := handler{batch: batch, until: b.now}
	switch b.mode {
	case program.Takes:
		h.until = b.now + b.takes
		if h.unarmed = b.late.clock; h.unarmed {
			h.until = never
		}
	case program.Blocks:
		h.until = never
	case program.Puts:
		// Only items of lanes have offspring: a batch of size one would go on for ever.
		if h.putting = batch[0] != (subject.ItemID{}) && !batch[0].Derived; h.putting {
			h.until = never
		}
	}
	if h.until == b.now && !h.unarmed {
		emit(subject.Event{At: b.now, Source: src, Verb: subject.End, Items: batch})
		return
	}
	b.running = append(b.running, h)
	if !b.cfg.Background {
		b.phase = inside
	}
}

// cycle begins a cycle: the timer starts now, whether or not there is an item.
func (b *Batcher) cycle() {
	b.abandon()
	b.arm()
	b.due &^= dueTimer
}

// arm starts the timer of a cycle, or lets it be started later.
func (b *Batcher) arm() {
	if b.unarmed = b.late.clock; !b.unarmed {
		b.deadline = b.now + b.cfg.Timeout
	}
}

// endHandler makes the i-th running handler return.
func (b *Batcher) endHandler(i int, emit func(subject.Event)) {
	h := b.running[i]
	b.running = slices.Delete(slices.Clone(b.running), i, i+1)
	emit(subject.Event{At: b.now, Source: b.source(h.batch), Verb: subject.End, Items: h.batch})
	if b.phase == inside {
		b.phase = waiting
		b.arm()
		b.due &^= dueTimer
	}
}

// put makes one attempt to put the actor's next item.
func (b *Batcher) put(a actor, emit func(subject.Event)) {
	id := b.nextItem(a)
	if b.window != nil {
		if id == (subject.ItemID{}) || !b.window.set(id.Key, 0) {
			b.putDone(a, subject.OK, emit) // not an item, or a duplicate: dropped
			return
		}
	}
	b.send(a, id, emit)
}

// send queues an item for which there is room, or lets its actor wait.
func (b *Batcher) send(a actor, id subject.ItemID, emit func(subject.Event)) {
	if len(b.queue) < subject.QueueFactor*b.cfg.Size {
		b.enqueue(id)
		b.putDone(a, subject.OK, emit)
		return
	}
	b.senders = append(b.senders, a)
	if a.lane != subject.HandlerLane {
		b.lanes[laneIndex(a.lane)].blocked = true
	}
}

func (b *Batcher) enqueue(id subject.ItemID) {
	b.queue = append(b.queue, id)
	b.strays = b.strays || b.queued >= len(b.order) || b.order[b.queued] != id
	b.queued++
}

// nextItem is the item that the actor is putting.
func (b *Batcher) nextItem(a actor) subject.ItemID {
	if a.lane == subject.HandlerLane {
		return Offspring(a.head)
	}
	return b.lanes[laneIndex(a.lane)].next
}

// Offspring is the item that the handler of the batch headed by an item puts. Its
// key is one that lanes seldom use, so that it counts as new.
func Offspring(head subject.ItemID) subject.ItemID {
	head.Derived = true
	if head.Keyed {
		head.Key += 500
	}
	return head
}

// putDone ends one item's put: a burst goes on, or the call returns.
func (b *Batcher) putDone(a actor, out subject.Outcome, emit func(subject.Event)) {
	if a.lane == subject.HandlerLane {
		b.handlerPutDone(a, out, emit)
		return
	}
	l := &b.lanes[laneIndex(a.lane)]
	l.blocked, l.put = false, putState{}
	if out == subject.OK {
		if l.left--; l.left > 0 {
			if l.next != (subject.ItemID{}) {
				l.next.N++
			}
			return
		}
	}
	emit(subject.Event{At: b.now, Source: subject.Source{Lane: a.lane}, Verb: subject.Put, Outcome: out, Items: subject.Span(l.first, l.next)})
	l.verb = 0
}

func (b *Batcher) handlerPutDone(a actor, out subject.Outcome, emit func(subject.Event)) {
	i := slices.IndexFunc(b.running, func(h handler) bool { return h.batch[0] == a.head })
	b.running = slices.Clone(b.running)
	b.running[i].putting = false
	id := Offspring(a.head)
	emit(subject.Event{At: b.now, Source: b.source(b.running[i].batch), Verb: subject.Put, Outcome: out, Items: subject.Span(id, id)})
	b.endHandler(i, emit)
}

// take moves the oldest queued item into the open batch, lets the first blocked
// sender in, and flushes a full batch.
func (b *Batcher) take(emit func(subject.Event)) {
	b.open = append(b.open, b.queue[0])
	b.queue = b.queue[1:]
	if len(b.senders) > 0 {
		a := b.senders[0]
		b.senders = slices.Clone(b.senders[1:])
		b.enqueue(b.nextItem(a))
		b.putDone(a, subject.OK, emit)
	}
	if len(b.open) == b.cfg.Size {
		b.flush(emit)
	}
}

// takeTrigger lets the first waiting Trigger return and flushes.
func (b *Batcher) takeTrigger(emit func(subject.Event)) { b.takeTriggerOf(0, emit) }

func (b *Batcher) takeTriggerOf(i int, emit func(subject.Event)) {
	b.triggerDone(b.triggers[i], emit)
	b.triggers = slices.Delete(slices.Clone(b.triggers), i, i+1)
	b.flush(emit)
}

func (b *Batcher) triggerDone(l byte, emit func(subject.Event)) {
	b.lanes[laneIndex(l)].verb = 0
	emit(subject.Event{At: b.now, Source: subject.Source{Lane: l}, Verb: subject.Trigger, Outcome: subject.OK})
}

// finish is the end of the worker: the queue is empty, nobody is about to put, and
// what is left goes out as the last batch.
func (b *Batcher) finish(emit func(subject.Event)) {
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
func (b *Batcher) closeDone(emit func(subject.Event)) {
	if b.window != nil {
		b.window.closed = true
	}
	for _, l := range b.closers {
		b.lanes[laneIndex(l)].verb = 0
		emit(subject.Event{At: b.now, Source: subject.Source{Lane: l}, Verb: subject.Close, Outcome: subject.OK})
	}
	b.closers = nil
}
