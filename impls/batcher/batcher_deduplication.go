package batcher

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"
)

// minRefresh is the shortest period at which the cached bucket ID is refreshed.
const minRefresh = 100 * time.Millisecond

// TimePartitionedMap is a map whose entries expire. Entries set in one stretch
// of time share a bucket, and expiry drops whole buckets.
//
// A bucket's ID is the time in nanoseconds since 1970, divided by the bucket
// size and rounded towards zero. Set uses a cached ID of the current bucket,
// refreshed every max(bucketSize/10, 100ms): with buckets shorter than 100ms it
// can be several buckets old, and entries expire that much earlier.
//
// With b the bucket size, M the number of buckets and u the refresh period, an
// entry that is set at t and not deleted is seen at least until t+(M-1)*b-u, and
// is gone by t+M*b+b/2.
//
// All methods may be called from any goroutine.
type TimePartitionedMap[K comparable, V any] struct {
	bucketSize time.Duration
	maxBuckets int
	clock      clock.Clock

	mu      sync.RWMutex
	buckets map[int64]map[K]V
	count   atomic.Int64

	current atomic.Int64 // ID of the current bucket, as of the last refresh
	oldest  atomic.Int64 // lowest ID in buckets; 0 if there is none
	newest  atomic.Int64 // highest ID in buckets; 0 if there is none

	refresh *clock.Ticker
	cleanup *clock.Ticker
	closing atomic.Bool
	stop    chan struct{} // closed when Close begins
	closed  chan struct{} // closed when Close is done
	loops   sync.WaitGroup

	index *index[K, V] // nil; the optimized constructor, elsewhere, sets it
}

// NewTimePartitionedMap returns an empty map whose entries live for maxBuckets
// buckets of bucketSize each. It starts two goroutines, which Close ends.
//
// It panics if bucketSize is less than 2ns, maxBuckets is less than 1, or their
// product does not fit a Duration.
func NewTimePartitionedMap[K comparable, V any](bucketSize time.Duration, maxBuckets int, opts ...Option) *TimePartitionedMap[K, V] {
	m := newMap[K, V](bucketSize, maxBuckets, opts)
	m.start(m.expire)
	return m
}

// newMap checks the arguments and returns a map that does not expire anything yet.
func newMap[K comparable, V any](bucketSize time.Duration, maxBuckets int, opts []Option) *TimePartitionedMap[K, V] {
	switch {
	case bucketSize < 2:
		panic(fmt.Sprintf("batcher: bucketSize must be at least 2ns, got %v", bucketSize))
	case maxBuckets < 1:
		panic(fmt.Sprintf("batcher: maxBuckets must be at least 1, got %d", maxBuckets))
	case int64(maxBuckets) > math.MaxInt64/int64(bucketSize):
		panic(fmt.Sprintf("batcher: bucketSize*maxBuckets must fit a Duration, got %v*%d", bucketSize, maxBuckets))
	}
	m := &TimePartitionedMap[K, V]{
		bucketSize: bucketSize,
		maxBuckets: maxBuckets,
		clock:      clockOf(opts),
		buckets:    make(map[int64]map[K]V),
		stop:       make(chan struct{}),
		closed:     make(chan struct{}),
	}
	m.current.Store(m.bucketID(m.clock.Now()))
	return m
}

// start makes both tickers, so that their phase is this instant, and then the
// goroutines that follow them. The one for cleanup calls expire.
func (m *TimePartitionedMap[K, V]) start(expire func()) {
	m.refresh = m.clock.Ticker(max(m.bucketSize/10, minRefresh))
	m.cleanup = m.clock.Ticker(m.bucketSize / 2)
	m.loops.Add(2)
	go m.follow(m.refresh, func() { m.current.Store(m.bucketID(m.clock.Now())) })
	go m.follow(m.cleanup, expire)
}

// follow calls do at each tick until the map is closed.
func (m *TimePartitionedMap[K, V]) follow(ticker *clock.Ticker, do func()) {
	defer m.loops.Done()
	for {
		select {
		case <-ticker.C:
			do()
		case <-m.stop:
			return
		}
	}
}

func (m *TimePartitionedMap[K, V]) bucketID(t time.Time) int64 {
	return t.UnixNano() / int64(m.bucketSize)
}

