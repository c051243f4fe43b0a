package batcher

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"time"
)

// NewTimePartitionedMapOptimized is NewTimePartitionedMap for a map that keeps
// in addition what GetOptimized and SetOptimized need to be fast: its buckets in
// order of age, and a Bloom filter over its keys.
//
// Set knows nothing of those. In a map made here, keys are to be set with
// SetOptimized only; a key that was set with Set may be missed by GetOptimized,
// and set a second time by SetOptimized. All other methods of the map work on it.
func NewTimePartitionedMapOptimized[K comparable, V any](bucketSize time.Duration, maxBuckets int, opts ...Option) *TimePartitionedMap[K, V] {
	m := newMap[K, V](bucketSize, maxBuckets, opts)
	m.index = &index[K, V]{seed: maphash.MakeSeed(), filter: newFilter(maxBuckets)}
	m.start(m.expireOptimized)
	return m
}

// expireOptimized is expire, after which the index forgets what is gone. Between
// the two the index is as it is after a Delete: it knows of too much.
func (m *TimePartitionedMap[K, V]) expireOptimized() {
	m.expire()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.index.prune(m.buckets)
}

// GetOptimized is Get, looking through the buckets from the newest to the
// oldest. On a map that is not made by NewTimePartitionedMapOptimized it is Get.
func (m *TimePartitionedMap[K, V]) GetOptimized(key K) (V, bool) {
	if m.index == nil {
		return m.Get(key)
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.index.find(m.buckets, key)
}

// SetOptimized is Set, with two differences. A key that is not present is mostly
// known to be absent from a Bloom filter, without a look into the buckets. And of
// any number of concurrent SetOptimized calls for one key only one returns true.
// On a map that is not made by NewTimePartitionedMapOptimized, only the second.
func (m *TimePartitionedMap[K, V]) SetOptimized(key K, value V) bool {
	if m.index == nil {
		return m.setLocked(key, value)
	}
	p := m.index.probes(key)
	present, version := m.look(key, p)
	if present {
		return false
	}
	return m.setAbsent(key, value, p, version)
}

// setLocked is Set with the look inside the lock.
func (m *TimePartitionedMap[K, V]) setLocked(key K, value V) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, bucket := range m.buckets {
		if _, ok := bucket[key]; ok {
			return false
		}
	}
	m.insert(m.current.Load(), key, value)
	return true
}

// setAbsent stores an entry whose key was absent in the given version of the
// index, unless it is present by now.
func (m *TimePartitionedMap[K, V]) setAbsent(key K, value V, p probes, version uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	// Only an insertion makes an absent key present. Without one since the look
	// there is no need for another.
	if m.index.version != version && m.index.has(m.buckets, key, p) {
		return false
	}
	id := m.current.Load()
	m.insert(id, key, value)
	m.index.insert(m.buckets, id, p, m.Count())
	return true
}

// look reports whether key is present, and in which version of the index.
func (m *TimePartitionedMap[K, V]) look(key K, p probes) (present bool, version uint64) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.index.has(m.buckets, key, p), m.index.version
}

// index is what an optimized map knows beside its buckets. The map's lock guards
// it. It hears of what SetOptimized inserts, but not of what Delete and expire
// take away. So it may know of too much, never of too little: each of the map's
// buckets is in live, and the filter tests positive for every key in them. Whether
// a bucket is still there the map itself says, whose buckets the methods are given.
type index[K comparable, V any] struct {
	seed    maphash.Seed
	live    []liveBucket[K, V] // by ascending ID
	filter  filter
	version uint64 // how many entries were inserted
}

type liveBucket[K comparable, V any] struct {
	id      int64
	entries map[K]V // the map's bucket with that ID, if there is one
}

// find looks through what there is, newest first. It knows nothing of the IDs in
// between: after a jump of the clock there may be billions.
func (x *index[K, V]) find(buckets map[int64]map[K]V, key K) (V, bool) {
	exact := len(x.live) == len(buckets) // then all of live is there
	for i := len(x.live) - 1; i >= 0; i-- {
		if value, ok := x.live[i].entries[key]; ok && (exact || buckets[x.live[i].id] != nil) {
			return value, true
		}
	}
	var none V
	return none, false
}

// has reports whether key, whose probes are given, is present.
func (x *index[K, V]) has(buckets map[int64]map[K]V, key K, p probes) bool {
	if !x.filter.test(p) {
		return false
	}
	_, ok := x.find(buckets, key)
	return ok
}

// insert notes an entry that was stored in the bucket with the given ID, and
// that count entries are present now.
func (x *index[K, V]) insert(buckets map[int64]map[K]V, id int64, p probes, count int) {
	at := len(x.live) - 1
	if at < 0 || x.live[at].id != id { // the clock may have been set back
		var ok bool
		if at, ok = x.search(id); !ok {
			// Without those that are gone, live never outgrows the map.
			x.prune(buckets)
			at, _ = x.search(id)
			x.live = slices.Insert(x.live, at, liveBucket[K, V]{id: id})
		}
	}
	x.live[at].entries = buckets[id] // it may have gone, and come again
	x.version++
	x.filter.add(p, id)
	// The filter cannot forget one key. When it holds more keys that are gone than
	// keys that are present it is made anew, or it would grow for ever in a map
	// that is closed, or whose window is long. That takes no longer than it took to
	// add those that are gone.
	if x.filter.keys-count > max(count, filterMinKeys) {
		x.refill(buckets)
	}
}

// refill makes the filter anew, from the keys that are present.
func (x *index[K, V]) refill(buckets map[int64]map[K]V) {
	x.filter.expire(math.MaxInt64)
	for _, b := range x.live {
		for key := range buckets[b.id] {
			x.filter.add(x.probes(key), b.id)
		}
	}
}

// prune forgets the buckets that are gone, and the parts of the filter that are
// older than every bucket.
func (x *index[K, V]) prune(buckets map[int64]map[K]V) {
	x.live = slices.DeleteFunc(x.live, func(b liveBucket[K, V]) bool { return buckets[b.id] == nil })
	oldest := int64(math.MaxInt64)
	if len(x.live) > 0 {
		oldest = x.live[0].id
	}
	x.filter.expire(oldest - 1)
}

func (x *index[K, V]) search(id int64) (int, bool) {
	return slices.BinarySearchFunc(x.live, id, func(b liveBucket[K, V], id int64) int {
		return cmp.Compare(b.id, id)
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
