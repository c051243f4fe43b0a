package model

import (
	"encoding/binary"
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// late is what a batcher's state holds besides when operations run together. Between
// two operations that a program does one after another all goes quiet. Within a group it
// does not, and if the clock moves in the group, every goroutine may lag behind it:
//
//   - A timer is started some time after whoever starts it had its reason: the worker's
//     after a flush, a handler's after it has begun.
//   - The ticks of a window take effect some time after they fell due, computed from a
//     reading of the clock in between.
//
// Where the clock may stop is known: where something fires, a timer that nobody waits
// for any more included.
type late struct {
	clock bool          // the clock moves in this group
	keeps bool          // it does so in some group of the program: note abandoned timers
	end   time.Duration // of the group
	stops []time.Duration

	refresh, cleanup pending
}

// pending is a tick of a window that has not taken effect.
type pending struct {
	since time.Duration // when it fell due: the clock was read then or later
	last  time.Duration // when the last tick fell due that may yet follow it
	is    bool
}

// movesTogether reports whether the clock moves in some group beside other operations.
func movesTogether(ops []kind.Op) bool {
	return slices.ContainsFunc(kind.Groups(ops), func(g []kind.Op) bool {
		return len(g) > 1 && slices.ContainsFunc(g, func(o kind.Op) bool { return o.Verb == kind.Advance })
	})
}

// abandon notes a timer that is still to fire although its cycle is over.
func (b *batcher) abandon() {
	if b.window != nil && b.deadline%spec.MinRefresh == 0 { // the clock stops there for the window
		return
	}
	if b.late.keeps && !b.unarmed && b.deadline > b.now && !slices.Contains(b.late.stops, b.deadline) {
		b.late.stops = append(slices.Clip(b.late.stops), b.deadline)
		slices.Sort(b.late.stops)
	}
}

// key is equal for equal states.
func (l late) key(k []byte) []byte {
	for _, s := range l.stops {
		k = binary.AppendVarint(k, int64(s))
	}
	for _, p := range []pending{l.refresh, l.cleanup} {
		if p.is {
			k = binary.AppendVarint(binary.AppendVarint(append(k, 1), int64(p.since)), int64(p.last))
		}
		k = append(k, 0)
	}
	return k
}

// nextStop is where the clock stops next on its way to a time.
func (b *batcher) nextStop(to time.Duration) time.Duration {
	next := to
	add := func(at time.Duration) {
		if at > b.now {
			next = min(next, at)
		}
	}
	if b.phase == waiting && !b.unarmed {
		add(b.deadline)
	}
	for _, h := range b.running {
		add(h.until)
	}
	for _, s := range b.late.stops {
		add(s)
	}
	if w := b.window; w != nil && !w.closed {
		add(w.nextRefresh)
		add(w.nextCleanup)
	}
	return next
}

// moveClock moves the clock to where it stops next, and lets whatever falls due there
// wait until somebody sees it.
func (b *batcher) moveClock(to time.Duration) {
	b.now = b.nextStop(to)
	for len(b.late.stops) > 0 && b.late.stops[0] <= b.now {
		b.late.stops = b.late.stops[1:]
	}
	if b.phase == waiting && !b.unarmed && b.deadline == b.now {
		b.due |= dueTimer
	}
	w := b.window
	if w == nil || w.closed {
		return
	}
	w.now = b.now
	if w.nextRefresh == b.now {
		w.nextRefresh += w.cfg.Refresh()
		if p := &b.late.refresh; p.is || w.id(b.late.end) != w.current { // it may come late enough to matter
			p.falls(b.now)
		}
	}
	if w.nextCleanup == b.now {
		w.nextCleanup += w.cfg.Cleanup()
		if p := &b.late.cleanup; p.is || w.expires(b.late.end) {
			p.falls(b.now)
		}
	}
}

func (p *pending) falls(at time.Duration) {
	if !p.is {
		p.is, p.since = true, at
	}
	p.last = at
}

// takes effect computed from a reading of the clock. A later tick then follows.
func (p *pending) takes(read time.Duration) {
	if p.since = p.last; read >= p.last {
		*p = pending{}
	}
}

// expires reports whether a cleanup would remove something.
func (m *timedMap) expires(at time.Duration) bool {
	limit := m.cutoff(at)
	for id := range m.buckets {
		if id <= limit {
			return true
		}
	}
	return false
}

// readings are the times at which a pending tick may have read the clock, one for each
// bucket ID that it makes of them.
func (b *batcher) readings(p pending, id func(time.Duration) int64) []time.Duration {
	if !p.is {
		return nil
	}
	list := []time.Duration{p.since}
	// The clock stops at each tick of the faster ticker.
	for at := p.since + spec.MinRefresh; at < b.now; at += spec.MinRefresh {
		if id(at) != id(list[len(list)-1]) {
			list = append(list, at)
		}
	}
	if id(b.now) != id(list[len(list)-1]) || b.now >= p.last && list[len(list)-1] < p.last {
		list = append(list, b.now)
	}
	return list
}
