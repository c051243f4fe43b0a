package batcher

import (
	"fmt"
	"hash/maphash"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"
)

// TimePartitionedMapDirect is a TimePartitionedMap with one index from keys to
// entries in place of a map for each bucket. A look costs the same however many
// buckets there are, and of any number of concurrent Sets of one key only one
// returns true. All else that is said of TimePartitionedMap holds.
//
// The index is in shards, by a hash of the key. A shard keeps its entries in the
// order in which they were set, so that those of one bucket lie together. Expiry
// has two parts. First all shards are locked, and the buckets that have left the
// window are marked, whatever they hold: that is the moment at which they are
// gone. Then their entries are removed, one shard at a time.
type TimePartitionedMapDirect[K comparable, V any] struct {
	bucketSize time.Duration
	maxBuckets int
	clock      clock.Clock
	seed       maphash.Seed

	current atomic.Int64 // ID of the current bucket, as of the last refresh
	count   atomic.Int64 // written with the lock of a shard held, or of all
	shards  [shardCount]shard[K, V]

	refresh *clock.Ticker
	cleanup *clock.Ticker
	closing sync.Once
	stop    chan struct{} // closed when Close begins
	ended   chan struct{} // closed when the goroutine has ended
}

// shardCount is a power of two, and such that keys do not often meet on the cores
// of a server. Cleanup locks every shard.
const shardCount = 16

// NewTimePartitionedMapDirect returns an empty map whose entries live for
// maxBuckets buckets of bucketSize each. It starts a goroutine, which Close ends.
// Its arguments, and the panics that they may cause, are those of
// NewTimePartitionedMap.
func NewTimePartitionedMapDirect[K comparable, V any](bucketSize time.Duration, maxBuckets int, opts ...Option) *TimePartitionedMapDirect[K, V] {
	switch {
	case bucketSize < 2:
		panic(fmt.Sprintf("batcher: bucketSize must be at least 2ns, got %v", bucketSize))
	case maxBuckets < 1:
		panic(fmt.Sprintf("batcher: maxBuckets must be at least 1, got %d", maxBuckets))
	case int64(maxBuckets) > math.MaxInt64/int64(bucketSize):
		panic(fmt.Sprintf("batcher: bucketSize*maxBuckets must fit a Duration, got %v*%d", bucketSize, maxBuckets))
	}
	m := &TimePartitionedMapDirect[K, V]{
		bucketSize: bucketSize,
		maxBuckets: maxBuckets,
		clock:      clockOf(opts),
		seed:       maphash.MakeSeed(),
		stop:       make(chan struct{}),
		ended:      make(chan struct{}),
	}
	for i := range m.shards {
		m.shards[i].init(m.seed)
	}
	m.current.Store(m.bucketID(m.clock.Now()))
	m.refresh = m.clock.Ticker(max(bucketSize/10, minRefresh))
	m.cleanup = m.clock.Ticker(bucketSize / 2)
	go m.follow()
	return m
}

// follow does what the tickers ask for until the map is closed.
func (m *TimePartitionedMapDirect[K, V]) follow() {
	defer close(m.ended)
	for {
		select {
		case <-m.refresh.C:
			m.refreshID()
		case <-m.cleanup.C:
			m.expire()
		case <-m.stop:
			return
		}
	}
}

func (m *TimePartitionedMapDirect[K, V]) bucketID(t time.Time) int64 {
	return t.UnixNano() / int64(m.bucketSize)
}

func (m *TimePartitionedMapDirect[K, V]) refreshID() { m.current.Store(m.bucketID(m.clock.Now())) }

// expire removes the buckets that have left the window. In between it sees
// to the other ticker, which is not to wait for large buckets to be removed.
func (m *TimePartitionedMapDirect[K, V]) expire() {
	limit := m.bucketID(m.clock.Now().Add(-m.bucketSize * time.Duration(m.maxBuckets)))
	if !m.mark(limit) {
		return
	}
	for i := range m.shards {
		for m.shards[i].sweep() {
			select {
			case <-m.refresh.C:
				m.refreshID()
			default:
			}
		}
	}
}

