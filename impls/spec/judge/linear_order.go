package judge

import (
	"encoding/binary"
	"hash/fnv"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/model"
	"batchlab/sim/kind"
)

// order is a state between two operations of an order.
type order struct {
	table     model.Table
	clock     int // the index of the last instant, -1 before the first
	refreshes int // how many ticks are over
	cleanups  int
	key       string // equal for equal states
}

func (s order) keyed() order {
	k := binary.AppendVarint(nil, int64(s.clock))
	k = binary.AppendVarint(k, int64(s.refreshes))
	k = binary.AppendVarint(k, int64(s.cleanups))
	s.key = string(k) + s.table.Key()
	return s
}

func (s order) hash() uint64 {
	h := fnv.New64a()
	h.Write([]byte(s.key))
	return h.Sum64()
}

// orders says which states may follow which. With lax it leaves one law out of account.
type orders struct {
	cfg    spec.MapConfig
	groups []span
	clock  []kind.Instant
	lax    spec.Law
}

// states collects next states, without those that are there already.
type states struct {
	list []any
	seen map[string]bool
}

func (n *states) add(s order) {
	s = s.keyed()
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	if !n.seen[s.key] {
		n.seen[s.key] = true
		n.list = append(n.list, s)
	}
}

func (m orders) step(s order, in input) []any {
	var next states
	locked := s.table.Locked()
	switch in.what {
	case aMove:
		s.clock = in.clock
		next.add(s)
	case aCall:
		if !locked || in.event.Verb == spec.Count {
			m.call(s, in, &next)
		}
	case aRefresh:
		if in.nth == s.refreshes+1 {
			m.refresh(s, in, &next)
		}
	case aCleanup:
		if in.nth == s.cleanups+1 {
			m.cleanup(s, in, &next)
		}
	case anIdle:
		if !locked {
			m.idle(s, in, &next)
		}
	}
	return next.list
}

// readings calls f with what a reader of the clock may see from an instant on.
func (m orders) readings(from, to int, f func(at time.Duration)) {
	for i := from; i <= to; i++ {
		f(m.clock[i].At)
	}
}

func (m orders) refresh(s order, in input, next *states) {
	s.refreshes++
	if in.skip {
		next.add(s)
	}
	t := s.table
	m.readings(in.clock, s.clock, func(at time.Duration) {
		s.table = t.Refresh(at)
		next.add(s)
	})
}

func (m orders) cleanup(s order, in input, next *states) {
	s.cleanups++
	t := s.table
	if t.Locked() { // it has begun, and what it read is settled
		s.table = t.Unlock()
		next.add(s)
		return
	}
	if in.skip || m.lax == spec.Expiry {
		next.add(s)
	}
	m.readings(in.clock, s.clock, func(at time.Duration) {
		s.table = t.Cleanup(at)
		next.add(s)
	})
}

// idle is a group in which only time moves: of each ticker the last tick has the last
// word, at whatever time it read the clock.
func (m orders) idle(s order, in input, next *states) {
	latest := func(due time.Duration) int {
		if in.alone {
			return m.at(due)
		}
		return in.clock
	}
	refreshed := []model.Table{s.table}
	if in.due != kind.Never {
		refreshed = nil
		m.readings(m.at(in.due), latest(in.due), func(at time.Duration) {
			refreshed = append(refreshed, s.table.Refresh(at))
		})
	}
	s.clock, s.refreshes, s.cleanups = in.clock, in.nth, in.last
	for _, t := range refreshed {
		s.table = t
		if in.swept == kind.Never || m.lax == spec.Expiry {
			next.add(s)
		}
		if in.swept != kind.Never {
			m.readings(m.at(in.swept), latest(in.swept), func(at time.Duration) {
				s.table = t.Cleanup(at)
				next.add(s)
			})
		}
	}
}

// at is the index of the instant that made a time due.
func (m orders) at(due time.Duration) int {
	i := 0
	for m.clock[i].At < due {
		i++
	}
	return i
}

// call makes a call in a state and keeps what agrees with its answer.
func (m orders) call(s order, in input, next *states) {
	e := in.event
	tables := []model.Table{s.table}
	if e.Verb == spec.Count {
		tables = append(tables, m.halfway(s, in)...)
	}
	if m.lax == spec.Lifetime && e.Verb != spec.Count {
		tables = append(tables, s.table.Drop(e.Arg)...)
	}
	if in.free {
		next.add(s)
	}
	for _, t := range tables {
		after, answer := t.Call(e)
		s.table = after
		if in.free || answer.Outcome == e.Outcome && answer.Val == e.Val {
			next.add(s)
		} else {
			m.waive(s, t, in, answer, next)
		}
	}
}

// halfway returns the states in which a cleanup that is due, or has begun, has
// removed some of its buckets.
func (m orders) halfway(s order, in input) []model.Table {
	if s.table.Locked() {
		return s.table.More()
	}
	g := m.groups[in.group]
	due := m.cfg.Cleanup() * time.Duration(s.cleanups+1)
	if g.stopped || s.clock < 0 || due > m.clock[s.clock].At || due <= g.From {
		return nil
	}
	var tables []model.Table
	m.readings(m.at(due), s.clock, func(at time.Duration) { tables = append(tables, s.table.Sweep(at)...) })
	return tables
}

// waive lets an answer pass that is wrong, if it breaks nothing but the law that is
// left out of account.
func (m orders) waive(s order, before model.Table, in input, answer kind.Event, next *states) {
	e := in.event
	switch m.lax {
	case spec.OneWinner:
		m.twoWinners(s, before, e, next)
	case spec.Value:
		if e.Verb == spec.Get && answer.Outcome == e.Outcome {
			next.add(s)
		}
	case spec.DeleteLaw:
		if e.Verb == spec.Delete {
			next.add(s)
			s.table = before
			next.add(s)
		}
	case spec.CountLaw:
		if e.Verb == spec.Count {
			next.add(s)
		}
	}
}

// twoWinners lets a Set win although the key is there, and all that follows from that:
// the key is in two buckets or overwritten, and counted twice.
func (m orders) twoWinners(s order, before model.Table, e kind.Event, next *states) {
	switch {
	case e.Verb == spec.Set && e.Outcome == kind.Yes:
		s.table = before.Force(e.Arg, e.Val)
		next.add(s)
	case e.Verb == spec.Get && e.Outcome == kind.Yes:
		for _, v := range before.Values(e.Arg) {
			if v == e.Val {
				next.add(s)
			}
		}
	case e.Verb == spec.Count:
		next.add(s)
	case e.Verb == spec.Delete && e.Outcome == kind.Yes:
		for _, t := range before.Drop(e.Arg) {
			s.table = t
			next.add(s)
		}
	}
}
