package model

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// timedMap is the state of a time-partitioned map. Two tickers drive it: one refreshes
// the cached bucket ID, one removes what has expired. Between their ticks the map
// lives in the past, and that is part of its behaviour.
type timedMap struct {
	cfg   spec.MapConfig
	epoch time.Duration // when the program began, since 1970

	now         time.Duration // since the program began
	current     int64         // the cached bucket ID
	nextRefresh time.Duration
	nextCleanup time.Duration
	closed      bool

	buckets map[int64]map[int32]int32
}

// newMap returns the state of a map made at the beginning of the program.
func newMap(cfg spec.MapConfig, epoch time.Duration) *timedMap {
	m := &timedMap{cfg: cfg, epoch: epoch, nextRefresh: cfg.Refresh(), nextCleanup: cfg.Cleanup(),
		buckets: map[int64]map[int32]int32{}}
	m.current = m.id(0)
	return m
}

// id is the bucket ID of a time: a truncated division, so that bucket 0 is twice
// as long as the others around 1970.
func (m *timedMap) id(at time.Duration) int64 { return int64(m.epoch+at) / int64(m.cfg.Bucket) }

// advance moves time to an instant, ticks of that instant included. Nobody else
// acts in between, so only the last tick of each ticker matters: the cached ID is
// overwritten, and cleanup removes more the later it is.
func (m *timedMap) advance(to time.Duration) {
	if !m.closed {
		if n := ticks(m.nextRefresh, m.cfg.Refresh(), to); n > 0 {
			m.nextRefresh += time.Duration(n) * m.cfg.Refresh()
			m.refresh(m.nextRefresh - m.cfg.Refresh())
		}
		if n := ticks(m.nextCleanup, m.cfg.Cleanup(), to); n > 0 {
			m.nextCleanup += time.Duration(n) * m.cfg.Cleanup()
			m.cleanup(m.nextCleanup - m.cfg.Cleanup())
		}
	}
	m.now = to
}

// ticks counts the ticks from next, one each period, up to and including an instant.
func ticks(next, period, to time.Duration) int64 {
	if to < next {
		return 0
	}
	return int64((to-next)/period) + 1
}

func (m *timedMap) refresh(at time.Duration) { m.current = m.id(at) }

// cutoff is the newest bucket that has left the window.
func (m *timedMap) cutoff(at time.Duration) int64 {
	return int64(m.epoch+at-m.cfg.Window()) / int64(m.cfg.Bucket)
}

func (m *timedMap) cleanup(at time.Duration) {
	m.expire(m.cutoff(at))
}

// expire removes the buckets up to one.
func (m *timedMap) expire(last int64) {
	maps.DeleteFunc(m.buckets, func(id int64, _ map[int32]int32) bool { return id <= last })
}

func (m *timedMap) get(key int32) (int32, bool) {
	for _, b := range m.buckets {
		if v, ok := b[key]; ok {
			return v, true
		}
	}
	return 0, false
}

// set stores a value in the bucket that the map believes to be current.
func (m *timedMap) set(key, value int32) bool {
	if _, ok := m.get(key); ok {
		return false
	}
	m.insert(key, value)
	return true
}

func (m *timedMap) insert(key, value int32) {
	b := m.buckets[m.current]
	if b == nil {
		b = map[int32]int32{}
		m.buckets[m.current] = b
	}
	b[key] = value
}

func (m *timedMap) del(key int32) bool {
	for id, b := range m.buckets {
		if _, ok := b[key]; ok {
			delete(b, key)
			if len(b) == 0 {
				delete(m.buckets, id)
			}
			return true
		}
	}
	return false
}

func (m *timedMap) count() int {
	n := 0
	for _, b := range m.buckets {
		n += len(b)
	}
	return n
}

// answer does a call whose event lacks the answer.
func (m *timedMap) answer(e *kind.Event) {
	e.Outcome = kind.OK
	ok := false
	switch e.Verb {
	case spec.Get:
		e.Val, ok = m.get(e.Arg)
	case spec.Set:
		ok = m.set(e.Arg, e.Val)
	case spec.Delete:
		ok = m.del(e.Arg)
	case spec.Count:
		e.Val = int32(m.count())
		return
	case spec.Close:
		m.closed = true
		return
	}
	if e.Outcome = kind.No; ok {
		e.Outcome = kind.Yes
	}
}

// clone returns a copy that shares nothing.
func (m *timedMap) clone() *timedMap {
	c := *m
	c.buckets = make(map[int64]map[int32]int32, len(m.buckets))
	for id, b := range m.buckets {
		c.buckets[id] = maps.Clone(b)
	}
	return &c
}

// key is equal for equal states.
func (m *timedMap) key(k []byte) []byte {
	num := func(n int64) { k = binary.AppendVarint(k, n) }
	num(m.current)
	num(int64(m.nextRefresh))
	num(int64(m.nextCleanup))
	for _, id := range slices.Sorted(maps.Keys(m.buckets)) {
		num(id)
		num(int64(len(m.buckets[id])))
		sum := uint64(0) // of entries, in any order: the same for others by a chance of one in 2^64
		for key, value := range m.buckets[id] {
			sum += scatter(uint64(uint32(key))<<32 | uint64(uint32(value)))
		}
		k = binary.BigEndian.AppendUint64(k, sum)
	}
	return append(k, flag(m.closed))
}

// scatter is the mixing of splitmix64 (Steele, Lea and Flood, 2014).
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
