package mutants

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// timedMap is the baseline's map, and with a fault a mutant of it. Unlike the
// baseline, the control looks a key up and inserts it under one lock, and so has
// no two winners.
type timedMap struct {
	bucket  time.Duration
	buckets int
	clk     clock.Clock
	fault   fault

	stop  chan struct{}
	loops sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	current int64  // the ID of the current bucket, as of the last refresh
	parts   []part // ascending by ID, none of them empty
	count   int

	// What faults need.
	never  chan struct{} // nothing is ever sent on it
	filter map[int]bool  // keys that may be present
	memo   map[int]int   // values once read
	from   int64         // oldest-wrong-after-delete: where the walk ends
	tally  atomic.Int64  // count-unguarded
}

// part is one bucket that holds something.
type part struct {
	id      int64
	entries map[int]int
}

func newTimedMap(c spec.MapConfig, clk clock.Clock, f fault) *timedMap {
	switch {
	case c.Bucket < 2:
		panic(fmt.Sprintf("mutants: bucketSize is %v, want at least 2ns", c.Bucket))
	case c.Buckets < 1:
		panic(fmt.Sprintf("mutants: maxBuckets is %d, want at least 1", c.Buckets))
	case int64(c.Buckets) > math.MaxInt64/int64(c.Bucket):
		panic(fmt.Sprintf("mutants: bucketSize*maxBuckets overflows: %v * %d", c.Bucket, c.Buckets))
	case clk == nil:
		panic("mutants: clock is nil")
	}
	m := &timedMap{
		bucket: c.Bucket, buckets: c.Buckets, clk: clk, fault: f,
		stop:   make(chan struct{}),
		never:  make(chan struct{}),
		filter: map[int]bool{},
		memo:   map[int]int{},
		from:   math.MinInt64,
	}
	m.current = m.idNow()
	refresh, cleanup := clk.Ticker(c.Refresh()), clk.Ticker(c.Cleanup())
	m.loops.Add(2)
	go m.loop(refresh, m.refresh, m.stop)
	if f == "leak-ticker" {
		m.loops.Done()
		go m.tick(cleanup, m.cleanupUnlessClosed, m.never)
		return m
	}
	go m.loop(cleanup, m.cleanup, m.stop)
	return m
}

// loop is a goroutine that Close waits for.
func (m *timedMap) loop(ticker *clock.Ticker, do func(), stop <-chan struct{}) {
	defer m.loops.Done()
	m.tick(ticker, do, stop)
}

// tick calls do at each tick until it is stopped.
func (m *timedMap) tick(ticker *clock.Ticker, do func(), stop <-chan struct{}) {
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			do()
		case <-stop:
			return
		}
	}
}

// idNow is the bucket ID of this moment. The division truncates, as Go's does.
func (m *timedMap) idNow() int64 { return m.clk.Now().UnixNano() / int64(m.bucket) }

// refresh brings the cached bucket ID up to date.
func (m *timedMap) refresh() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault != "id-never-refreshed" {
		m.current = m.idNow()
	}
}

// cleanup removes the buckets that have left the window.
func (m *timedMap) cleanup() {
	m.mu.Lock()
	defer m.mu.Unlock()
	window := int64(m.bucket) * int64(m.buckets)
	switch m.fault {
	case "window-early":
		window -= int64(m.bucket)
	case "window-late", "window-one-long":
		window += int64(m.bucket)
	case "expiry-off", "window-endless":
		return
	}
	last := (m.clk.Now().UnixNano() - window) / int64(m.bucket)
	kept := m.parts[:0]
	for _, p := range m.parts {
		if p.id > last {
			kept = append(kept, p)
			continue
		}
		m.forget(p)
	}
	clear(m.parts[len(kept):])
	m.parts = kept
}

// cleanupUnlessClosed is what leak-ticker leaves running: it does no other harm.
func (m *timedMap) cleanupUnlessClosed() {
	m.mu.Lock()
	closed := m.closed
	m.mu.Unlock()
	if !closed {
		m.cleanup()
	}
}

// forget takes an expired bucket out of the books.
func (m *timedMap) forget(p part) {
	m.tally.Add(-int64(len(p.entries)))
	switch m.fault {
	case "count-wrong-on-expiry":
		m.count--
	case "filter-forgets":
		clear(m.filter)
		m.count -= len(p.entries)
	default:
		m.count -= len(p.entries)
	}
	m.from = math.MinInt64
}

// Get returns the value stored under key.
func (m *timedMap) Get(key int) (int, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expireLate()
	i := m.find(key)
	if i < 0 {
		return 0, false
	}
	value := m.parts[i].entries[key]
	switch m.fault {
	case "get-extends-life":
		m.renew(i, key)
	case "value-remembered":
		if old, ok := m.memo[key]; ok {
			value = old
		}
		m.memo[key] = value
	}
	return value, true
}

// Set stores a value unless the key is present, and reports whether it did.
func (m *timedMap) Set(key, value int) bool {
	won := m.set(key, value)
	if won && m.fault == "count-unguarded" {
		m.tally.Store(m.tally.Load() + 1)
	} else if won {
		m.tally.Add(1)
	}
	return won
}

func (m *timedMap) set(key, value int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expireLate()
	if m.closed && m.fault == "closed-set-refused" {
		return false
	}
	i := m.find(key)
	if filters := m.fault == "filter-not-fed" || m.fault == "filter-forgets"; filters && !m.filter[key] {
		i = -1
	}
	if i >= 0 {
		switch m.fault {
		case "set-overwrites":
			m.parts[i].entries[key] = value
		case "count-counts-losers":
			m.count++
		case "losing-set-extends-life":
			m.renew(i, key)
		}
		return false
	}
	if m.fault == "set-check-then-act" || m.fault == "check-then-act" {
		m.mu.Unlock()
		m.mu.Lock()
	}
	m.insert(key, value)
	m.count++
	return true
}

// Delete removes a key, and reports whether it was there.
func (m *timedMap) Delete(key int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expireLate()
	if m.fault == "delete-empty-panics" && len(m.parts) == 0 {
		panic("mutants: Delete on an empty map")
	}
	i := m.find(key)
	switch {
	case i < 0:
		return m.fault == "delete-claims-absent"
	case m.fault == "delete-removes-nothing":
		return true
	}
	m.remove(i, key)
	m.tally.Add(-1)
	if m.fault != "count-ignores-delete" {
		m.count--
	}
	return true
}

// Count is the number of entries, those about to expire included.
func (m *timedMap) Count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expireLate()
	if m.fault == "count-unguarded" {
		return int(m.tally.Load())
	}
	return m.count
}

// Close ends expiry, and waits for what does it.
func (m *timedMap) Close() {
	m.mu.Lock()
	first := !m.closed
	m.closed = true
	switch {
	case first && m.fault == "close-empties":
		m.parts, m.count = nil, 0
	case first:
	case m.fault == "map-second-close-blocks":
		m.mu.Unlock()
		<-m.never
		return
	}
	m.mu.Unlock()
	if first {
		close(m.stop)
	}
	m.loops.Wait()
}
