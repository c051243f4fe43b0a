package judge

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/model"
	"batchlab/sim/kind"
)

// order is a state between two operations of an order.
type order struct {
	table model.Table
	clock int    // the index of the last instant, -1 before the first
	ticks [2]int // of each ticker, how many are over
	key   string // equal for equal states
}

func (s order) keyed() order {
	k := binary.AppendVarint(nil, int64(s.clock))
	k = binary.AppendVarint(k, int64(s.ticks[aRefresh]))
	k = binary.AppendVarint(k, int64(s.ticks[aCleanup]))
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

// all adds a state with each of some tables.
func (n *states) all(s order, tables []model.Table) {
	for _, t := range tables {
		s.table = t
		n.add(s)
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
	case aRefresh, aCleanup:
		if in.nth == s.ticks[in.what]+1 {
			m.tick(s, in, &next)
		}
	case anIdle:
		if !locked {
			m.idle(s, in, &next)
		}
	}
	return next.list
}

// readings are what a reader of the clock may see from an instant on.
func (m orders) readings(from, to int) []kind.Instant { return m.clock[from:max(from, to+1)] }

// takes are the states to which a tick leads that may read the clock at some instants.
func (m orders) takes(what inputKind, t model.Table, readings []kind.Instant) (list []model.Table) {
	for _, i := range readings {
		if what == aRefresh {
			list = append(list, t.Refresh(i.At))
		} else {
			list = append(list, t.Cleanup(i.At))
		}
	}
	return list
}

// leavesOut reports whether it is left out of account that a tick has an effect.
func (m orders) leavesOut(what inputKind) bool { return what == aCleanup && m.lax == spec.Expiry }

func (m orders) tick(s order, in input, next *states) {
	s.ticks[in.what]++
	readings := m.readings(in.clock, s.clock)
	if in.what == aCleanup && s.table.Locked() { // it has begun, and what it read is settled
		readings = m.clock[:1]
	} else if in.skip || m.leavesOut(in.what) {
		next.add(s)
	}
	next.all(s, m.takes(in.what, s.table, readings))
}

// idle is a group in which only time moves: of each ticker the last tick has the last
// word, at whatever time it read the clock.
func (m orders) idle(s order, in input, next *states) {
	tables := []model.Table{s.table}
	for i, due := range in.due {
		if due == kind.Never {
			continue
		}
		what, latest := inputKind(i), in.clock
		if in.alone {
			latest = m.at(due)
		}
		var after []model.Table
		if m.leavesOut(what) {
			after = tables
		}
		for _, t := range tables {
			after = append(after, m.takes(what, t, m.readings(m.at(due), latest))...)
		}
		tables = after
	}
	s.clock, s.ticks = in.clock, in.last
	next.all(s, tables)
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
		return s.table.Sweep(0)
	}
	g := m.groups[in.group]
	due := m.cfg.Cleanup() * time.Duration(s.ticks[aCleanup]+1)
	if g.stopped || s.clock < 0 || due > m.clock[s.clock].At || due <= g.From {
		return nil
	}
	var tables []model.Table
	for _, i := range m.readings(m.at(due), s.clock) {
		tables = append(tables, s.table.Sweep(i.At)...)
	}
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
		if slices.Contains(before.Values(e.Arg), e.Val) {
			next.add(s)
		}
	case e.Verb == spec.Count:
		next.add(s)
	case e.Verb == spec.Delete && e.Outcome == kind.Yes:
		next.all(s, before.Drop(e.Arg))
	}
}
