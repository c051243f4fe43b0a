package sim

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// client is a lane: a goroutine that makes one call after another.
type client struct {
	r      *run
	lane   byte
	calls  chan program.Op
	busy   atomic.Bool
	serial int32 // how many items it has named

	first, next subject.ItemID // of the put under way, up to the item that is being put
}

func newClient(r *run, lane byte) *client {
	c := &client{r: r, lane: lane, calls: make(chan program.Op)}
	go func() {
		for o := range c.calls {
			e := c.make(o)
			e.At = r.now()
			r.rec.add(c.label(e, o))
			c.busy.Store(false)
		}
	}()
	return c
}

// label says on an event whose call it is, and which. In an explored run it is called for
// a lane that is still in its call, which the race detector need not see.
//
//go:norace
func (c *client) label(e subject.Event, o program.Op) subject.Event {
	e.Source, e.Verb = subject.Source{Lane: c.lane}, callVerbs[o.Verb]
	switch {
	case o.Verb == program.Put && e.Outcome != subject.Skipped:
		e.Items = subject.Span(c.first, c.next)
	case o.Verb == program.Set:
		e.Value = int32(o.Value)
		fallthrough
	case o.Verb == program.Get, o.Verb == program.Delete:
		e.Key = int32(o.Key)
	}
	return e
}

func (c *client) isBusy() bool { return c.busy.Load() }

func (c *client) start(o program.Op) {
	c.busy.Store(true)
	c.first, c.next = subject.ItemID{}, subject.ItemID{}
	c.calls <- o
}

// make makes the call and returns what came of it. A panic is an outcome.
func (c *client) make(o program.Op) (e subject.Event) {
	defer func() {
		if p := recover(); p != nil {
			e.Outcome, e.Note = panicOutcome(p, o.Verb)
		}
	}()
	switch o.Verb {
	case program.Put:
		c.put(o)
	case program.Trigger:
		c.r.batch.Trigger()
	case program.Close:
		if c.r.dedup != nil {
			c.r.dedup.Close()
		} else {
			c.r.batch.Close()
		}
	default:
		return c.lookUp(o)
	}
	return subject.Event{Outcome: subject.OK}
}

// lookUp makes a call of a map.
func (c *client) lookUp(o program.Op) subject.Event {
	m, e := c.r.dedup, subject.Event{Outcome: subject.OK}
	yes := true
	switch o.Verb {
	case program.Get:
		var v int
		if v, yes = m.Get(o.Key); yes {
			e.Value = int32(v)
		}
	case program.Set:
		yes = m.Set(o.Key, o.Value)
	case program.Delete:
		yes = m.Delete(o.Key)
	case program.Count:
		e.Value = int32(m.Count())
		return e
	}
	if e.Outcome = subject.Yes; !yes {
		e.Outcome = subject.No
	}
	return e
}

// put puts the items of one operation, one after another. The operation names them
// all, even if a panic ends it early.
func (c *client) put(o program.Op) {
	named := c.serial
	if !o.Nil {
		c.serial += int32(o.N)
	}
	for i := range int32(o.N) {
		if i > 0 {
			c.r.stage.between()
		}
		var item *subject.Item
		if !o.Nil {
			c.next = subject.ItemID{Lane: c.lane, N: named + 1 + i}
			if c.r.s.Kind == subject.KindDedupBatcher {
				c.next.Keyed, c.next.Key = true, int32(o.Key)
			}
			if i == 0 {
				c.first = c.next
			}
			item = c.r.name(c.next)
		}
		c.r.batch.Put(item)
	}
}

// panicOutcome tells a Put after Close, which panics and says so, from a crash.
func panicOutcome(p any, v program.Verb) (subject.Outcome, string) {
	_, isRuntime := p.(runtime.Error)
	text := fmt.Sprint(p)
	if v == program.Put && !isRuntime && strings.Contains(strings.ToLower(text), "close") {
		return subject.Panics, ""
	}
	return subject.Broke, text
}
