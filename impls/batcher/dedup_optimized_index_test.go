package batcher

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"
)

// checkIndex checks that each of m's buckets is in the index, under ascending IDs,
// that the others there are empty, that the filter misses no key, and that both
// ways to look see the same.
func checkIndex(t *testing.T, m *TimePartitionedMap[int, int]) {
	t.Helper()
	x := m.index
	last, found, count := int64(math.MinInt64), 0, 0
	used := uint64(0)
	for _, b := range x.live {
		if b.id <= last {
			t.Fatalf("bucket %d after %d", b.id, last)
		}
		last = b.id
		used |= 1 << b.column
		count += len(b.entries)
		if bucket, ok := m.buckets[b.id]; ok {
			found++
			if reflect.ValueOf(bucket).Pointer() != reflect.ValueOf(b.entries).Pointer() {
				t.Fatalf("bucket %d is not the map's", b.id)
			}
		}
		for key := range b.entries {
			if x.filter.on() && x.filter.test(x.hash(key))>>b.column&1 == 0 {
				t.Fatalf("key %d is in bucket %d, and the filter says it is not", key, b.id)
			}
			_, plain := m.Get(key)
			if _, ok := m.GetOptimized(key); !ok || !plain || !x.has(key, x.hash(key)) || !x.has(key, noHash) {
				t.Fatalf("key %d is in bucket %d; Get says %v, GetOptimized %v", key, b.id, plain, ok)
			}
		}
	}
	if found != len(m.buckets) || count != m.Count() {
		t.Fatalf("%d of %d buckets are in the index, with %d of %d entries", found, len(m.buckets), count, m.Count())
	}
	if used != x.used {
		t.Fatalf("columns %x, want %x", x.used, used)
	}
	for i, row := range x.filter.rows {
		if row&^used != 0 {
			t.Fatalf("row %d is %x, and the columns are %x", i, row, used)
		}
	}
}

// TestBaselineOnOptimized has Delete, which knows of no index, take buckets away,
// expiry take others, and has buckets come again under an ID that was there before.
func TestBaselineOnOptimized(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clk := &offsetClock{Mock: clock.NewMock()}
		m := NewTimePartitionedMapOptimized[int, int](time.Second, 3, WithClock(clk))
		m.Close() // nothing but what the test calls
		at := func(id int64) { clk.offset.Store(id * int64(time.Second)); m.current.Store(id) }
		wins := func(key int) {
			t.Helper()
			if !m.SetOptimized(key, 0) || m.SetOptimized(key, 1) {
				t.Errorf("key %d does not win once", key)
			}
			checkIndex(t, m)
		}
		for id := range int64(6) {
			at(id)
			wins(int(id))
		}
		m.expireOptimized() // the limit is 2
		checkIndex(t, m)
		if len(m.index.live) != 3 || m.Count() != 3 {
			t.Fatalf("%d buckets, count %d", len(m.index.live), m.Count())
		}
		for key := range 3 { // into the newest bucket
			wins(key)
		}
		at(1) // back, into one that is gone
		wins(10)
		for _, key := range []int{4, 10, 3} { // one in the middle, and the oldest ones
			if !m.Delete(key) || m.Delete(key) {
				t.Errorf("key %d is not deleted once", key)
			}
			checkIndex(t, m)
		}
		at(4)
		wins(4)
		at(9)
		m.expireOptimized()
		checkIndex(t, m)
		if m.Count() != 0 {
			t.Fatalf("%d entries are left", m.Count())
		}
		for key := range 12 {
			wins(key)
		}
		if len(m.index.live) != 1 {
			t.Errorf("one bucket, %d in the index", len(m.index.live))
		}
	})
}

// TestIndexStaysSmall has buckets emptied by Delete, in a map that never cleans up.
func TestIndexStaysSmall(t *testing.T) {
	m := NewTimePartitionedMapOptimized[int, int](time.Hour, 1000)
	m.Close()
	m.SetOptimized(-1, 0)
	for k := range 1000 {
		m.current.Add(1)
		if !m.SetOptimized(k, k) || !m.Delete(k) {
			t.Fatalf("key %d", k)
		}
	}
	if n := len(m.index.live); n > 2 {
		t.Errorf("one bucket, %d in the index", n)
	}
	checkIndex(t, m)
}

// TestIndexInStep does random things and checks the index, which after a cleanup
// has exactly the map's buckets.
func TestIndexInStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clk := &offsetClock{Mock: clock.NewMock()}
		m := NewTimePartitionedMapOptimized[int, int](time.Second, 20, WithClock(clk))
		defer m.Close()
		random := rand.New(rand.NewPCG(1, 2))
		for range 300 {
			for range random.IntN(60) {
				m.SetOptimized(random.IntN(5000), 0)
				m.SetOptimized(random.IntN(5000), 0)
				m.Delete(random.IntN(5000))
			}
			clk.offset.Add(int64(time.Duration(random.IntN(7)-3) * time.Second)) // back as well
			clk.Add(time.Duration(random.IntN(1500)) * time.Millisecond)
			synctest.Wait()
			checkIndex(t, m)
			m.expireOptimized()
			checkIndex(t, m)
			if len(m.index.live) != len(m.buckets) {
				t.Fatalf("%d buckets, %d in the index", len(m.buckets), len(m.index.live))
			}
		}
	})
}
