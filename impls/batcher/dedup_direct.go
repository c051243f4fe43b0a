package batcher

import (
	"fmt"
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
// The index is in shards, by a hash of the key. A look takes no lock. A shard keeps its
// entries in the order in which they were set, so that those of one bucket lie together.
// Expiry has two parts. First all shards are locked, and the buckets that have left
// the window are marked, whatever they hold: that is the moment at which they are
// gone. Then their entries are removed, one shard at a time.
type TimePartitionedMapDirect[K comparable, V any] struct {
	bucketSize time.Duration
	maxBuckets int
	clock      clock.Clock
	hash       func(K) uint64

	current atomic.Int64 // ID of the current bucket, as of the last refresh
	shards  [shardCount]shard[K, V]

	refresh *clock.Ticker
	cleanup *clock.Ticker
	closing sync.Once
	stop    chan struct{} // closed when Close begins
	ended   chan struct{} // closed when the goroutine has ended
}

// shardCount is such that new keys seldom wait for each other or for a table that is made
// anew. Cleanup and Count lock every shard, and each has a list of all buckets.
const (
	shardBits  = 2
	shardCount = 1 << shardBits
)

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
		hash:       hasher[K](),
		stop:       make(chan struct{}),
		ended:      make(chan struct{}),
	}
	none := newTable[K, V](1, 0)
	for i := range m.shards {
		m.shards[i].init(none, m.hash)
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
// look at the list of buckets of each shard. A Get may overtake it in a shard whose turn
// has not come: that one comes before the moment, since nobody has seen anything gone.
func (m *TimePartitionedMapDirect[K, V]) mark(limit int64) (found bool) {
	m.lock()
	defer m.unlock()
	for i := range m.shards {
		if m.shards[i].mark(limit) {
			found = true
		}
	}
	return found
}

func (m *TimePartitionedMapDirect[K, V]) lock() {
	for i := range m.shards {
		m.shards[i].mu.Lock()
	}
}

func (m *TimePartitionedMapDirect[K, V]) unlock() {
	for i := range m.shards {
		m.shards[i].mu.Unlock()
	}
}

// shardOf returns the shard of a key with the given hash.
func (m *TimePartitionedMapDirect[K, V]) shardOf(hash uint64) *shard[K, V] {
	return &m.shards[hash>>(64-shardBits)]
}

// Get returns the value stored under key and true, or the zero value and false.
func (m *TimePartitionedMapDirect[K, V]) Get(key K) (value V, ok bool) {
	hash := m.hash(key)
	if e := m.shardOf(hash).get(hash, key); e != nil {
		return e.value, true
	}
	return value, false
}

// Set stores value under key unless the key is present in any bucket, and
// reports whether it did.
func (m *TimePartitionedMapDirect[K, V]) Set(key K, value V) bool {
	hash := m.hash(key)
	s := m.shardOf(hash)
	return s.get(hash, key) == nil && s.set(&m.current, hash, entry[K, V]{value, key})
}

// Delete removes key and reports whether it was present.
func (m *TimePartitionedMapDirect[K, V]) Delete(key K) bool {
	hash := m.hash(key)
	s := m.shardOf(hash)
	s.mu.Lock()
	e, slot := s.find(hash, key)
	if e != nil {
		s.remove(slot)
	}
	s.mu.Unlock()
	return e != nil
}

// Count returns the number of entries, those about to expire included. It takes all
// the locks, for between the moment at which a Set is seen and that at which it is
// counted lies nothing but its lock.
func (m *TimePartitionedMapDirect[K, V]) Count() int {
	m.lock()
	defer m.unlock()
	n := 0
	for i := range m.shards {
		n += int(m.shards[i].live)
	}
	return n
}

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
func NewWithDeduplicationDirect[T comparable](size int, timeout time.Duration, fn func(batch []*T), background bool,
	opts ...Option) *BatcherWithDedupDirect[T] {
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
