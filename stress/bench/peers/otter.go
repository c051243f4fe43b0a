package main

import (
	"github.com/benbjohnson/clock"
	"github.com/maypok86/otter/v2"

	"batchlab/impls/spec"
)

// otterMap is otter's cache, without a bound on its size, so that nothing but time
// takes entries away. Time is read as seldom as the baseline brings its bucket up to
// date, which otter offers as a CoarseClock. Reads are quiet: what else a read of otter
// notes serves eviction by size, and costs more than the read. Set looks quietly too
// before it locks, since most Sets are of what is there.
//
// It differs from the baseline:
//   - an entry lives for as long as the window from its own Set, to within a refresh:
//     there are no buckets that expire at once. It is out of sight then, and removed within
//     two seconds or so;
//   - Count is an estimate while others write, and counts what is out of sight but not
//     yet removed;
//   - Set is atomic;
//   - Close ends the removal, but entries expire all the same.
type otterMap struct {
	*otter.Cache[int, int]
	clock *otter.CoarseClock
}

func newOtter(c spec.MapConfig, _ clock.Clock) spec.Map {
	coarse := otter.NewCoarseClock(c.Refresh())
	return &otterMap{clock: coarse, Cache: otter.Must(&otter.Options[int, int]{
		ExpiryCalculator: otter.ExpiryCreating[int, int](c.Window()),
		Clock:            coarse,
	})}
}

func (m *otterMap) Get(key int) (int, bool) {
	e, ok := m.GetEntryQuietly(key)
	return e.Value, ok
}

func (m *otterMap) Set(key, value int) bool {
	if _, ok := m.GetEntryQuietly(key); ok {
		return false
	}
	_, ok := m.SetIfAbsent(key, value)
	return ok
}

func (m *otterMap) Delete(key int) bool {
	_, ok := m.Invalidate(key)
	return ok
}

func (m *otterMap) Count() int { return m.EstimatedSize() }

func (m *otterMap) Close() {
	m.StopAllGoroutines()
	m.clock.Stop()
}
