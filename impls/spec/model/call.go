package model

import (
	"encoding/binary"
	"slices"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// call begins a call of a lane. What follows from it are moves. The alternatives
// that it leaves open (which of the blocked Puts a Close turns away) are returned as
// further states.
func (b *batcher) call(o kind.Op, emit func(kind.Event)) []*batcher {
	src := kind.Source{Lane: o.Lane}
	l := b.lane(o.Lane)
	verb := o.Verb
	if l.verb != 0 {
		emit(kind.Event{At: b.now, Source: src, Verb: verb, Outcome: kind.Skipped})
		return nil
	}
	l.verb, l.told = verb, false
	switch o.Verb {
	case spec.Put:
		l.begin(o, b.window != nil)
	case spec.Trigger:
		if b.closed {
			b.triggerDone(o.Lane, emit)
		} else {
			b.triggers = append(slices.Clone(b.triggers), o.Lane)
		}
	case spec.Close:
		b.closers = append(slices.Clone(b.closers), o.Lane)
		if !b.closed {
			b.closed = true
			for _, t := range b.triggers {
				b.triggerDone(t, emit)
			}
			b.triggers = nil
			return b.turnAway()
		}
	}
	return nil
}

// begin names the items of a put.
func (l *lane) begin(o kind.Op, keyed bool) {
	first, n := kind.Item{}, o.Args[spec.ArgN]
	if key := o.Args[spec.ArgItem]; key != kind.NilArg {
		first = kind.Item{Lane: o.Lane, N: l.serial + 1, Keyed: keyed}
		if keyed {
			first.Key = int32(key)
		}
		l.serial += int32(n)
	}
	l.first, l.next, l.left = first, first, int(n)
}

// maxTurnAway bounds the blocked Puts at a Close: twice as many states for each.
const maxTurnAway = 12

// turnAway returns the states in which Close has turned away some of the Puts that
// were blocked: a Put that overlaps Close is delivered or panics.
func (b *batcher) turnAway() []*batcher {
	n := len(b.senders)
	var alts []*batcher
	for mask := 1; mask < 1<<n; mask++ {
		c := b.clone()
		c.senders = nil
		for i, a := range b.senders {
			if mask>>i&1 == 0 {
				c.senders = append(c.senders, a)
			} else {
				c.turned = append(c.turned, a)
			}
		}
		alts = append(alts, c)
	}
	return alts
}

// waits emits what a lane shows at the end of the step in which its call began and did not
// end.
func (b *batcher) waits(lane byte, emit func(kind.Event)) {
	l := b.lane(lane)
	if l.verb == 0 || l.told {
		return
	}
	l.told = true
	e := kind.Event{At: b.now, Source: kind.Source{Lane: lane}, Verb: l.verb, Outcome: kind.Waits}
	if l.verb == spec.Put {
		e.Items = kind.Span(l.first, l.next)
	}
	emit(e)
}

// clone returns a copy that can move on its own. Queue and open batch are shared
// until one of them grows: their capacity is cut, so that growing copies.
func (b *batcher) clone() *batcher {
	b.queue, b.open = slices.Clip(b.queue), slices.Clip(b.open)
	c := *b
	c.running = slices.Clone(b.running)
	c.senders = slices.Clone(b.senders)
	c.turned = slices.Clone(b.turned)
	c.triggers = slices.Clone(b.triggers)
	c.closers = slices.Clone(b.closers)
	c.late.stops = slices.Clone(b.late.stops)
	if b.window != nil {
		c.window = b.window.clone()
	}
	return &c
}

// key is equal for equal states.
func (b *batcher) key(k []byte) []byte {
	num := func(n int64) { k = binary.AppendVarint(k, n) }
	items := func(list []kind.Item) { k = appendItems(k, list) }
	num(int64(b.queued))
	if b.strays {
		items(b.queue)
		items(b.open)
	} else { // both are pieces of the known order
		num(int64(len(b.queue)))
		num(int64(len(b.open)))
	}
	k = append(k, byte(b.phase), byte(b.due), flag(b.closed), flag(b.crashed))
	num(int64(b.now))
	num(int64(b.deadline))
	for _, h := range b.running {
		items(h.batch[:1])
		num(int64(h.until))
		k = append(k, flag(h.putting), flag(h.unarmed), flag(h.won))
	}
	for _, list := range [][]actor{b.senders, b.turned} {
		num(int64(len(list)))
		for _, a := range list {
			items([]kind.Item{a.head})
			k = append(k, a.lane)
		}
	}
	k = append(append(k, '/'), b.triggers...)
	k = append(append(k, '/'), b.closers...)
	for i := range b.lanes {
		if l := &b.lanes[i]; l.verb != 0 {
			k = append(k, byte(i), byte(l.verb), flag(l.blocked), flag(l.told), flag(l.won))
			num(int64(l.left))
		}
	}
	k = b.late.key(append(k, flag(b.unarmed)))
	if b.window != nil {
		k = b.window.key(k)
	}
	return k
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func appendItems(k []byte, list []kind.Item) []byte {
	k = binary.AppendVarint(k, int64(len(list)))
	for _, id := range list {
		k = binary.AppendVarint(append(k, id.Lane), int64(id.N)<<1|int64(flag(id.Derived)))
	}
	return k
}
