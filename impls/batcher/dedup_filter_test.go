package batcher

import (
	"sync"
	"testing"
	"time"
)

func TestFilter(t *testing.T) {
	f := newFilter(61)
	const perBucket, buckets = 500, 300
	for id := range int64(buckets) {
		for i := range perBucket {
			f.add(newProbes(hashOf(int(id)*perBucket+i)), id)
		}
		f.expire(id - 61)
		if n := len(f.parts); n > 20 {
			t.Fatalf("%d parts in bucket %d", n, id)
		}
	}
	for k := (buckets - 61) * perBucket; k < buckets*perBucket; k++ {
		if !f.test(newProbes(hashOf(k))) {
			t.Fatalf("key %d is lost", k)
		}
	}
	wrong := 0
	const tries = 20000
	for k := range tries {
		if f.test(newProbes(hashOf(-1 - k))) {
			wrong++
		}
	}
	if wrong > tries/100 {
		t.Errorf("%d of %d absent keys are taken for present ones", wrong, tries)
	}
	if f.expire(buckets); len(f.parts) != 0 || f.test(newProbes(hashOf(1))) {
		t.Error("an empty filter is not empty")
	}
}

// TestFilterExpires has few keys, far fewer than a part has room for: they are
// forgotten all the same when their buckets are gone.
func TestFilterExpires(t *testing.T) {
	f := newFilter(61)
	for id := range int64(200) {
		f.add(newProbes(hashOf(int(id))), id)
		f.expire(id - 61)
	}
	for id := range 200 {
		kept := f.test(newProbes(hashOf(id)))
		if live := id > 138; live && !kept {
			t.Errorf("the key of bucket %d is lost", id)
		}
		if gone := id <= 138-8; gone && kept {
			t.Errorf("the key of bucket %d is still there", id)
		}
	}
}

// hashOf is a fixed hash, SplitMix64, so that the test is the same every time.
func hashOf(k int) uint64 {
	z := uint64(k)*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// TestFilterForgetsDeleted sets and deletes one key after another in a map that
// expires nothing: the filter must not grow with the number of calls.
func TestFilterForgetsDeleted(t *testing.T) {
	m := NewTimePartitionedMapOptimized[int, int](time.Hour, 3)
	m.Close()
	m.SetOptimized(-1, 0)
	for k := range 50_000 {
		if !m.SetOptimized(k, k) || !m.Delete(k) {
			t.Fatalf("key %d", k)
		}
	}
	keys := 0
	for _, p := range m.index.filter.parts {
		keys += p.room
	}
	if keys > 4*filterMinKeys {
		t.Errorf("the filter has room for %d keys, and the map holds one", keys)
	}
	if m.SetOptimized(-1, 0) {
		t.Error("the key that stayed was forgotten")
	}
}

// TestFilterRefill has the filter made anew while others look, in a map with keys
// in many buckets: none of those may be missed at any time.
func TestFilterRefill(t *testing.T) {
	const buckets, stay = 20, 2000
	m := NewTimePartitionedMapOptimized[int, int](time.Hour, 61)
	m.Close()
	for k := range stay {
		m.SetOptimized(-1-k, k)
		if k%(stay/buckets) == 0 {
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
			}
		})
	}
	refills, before := 0, 0
	for k := range 20_000 {
		before = m.index.filter.keys
		if !m.SetOptimized(k, k) || !m.Delete(k) {
			t.Errorf("key %d", k)
		}
		if m.index.filter.keys < before {
			refills++
		}
	}
	close(done)
	wg.Wait()
	if refills < 5 || m.index.filter.keys > 2*stay+filterMinKeys {
		t.Errorf("%d refills, %d keys in the filter", refills, m.index.filter.keys)
	}
	checkIndex(t, m)
}
