package batcher

import (
	"hash/maphash"
	"slices"
	"time"
)

// NewTimePartitionedMapOptimized is NewTimePartitionedMap for a map that keeps
// in addition what GetOptimized and SetOptimized need to be fast: its buckets in
// order of age, and a Bloom filter over its keys. All methods of the map work
// on it, those that do not profit included.
func NewTimePartitionedMapOptimized[K comparable, V any](bucketSize time.Duration, maxBuckets int, opts ...Option) *TimePartitionedMap[K, V] {
	m := newMap[K, V](bucketSize, maxBuckets, opts)
	m.index = &index[K, V]{seed: maphash.MakeSeed(), filter: newFilter(maxBuckets)}
	m.start()
	return m
}

// GetOptimized is Get, looking through the buckets from the newest to the
// oldest. On a map that is not made by NewTimePartitionedMapOptimized it is Get.
func (m *TimePartitionedMap[K, V]) GetOptimized(key K) (V, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.findOptimized(key)
}

func (m *TimePartitionedMap[K, V]) findOptimized(key K) (V, bool) {
	if m.index == nil {
		return m.find(key)
	}
	return m.index.find(key)
}

// SetOptimized is Set, with two differences. A key that is not present is mostly
// known to be absent from a Bloom filter, without a look into the buckets. And of
// any number of concurrent SetOptimized calls for one key only one returns true.
// On a map that is not made by NewTimePartitionedMapOptimized, only the second.
func (m *TimePartitionedMap[K, V]) SetOptimized(key K, value V) bool {
	if m.index == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		if _, ok := m.find(key); ok {
			return false
		}
		m.insert(key, value)
		return true
	}
	p := m.index.probes(key)
	present, version := m.look(key, p)
	if present {
		return false
	}
	return m.setAbsent(key, value, p, version)
}

// setAbsent stores an entry whose key was absent in the given version of the
// index, unless it is present by now.
func (m *TimePartitionedMap[K, V]) setAbsent(key K, value V, p probes, version uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	// Only an insertion makes an absent key present. Without one since the look
	// there is no need for another.
	if m.index.version != version && m.index.has(key, p) {
		return false
	}
	id, bucket := m.insert(key, value)
	m.index.insert(id, bucket, p)
	return true
}

// look reports whether key is present, and in which version of the index.
func (m *TimePartitionedMap[K, V]) look(key K, p probes) (present bool, version uint64) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.index.has(key, p), m.index.version
}

// index is what an optimized map knows beside its buckets. The map's lock guards it.
type index[K comparable, V any] struct {
	seed    maphash.Seed
	live    []liveBucket[K, V] // by ascending ID; exactly the map's buckets
	filter  filter             // tests positive for every key in live
	version uint64             // how many entries were inserted
	deleted int                // how many were deleted since the filter was made
}

type liveBucket[K comparable, V any] struct {
	id      int64
	entries map[K]V
}

// find looks through what there is, newest first. It knows nothing of the IDs in
// between: after a jump of the clock there may be billions.
func (x *index[K, V]) find(key K) (V, bool) {
	for i := len(x.live) - 1; i >= 0; i-- {
		if value, ok := x.live[i].entries[key]; ok {
			return value, true
		}
	}
	var none V
	return none, false
}

// has reports whether key, whose probes are given, is present.
func (x *index[K, V]) has(key K, p probes) bool {
	if !x.filter.test(p) {
		return false
	}
	_, ok := x.find(key)
	return ok
}

// insert notes an entry that was stored in the given bucket.
func (x *index[K, V]) insert(id int64, bucket map[K]V, p probes) {
	if n := len(x.live); n == 0 || x.live[n-1].id != id {
		// The clock may have been set back, so that id is not the highest.
		if i, ok := x.search(id); !ok {
			x.live = slices.Insert(x.live, i, liveBucket[K, V]{id, bucket})
		}
	}
	x.filter.add(p, id)
	x.version++
}

// delete notes that an entry was deleted from the bucket with the given ID, that
// it was the bucket's last if so, and that about count entries remain.
func (x *index[K, V]) delete(id int64, last bool, count int) {
	if i, ok := x.search(id); ok && last {
		x.live = slices.Delete(x.live, i, i+1)
	}
	// The filter cannot forget one key. When it may hold more deleted keys than
	// present ones it is made anew, or it would grow for ever in a map that is
	// closed, or whose window is long.
	if x.deleted++; x.deleted <= max(count, filterMinKeys) {
		return
	}
	x.deleted = 0
	x.filter.parts = nil
	for _, bucket := range x.live {
		for key := range bucket.entries {
			x.filter.add(x.probes(key), bucket.id)
		}
	}
}

// expire forgets all buckets up to the one with the given ID, and their keys.
func (x *index[K, V]) expire(limit int64) {
	i, ok := x.search(limit)
	if ok {
		i++
	}
	x.live = slices.Delete(x.live, 0, i)
	x.filter.expire(limit)
}

func (x *index[K, V]) search(id int64) (int, bool) {
	return slices.BinarySearchFunc(x.live, id, func(b liveBucket[K, V], id int64) int {
		switch {
		case b.id < id:
			return -1
		case b.id > id:
			return 1
		}
		return 0
	})
}

// probes returns the places of key in every filter. The seed is the map's own,
// so that nobody can choose keys that collide.
func (x *index[K, V]) probes(key K) probes {
	return newProbes(maphash.Comparable(x.seed, key))
}

// BatcherWithDedupOptimized is BatcherWithDedup made of the optimized parts: of
// equal items that are put at the same time only one is taken.
type BatcherWithDedupOptimized[T comparable] struct {
	batcher *Batcher[T]
	seen    *TimePartitionedMap[T, struct{}]
}

// NewWithDeduplicationOptimized returns a running BatcherWithDedupOptimized. Its
// arguments, and the panics that they may cause, are those of New.
func NewWithDeduplicationOptimized[T comparable](size int, timeout time.Duration, fn func(batch []*T), background bool, opts ...Option) *BatcherWithDedupOptimized[T] {
	return &BatcherWithDedupOptimized[T]{
		batcher: NewOptimized(size, timeout, fn, background, opts...),
		seen:    NewTimePartitionedMapOptimized[T, struct{}](dedupBucket, dedupBuckets, opts...),
	}
}

// Put adds an item to the open batch unless an equal one was seen. A nil item is
// ignored, always. Otherwise Put panics if Close was called before it.
func (b *BatcherWithDedupOptimized[T]) Put(item *T) {
	if item == nil {
		return
	}
	b.batcher.refuseIfClosed()
	if b.seen.SetOptimized(*item, struct{}{}) {
		b.batcher.PutOptimized(item)
	}
}

// Trigger has the open batch flushed, as Batcher.Trigger does.
func (b *BatcherWithDedupOptimized[T]) Trigger() { b.batcher.Trigger() }

// Close delivers what was put, as Batcher.Close does, and ends expiry.
func (b *BatcherWithDedupOptimized[T]) Close() {
	b.batcher.Close()
	b.seen.Close()
}
