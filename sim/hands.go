package sim

import (
	"slices"
	"sync"
	"time"

	"batchlab/sim/model"
	"batchlab/sim/program"
	"batchlab/sim/subject"
	"batchlab/sim/weave/rt"
)

// hands is what handlers share: what they are to do with a batch, the gate at which
// they block, and the names of the items.
type hands struct {
	mu    sync.Mutex // never held while waiting
	mode  program.Mode
	takes time.Duration
	gate  chan struct{}
	ids   map[*subject.Item]subject.ItemID
	held  []lease
}

// lease is a slice that belongs to its handler, and what it held when it came.
type lease struct {
	slice []*subject.Item
	was   []*subject.Item
	batch []subject.ItemID
	src   subject.Source
}

// handlerPanic is what a handler panics with when the program says so.
const handlerPanic = "batchlab: the handler panics, as the program says"

func (h *hands) init() {
	h.gate = make(chan struct{})
	h.ids = map[*subject.Item]subject.ItemID{}
}

// name makes the item that an id stands for.
func (h *hands) name(id subject.ItemID) *subject.Item {
	item := &subject.Item{Key: int(id.Key)}
	h.mu.Lock()
	h.ids[item] = id
	h.mu.Unlock()
	return item
}

func (h *hands) set(m program.Mode, d time.Duration) {
	h.mu.Lock()
	h.mode, h.takes = m, d
	h.mu.Unlock()
}

// release opens the gate and puts up a new one for those who come later.
func (h *hands) release() {
	h.mu.Lock()
	close(h.gate)
	h.gate = make(chan struct{})
	h.mu.Unlock()
}

// accept names the items of a batch and says what is to be done with it.
func (h *hands) accept(slice []*subject.Item) (l lease, m program.Mode, takes time.Duration, gate chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ids := make([]subject.ItemID, len(slice))
	for i, item := range slice {
		id, known := h.ids[item]
		if !known && item != nil {
			id = subject.ItemID{Lane: '?', N: int32(item.Key)}
		}
		ids[i] = id
	}
	return lease{slice: slice, was: slices.Clone(slice), batch: ids}, h.mode, h.takes, h.gate
}

// handle is the handler of every batcher under test.
func (r *run) handle(slice []*subject.Item) {
	l, mode, takes, gate := r.accept(slice)
	l.src = subject.HandlerSource(l.batch, r.p.Config.Background)
	r.handler(l, subject.Begin)
	r.stage.between()
	switch mode {
	case program.Takes:
		<-rt.From("handler", r.after(takes))
	case program.Blocks:
		<-rt.From("handler", gate)
	case program.Puts:
		r.putOffspring(l)
	case program.Panics:
		if r.hooks.dying != nil {
			r.hooks.dying(subject.Event{Step: r.rec.current(), At: r.now(), Source: subject.Source{Lane: subject.HandlerLane}, Verb: subject.Crash})
		}
		panic(handlerPanic)
	}
	if !slices.Equal(l.slice, l.was) {
		r.handler(l, subject.Changed)
	} else if r.s.Lease == subject.ForEver {
		r.keep(l)
	}
	r.handler(l, subject.End)
	r.stage.between()
}

func (r *run) handler(l lease, v subject.Verb) {
	r.note(subject.Event{Source: l.src, Verb: v, Items: l.batch})
}

// putOffspring puts the one item that a handler of the mode "puts" puts. Only a
// batch headed by a lane's item has one.
func (r *run) putOffspring(l lease) {
	if len(l.batch) == 0 || l.batch[0] == (subject.ItemID{}) || l.batch[0].Derived {
		return
	}
	id := model.Offspring(l.batch[0])
	e := subject.Event{Source: l.src, Verb: subject.Put, Outcome: subject.OK, Items: subject.Span(id, id)}
	func() {
		defer func() {
			if p := recover(); p != nil {
				e.Outcome, e.Note = panicOutcome(p, program.Put)
			}
		}()
		r.batch.Put(r.name(id))
	}()
	r.note(e)
}

// note records what a handler does.
func (r *run) note(e subject.Event) {
	if r.stage != nil {
		r.stage.add(e, rt.Seq())
		return
	}
	e.At = r.now()
	r.rec.add(e)
}

// keep remembers a slice that is the handler's for ever.
func (r *run) keep(l lease) {
	if r.stage != nil {
		r.stage.keep(l)
		return
	}
	r.hands.mu.Lock()
	r.hands.held = append(r.hands.held, l)
	r.hands.mu.Unlock()
}

// name makes the item that an id stands for.
func (r *run) name(id subject.ItemID) *subject.Item {
	if r.stage != nil {
		return r.stage.name(id)
	}
	return r.hands.name(id)
}

// accept names the items of a batch and says what is to be done with it.
func (r *run) accept(slice []*subject.Item) (l lease, m program.Mode, takes time.Duration, gate chan struct{}) {
	if r.stage != nil {
		return r.stage.accept(slice)
	}
	return r.hands.accept(slice)
}

// checkLeases looks, when all is over, at the slices that belong to their handlers
// for ever.
func (h *hands) checkLeases(r *run) {
	for _, l := range h.held {
		if !slices.Equal(l.slice, l.was) {
			r.handler(l, subject.Changed)
		}
	}
}