// expire removes the buckets that have left the window.
func (m *TimePartitionedMap[K, V]) expire() {
	limit := m.bucketID(m.clock.Now().Add(-m.bucketSize * time.Duration(m.maxBuckets)))
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, bucket := range m.buckets {
		if id <= limit {
			m.count.Add(-int64(len(bucket)))
			delete(m.buckets, id)
		}
	}
	m.retrack()
}

// retrack finds the range of IDs anew. The caller holds mu.
func (m *TimePartitionedMap[K, V]) retrack() {
	m.oldest.Store(0)
	m.newest.Store(0)
	for id := range m.buckets {
		m.track(id)
	}
}

// track widens the range of IDs. The caller holds mu.
func (m *TimePartitionedMap[K, V]) track(id int64) {
	if oldest := m.oldest.Load(); oldest == 0 || id < oldest {
		m.oldest.Store(id)
	}
	if newest := m.newest.Load(); newest == 0 || id > newest {
		m.newest.Store(id)
	}
}

// Get returns the value stored under key and true, or the zero value and false.
func (m *TimePartitionedMap[K, V]) Get(key K) (V, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, bucket := range m.buckets {
		if value, ok := bucket[key]; ok {
			return value, true
		}
	}
	var none V
	return none, false
}

// Set stores value under key unless the key is present in any bucket, and
// reports whether it did.
//
// It looks before it locks: of two Sets of one key that overlap, both may store
// and return true.
func (m *TimePartitionedMap[K, V]) Set(key K, value V) bool {
	if _, ok := m.Get(key); ok {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.insert(m.current.Load(), key, value)
	return true
}

// insert stores an entry in the bucket with the given ID, which it creates if
// need be. The caller holds mu.
func (m *TimePartitionedMap[K, V]) insert(id int64, key K, value V) {
	bucket, ok := m.buckets[id]
	if !ok {
		bucket = make(map[K]V)
		m.buckets[id] = bucket
		m.track(id)
	}
	bucket[key] = value
	m.count.Add(1)
}

// Delete removes key and reports whether it was present.
func (m *TimePartitionedMap[K, V]) Delete(key K) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, bucket := range m.buckets {
		if _, ok := bucket[key]; !ok {
			continue
		}
		delete(bucket, key)
		m.count.Add(-1)
		if len(bucket) == 0 {
			delete(m.buckets, id)
			m.retrack()
		}
		return true
	}
	return false
}

// Count returns the number of entries, those about to expire included.
func (m *TimePartitionedMap[K, V]) Count() int { return int(m.count.Load()) }

// Close stops the tickers and returns when the goroutines behind them have
// ended. The map stays readable and writable, and expires nothing any more.
// Close may be called again, and at the same time.
func (m *TimePartitionedMap[K, V]) Close() {
	if m.closing.Swap(true) {
		<-m.closed
		return
	}
	m.refresh.Stop()
	m.cleanup.Stop()
	close(m.stop)
	m.loops.Wait()
	close(m.closed)
}

// The window of a deduplicating batcher is one minute, and the bucket being filled.
const (
	dedupBucket  = time.Second
	dedupBuckets = 61
)

// BatcherWithDedup is a Batcher that drops an item equal to one that it took
// within the last minute. What is said of Batcher holds for it.
type BatcherWithDedup[T comparable] struct {
	batcher *Batcher[T]
	seen    *TimePartitionedMap[T, struct{}]
}

// NewWithDeduplication returns a running BatcherWithDedup. Its arguments, and
// the panics that they may cause, are those of New.
func NewWithDeduplication[T comparable](size int, timeout time.Duration, fn func(batch []*T), background bool, opts ...Option) *BatcherWithDedup[T] {
	return &BatcherWithDedup[T]{
		batcher: New(size, timeout, fn, background, opts...),
		seen:    NewTimePartitionedMap[T, struct{}](dedupBucket, dedupBuckets, opts...),
	}
}

// Put adds an item to the open batch unless an equal one was seen. A nil item is
// ignored, always. Otherwise Put panics if Close was called before it.
func (b *BatcherWithDedup[T]) Put(item *T) {
	if item == nil {
		return
	}
	b.batcher.refuseIfClosed()
	if b.seen.Set(*item, struct{}{}) {
		b.batcher.Put(item)
	}
}

// Trigger has the open batch flushed, as Batcher.Trigger does.
func (b *BatcherWithDedup[T]) Trigger() { b.batcher.Trigger() }

// Close delivers what was put, as Batcher.Close does, and ends expiry.
func (b *BatcherWithDedup[T]) Close() {
	b.batcher.Close()
	b.seen.Close()
}
