package model

import (
	"encoding/binary"
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// Table is the state of a map for a judge who puts calls and ticks into an order
// himself: every method returns what comes of the state and leaves it as it is. Its
// rules are those of timedMap.
type Table struct {
	m *timedMap
	// half says that a cleanup holds the lock, and limit which buckets it removes.
	// Only Count, which takes no lock, can tell: see Sweep.
	half  bool
	limit int64
}

// NewTable is the state of a map made at the beginning of the program.
func NewTable(cfg spec.MapConfig, epoch time.Duration) Table {
	return Table{m: newMap(cfg, epoch)}
}

// Key is equal for equal states.
func (t Table) Key() string {
	k := t.m.key(nil)
	if t.half {
		k = binary.AppendVarint(k, t.limit)
	}
	return string(k)
}

// Locked reports whether a cleanup is half done.
func (t Table) Locked() bool { return t.half }

func (t Table) clone() Table {
	t.m = t.m.clone()
	return t
}

// Call makes a call, and returns the event with the map's answer.
func (t Table) Call(e kind.Event) (Table, kind.Event) {
	if _, there := t.m.get(e.Arg); e.Verb == spec.Set && !there || e.Verb == spec.Delete && there {
		t = t.clone()
	}
	t.m.answer(&e)
	return t, e
}

// Refresh is a tick that brings the cached bucket ID up to date, to the time at which
// it read the clock.
func (t Table) Refresh(read time.Duration) Table {
	if m := t.m; m.id(read) != m.current {
		t = t.clone()
		t.m.refresh(read)
	}
	return t
}

// Cleanup is a tick that removes what has expired at the time at which it read the
// clock. If it is half done, that is settled.
func (t Table) Cleanup(read time.Duration) Table {
	t = t.begun(read).clone()
	t.m.expire(t.limit)
	t.half, t.limit = false, 0
	return t
}

// begun is a state in which a cleanup has begun, with what it read.
func (t Table) begun(read time.Duration) Table {
	if !t.half {
		t.limit = t.m.cutoff(read)
	}
	return t
}

// maxSweep bounds how many buckets a half done cleanup is followed through: twice as
// many states for each.
const maxSweep = 8

// Sweep returns the states in which the cleanup that read the clock at a time has
// removed some of its buckets, not none and not all; if it is half done, some more.
func (t Table) Sweep(read time.Duration) []Table {
	t = t.begun(read)
	var old []int64
	for id := range t.m.buckets {
		if id <= t.limit {
			old = append(old, id)
		}
	}
	if len(old) == 0 || len(old) == 1 && !t.half || len(old) > maxSweep {
		return nil
	}
	slices.Sort(old)
	var states []Table
	for mask := 1; mask < 1<<len(old); mask++ {
		c := t.clone()
		c.half = true
		for i, id := range old {
			if mask>>i&1 == 1 {
				delete(c.m.buckets, id)
			}
		}
		states = append(states, c)
	}
	return states
}

// What follows no map may do. A judge uses it to say which law it was that a map broke:
// the one without which its answers can be explained.

// Force stores an entry whether or not its key is present.
func (t Table) Force(key, value int32) Table {
	t = t.clone()
	t.m.insert(key, value)
	return t
}

// Values returns what is stored under a key, in all buckets.
func (t Table) Values(key int32) []int32 {
	var list []int32
	for _, b := range t.m.buckets {
		if v, ok := b[key]; ok {
			list = append(list, v)
		}
	}
	return list
}

// Drop returns the states in which a key is gone from one bucket that has it.
func (t Table) Drop(key int32) []Table {
	var states []Table
	for id, b := range t.m.buckets {
		if _, ok := b[key]; !ok {
			continue
		}
		c := t.clone()
		if delete(c.m.buckets[id], key); len(b) == 1 {
			delete(c.m.buckets, id)
		}
		states = append(states, c)
	}
	return states
}
