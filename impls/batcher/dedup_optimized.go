package batcher

import (
	"time"
)

// NewTimePartitionedMapOptimized is NewTimePartitionedMap for a map that keeps
// in addition what GetOptimized and SetOptimized need to be fast: its buckets in
// order of age, and a Bloom filter over their keys.
//
// Set knows nothing of those. In a map made here, keys are to be set with
// SetOptimized only; a key that was set with Set may be missed by GetOptimized,
// set a second time by SetOptimized, and never expire. All other methods of the
// map work on it.
func NewTimePartitionedMapOptimized[K comparable, V any](bucketSize time.Duration, maxBuckets int, opts ...Option) *TimePartitionedMap[K, V] {
	m := newMap[K, V](bucketSize, maxBuckets, opts)
	m.index = newIndex[K, V](maxBuckets)
	m.start(m.expireOptimized)
	return m
}

// expireOptimized is expire, for the index as well.
func (m *TimePartitionedMap[K, V]) expireOptimized() {
	limit := m.bucketID(m.clock.Now().Add(-m.bucketSize * time.Duration(m.maxBuckets)))
	m.mu.Lock()
	defer m.mu.Unlock()
	if taken, entries := m.index.expire(m.buckets, limit); taken > 0 {
		m.count.Add(-int64(entries))
		m.retrack()
	}
}

// GetOptimized is Get, looking through the buckets from the newest to the oldest.
// If there are several, it leaves out those that a Bloom filter knows not to have
// the key. On a map that is not made by NewTimePartitionedMapOptimized it is Get.
func (m *TimePartitionedMap[K, V]) GetOptimized(key K) (V, bool) {
	if m.index == nil {
		return m.Get(key)
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.index.get(key)
}

// SetOptimized is Set, with two differences. If there are several buckets, a key
// that is not present is mostly known to be absent from a Bloom filter, without a
// look into the buckets. And of any number of concurrent SetOptimized calls for
// one key only one returns true. On a map that is not made by
// NewTimePartitionedMapOptimized, only the second.
func (m *TimePartitionedMap[K, V]) SetOptimized(key K, value V) bool {
	if m.index == nil {
		return m.setLocked(key, value)
	}
	present, hash, version := m.look(key)
	if present {
		return false
	}
	return m.setAbsent(key, value, hash, version)
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

// look reports whether key is present, and in which version of the index. The hash
// is the key's, or noHash if it was not needed.
func (m *TimePartitionedMap[K, V]) look(key K) (present bool, hash, version uint64) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.index.filter.on() {
		hash = m.index.hash(key)
	}
	return m.index.has(key, hash), hash, m.index.version
}

// setAbsent stores an entry whose key was absent in the given version of the
// index, unless it is present by now.
func (m *TimePartitionedMap[K, V]) setAbsent(key K, value V, hash, version uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	// Only an insertion makes an absent key present. Without one since the look
	// there is no need for another.
	if m.index.version != version && m.index.has(key, hash) {
		return false
	}
	m.insertOptimized(m.current.Load(), key, value, hash)
	return true
}

// insertOptimized is insert, into the index as well.
func (m *TimePartitionedMap[K, V]) insertOptimized(id int64, key K, value V, hash uint64) {
	x := m.index
	at := len(x.live) - 1
	if at < 0 || x.live[at].id != id { // a new bucket, or the clock was set back
		at = x.open(m.buckets, id)
	}
	entries := x.live[at].entries
	if len(entries) == 0 { // it is new, or Delete has dropped it
		m.buckets[id] = entries
		m.track(id)
	}
	entries[key] = value
	m.count.Add(1)
	x.version++
	if x.filter.on() {
		if hash == noHash { // there was no filter when it was looked for
			hash = x.hash(key)
		}
		x.filter.add(hash, x.live[at].column)
	}
}

// BatcherWithDedupOptimized is BatcherWithDedup made of the optimized parts: of
// equal items that are put at the same time only one is taken.
type BatcherWithDedupOptimized[T comparable] struct{ BatcherWithDedup[T] }

// NewWithDeduplicationOptimized returns a running BatcherWithDedupOptimized. Its
// arguments, and the panics that they may cause, are those of New.
func NewWithDeduplicationOptimized[T comparable](size int, timeout time.Duration, fn func(batch []*T), background bool,
	opts ...Option) *BatcherWithDedupOptimized[T] {
	return &BatcherWithDedupOptimized[T]{BatcherWithDedup[T]{
		batcher: NewOptimized(size, timeout, fn, background, opts...),
		seen:    NewTimePartitionedMapOptimized[T, struct{}](dedupBucket, dedupBuckets, opts...),
	}}
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
