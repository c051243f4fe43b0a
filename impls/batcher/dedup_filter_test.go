package batcher

import (
	"sync"
	"testing"
	"time"
)

// hashOf is a fixed hash, SplitMix64, so that the test is the same every time.
func hashOf(k int) uint64 {
	z := uint64(k)*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// TestFilter fills all columns, grows, and clears one column after another.
func TestFilter(t *testing.T) {
	const per = 500
	f := newFilter(1)
	if f.test(hashOf(1)) != 0 {
		t.Error("an empty filter is not empty")
	}
	f.grow(filterRows * per)
	for k := range filterColumns * per {
		f.add(hashOf(k), uint(k/per))
	}
	missing := func(from int) (n int) {
		for k := from * per; k < filterColumns*per; k++ {
			if f.test(hashOf(k))>>(k/per)&1 == 0 {
				n++
			}
		}
		return n
	}
	wrong := func() (n int) {
		const tries = 20_000
		for k := range tries {
			if f.test(hashOf(-1-k))&1 != 0 {
				n++
			}
		}
		return n * 10_000 / tries
	}
	if n := missing(0); n > 0 {
		t.Errorf("%d keys are lost", n)
	}
	if n := wrong(); n > 25 {
		t.Errorf("%d of 10,000 absent keys are taken for present ones", n)
	}
	was := wrong()
	if f.grow(8 * len(f.rows)); missing(0) > 0 || wrong() != was {
		t.Errorf("after growth %d keys are lost, %d taken for present ones, not %d", missing(0), wrong(), was)
	}
	for c := range filterColumns {
		f.clear(1 << c)
		if n := missing(c + 1); n > 0 {
			t.Fatalf("column %d is cleared, and %d keys in others are lost", c, n)
		}
		if f.test(hashOf(c*per))>>c&1 != 0 {
			t.Errorf("column %d is cleared, and has a key", c)
		}
	}
	if int(f.bloom.Cap()) != filterColumns*len(f.rows) || !f.bloom.BitSet().None() {
		t.Error("the filter is not what its rows are")
	}
}

// TestFilterIsSmall has ever larger buckets, then ever smaller ones, then keys that
// are deleted at once: the filter has the size that fits what is there.
func TestFilterIsSmall(t *testing.T) {
	m := NewTimePartitionedMapOptimized[int, int](time.Hour, 3)
	m.Close()
	next := 0
	fill := func(n int) {
		t.Helper()
		m.current.Add(1)
		for range n {
			m.SetOptimized(next, next)
			next++
		}
		if rows := len(m.index.filter.rows); rows > 8*m.Count() {
			t.Errorf("%d rows for %d keys", rows, m.Count())
		}
		checkIndex(t, m)
	}
	drop := func() {
		m.mu.Lock()
		m.index.expire(m.buckets, m.current.Load()-10)
		m.count.Store(0)
		for _, bucket := range m.buckets {
			m.count.Add(int64(len(bucket)))
		}
		m.mu.Unlock()
	}
	for n := 1; n <= 1<<12; n *= 2 {
		fill(n)
		drop()
	}
	for n := 1 << 12; n > 0; n /= 2 {
		fill(n)
		drop()
	}
	for k := range 50_000 {
		if !m.SetOptimized(-1-k, k) || !m.Delete(-1-k) {
			t.Fatalf("key %d", -1-k)
		}
	}
	for range 20 {
		fill(1)
		drop()
	}
}

// TestFilterChanges has the filter made anew, grown and cleared while others look,
// for keys in many buckets: none of those may be missed at any time.
func TestFilterChanges(t *testing.T) {
	const stay = 2000
	m := NewTimePartitionedMapOptimized[int, int](time.Hour, 61)
	m.Close()
	for k := range stay {
		m.SetOptimized(-1-k, k)
		if k%(stay/20) == 0 {
			m.current.Add(1)
		}
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for k := 0; ; k = (k + 1) % stay {
				select {
				case <-done:
					return
				default:
				}
				if m.SetOptimized(-1-k, 0) {
					t.Errorf("the filter missed key %d", -1-k)
				}
				if v, ok := m.GetOptimized(-1 - k); !ok || v != k {
					t.Errorf("key %d has value %d: %v", -1-k, v, ok)
				}
			}
		})
	}
	changes, rows := 0, 0
	for round := range 50 {
		m.current.Add(1)
		size := 500 * (round % 10)
		for k := range size {
			m.SetOptimized(k, k)
		}
		m.current.Add(1) // here the filter grows, or is made anew
		m.SetOptimized(size, 0)
		if n := len(m.index.filter.rows); n != rows {
			changes++
			rows = n
		}
		for k := range size + 1 { // and here a column is cleared, at the next bucket
			if !m.Delete(k) {
				t.Errorf("key %d", k)
			}
		}
	}
	close(done)
	wg.Wait()
	if changes < 3 {
		t.Errorf("the filter changed its size %d times", changes)
	}
	checkIndex(t, m)
}