// mark marks the buckets up to the given ID as gone, in all shards at one moment,
// and reports whether there are any. It holds the locks for as long as it takes to
// look at the list of buckets of each shard.
func (m *TimePartitionedMapDirect[K, V]) mark(limit int64) (found bool) {
	for i := range m.shards {
		m.shards[i].mu.Lock()
	}
	gone := 0
	for i := range m.shards {
		runs, entries := m.shards[i].mark(limit)
		found = found || runs > 0
		gone += entries
	}
	m.count.Add(-int64(gone))
	for i := range m.shards {
		m.shards[i].mu.Unlock()
	}
	return found
}

// shardOf returns the shard of a key, and the key's hash. The upper bits choose
// the shard, for its slots take the lower ones.
func (m *TimePartitionedMapDirect[K, V]) shardOf(key K) (*shard[K, V], uint32) {
	hash := maphash.Comparable(m.seed, key)
	return &m.shards[hash>>32%shardCount], uint32(hash)
}

// Get returns the value stored under key and true, or the zero value and false.
func (m *TimePartitionedMapDirect[K, V]) Get(key K) (value V, ok bool) {
	s, hash := m.shardOf(key)
	s.mu.Lock()
	if e, _ := s.find(hash, key); e != nil {
		value, ok = e.value, true
	}
	s.mu.Unlock()
	return value, ok
}

// Set stores value under key unless the key is present in any bucket, and
// reports whether it did.
func (m *TimePartitionedMapDirect[K, V]) Set(key K, value V) bool {
	s, hash := m.shardOf(key)
	s.mu.Lock()
	if e, _ := s.find(hash, key); e != nil {
		s.mu.Unlock()
		return false
	}
	s.insert(m.current.Load(), hash, key, value)
	m.count.Add(1)
	s.mu.Unlock()
	return true
}

// Delete removes key and reports whether it was present.
func (m *TimePartitionedMapDirect[K, V]) Delete(key K) bool {
	s, hash := m.shardOf(key)
	s.mu.Lock()
	e, i := s.find(hash, key)
	if e == nil {
		s.mu.Unlock()
		return false
	}
	s.remove(i)
	m.count.Add(-1)
	s.mu.Unlock()
	return true
}

// Count returns the number of entries, those about to expire included.
func (m *TimePartitionedMapDirect[K, V]) Count() int { return int(m.count.Load()) }

// Close stops the tickers and returns when the goroutine that follows them has
// ended. The map stays readable and writable, and expires nothing any more. Close
// may be called again, and at the same time.
func (m *TimePartitionedMapDirect[K, V]) Close() {
	m.closing.Do(func() {
		m.refresh.Stop()
		m.cleanup.Stop()
		close(m.stop)
	})
	<-m.ended
}

// BatcherWithDedupDirect is BatcherWithDedup made of the direct parts: of equal
// items that are put at the same time only one is taken.
type BatcherWithDedupDirect[T comparable] struct {
	batcher *BatcherDirect[T]
	seen    *TimePartitionedMapDirect[T, struct{}]
}

// NewWithDeduplicationDirect returns a running BatcherWithDedupDirect. Its
// arguments, and the panics that they may cause, are those of New.
func NewWithDeduplicationDirect[T comparable](size int, timeout time.Duration, fn func(batch []*T), background bool, opts ...Option) *BatcherWithDedupDirect[T] {
	return &BatcherWithDedupDirect[T]{
		batcher: NewDirect(size, timeout, fn, background, opts...),
		seen:    NewTimePartitionedMapDirect[T, struct{}](dedupBucket, dedupBuckets, opts...),
	}
}

// Put adds an item to the open batch unless an equal one was seen. A nil item is
// ignored, always. Otherwise Put panics if Close was called before it.
func (b *BatcherWithDedupDirect[T]) Put(item *T) {
	if item == nil {
		return
	}
	b.batcher.refuseIfClosed()
	if b.seen.Set(*item, struct{}{}) {
		b.batcher.Put(item)
	}
}

// Trigger has the open batch flushed, as Batcher.Trigger does.
func (b *BatcherWithDedupDirect[T]) Trigger() { b.batcher.Trigger() }

// Close delivers what was put, as Batcher.Close does, and ends expiry.
func (b *BatcherWithDedupDirect[T]) Close() {
	b.batcher.Close()
	b.seen.Close()
}
