// Package impls is the registry of implementations: the only list of them.
//
// To add one, write it in a file of its own and add a row to All. It is then run
// against the specification, compared with the baseline, and measured, by
// everything that ranges over All.
package impls

import (
	"fmt"
	"strings"

	"github.com/benbjohnson/clock"

	"batchlab/impls/batcher"
	"batchlab/sim/subject"
)

// All returns a row for each implementation, the baseline of each kind first.
func All() []subject.Subject {
	const (
		plain = subject.KindBatcher
		dedup = subject.KindDedup
		both  = subject.KindDedupBatcher
	)
	return []subject.Subject{
		{Name: "baseline", Kind: plain, NewBatcher: newBaseline},
		{Name: "optimized", Kind: plain, NewBatcher: newOptimized},
		{Name: "pooled", Kind: plain, NewBatcher: newPooled, Lease: subject.UntilReturn},
		{Name: "direct", Kind: plain, NewBatcher: newDirect},
		{Name: "direct-pooled", Kind: plain, NewBatcher: newDirectPooled, Lease: subject.UntilReturn},
		{Name: "baseline", Kind: dedup, NewMap: newBaselineMap},
		{Name: "optimized", Kind: dedup, NewMap: newOptimizedMap},
		{Name: "direct", Kind: dedup, NewMap: newDirectMap},
		{Name: "baseline", Kind: both, NewBatcher: newBaselineDedup},
		{Name: "optimized", Kind: both, NewBatcher: newOptimizedDedup},
		{Name: "direct", Kind: both, NewBatcher: newDirectDedup},
	}
}

// Of returns the implementations of one kind, the baseline first.
func Of(kind subject.Kind) []subject.Subject {
	var rows []subject.Subject
	for _, s := range All() {
		if s.Kind == kind {
			rows = append(rows, s)
		}
	}
	return rows
}

// Find returns the implementation of the given kind and name, or an error that
// lists the names there are.
func Find(kind subject.Kind, name string) (subject.Subject, error) {
	var names []string
	for _, s := range Of(kind) {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	if names == nil {
		return subject.Subject{}, fmt.Errorf("impls: unknown kind %q, want one of %v", kind, subject.Kinds)
	}
	return subject.Subject{}, fmt.Errorf("impls: unknown %s %q, want one of %s", kind, name, strings.Join(names, ", "))
}

// handler is the function that a batcher calls.
type handler = func(batch []*subject.Item)

// What follows makes each implementation fit its contract.

type plainBatcher struct{ *batcher.Batcher[subject.Item] }

func (b plainBatcher) Put(item *subject.Item) { b.Batcher.Put(item) }

func newBaseline(c subject.BatcherConfig, clk clock.Clock, fn handler) subject.Batcher {
	return plainBatcher{batcher.New(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

type optimizedBatcher struct{ *batcher.Batcher[subject.Item] }

func (b optimizedBatcher) Put(item *subject.Item) { b.PutOptimized(item) }

func newOptimized(c subject.BatcherConfig, clk clock.Clock, fn handler) subject.Batcher {
	return optimizedBatcher{batcher.NewOptimized(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

type pooledBatcher struct {
	*batcher.BatcherWithPool[subject.Item]
}

func (b pooledBatcher) Put(item *subject.Item) { b.BatcherWithPool.Put(item) }

func newPooled(c subject.BatcherConfig, clk clock.Clock, fn handler) subject.Batcher {
	return pooledBatcher{batcher.NewWithPool(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

type directBatcher struct {
	*batcher.BatcherDirect[subject.Item]
}

func (b directBatcher) Put(item *subject.Item) { b.BatcherDirect.Put(item) }

func newDirect(c subject.BatcherConfig, clk clock.Clock, fn handler) subject.Batcher {
	return directBatcher{batcher.NewDirect(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

func newDirectPooled(c subject.BatcherConfig, clk clock.Clock, fn handler) subject.Batcher {
	return directBatcher{batcher.NewDirectWithPool(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

func newBaselineMap(c subject.MapConfig, clk clock.Clock) subject.Map {
	return batcher.NewTimePartitionedMap[int, int](c.Bucket, c.Buckets, batcher.WithClock(clk))
}

type optimizedMap struct {
	*batcher.TimePartitionedMap[int, int]
}

func (m optimizedMap) Get(key int) (int, bool) { return m.GetOptimized(key) }
func (m optimizedMap) Set(key, value int) bool { return m.SetOptimized(key, value) }

func newOptimizedMap(c subject.MapConfig, clk clock.Clock) subject.Map {
	return optimizedMap{batcher.NewTimePartitionedMapOptimized[int, int](c.Bucket, c.Buckets, batcher.WithClock(clk))}
}

func newDirectMap(c subject.MapConfig, clk clock.Clock) subject.Map {
	return batcher.NewTimePartitionedMapDirect[int, int](c.Bucket, c.Buckets, batcher.WithClock(clk))
}

func newBaselineDedup(c subject.BatcherConfig, clk clock.Clock, fn handler) subject.Batcher {
	return batcher.NewWithDeduplication(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))
}

func newOptimizedDedup(c subject.BatcherConfig, clk clock.Clock, fn handler) subject.Batcher {
	return batcher.NewWithDeduplicationOptimized(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))
}

func newDirectDedup(c subject.BatcherConfig, clk clock.Clock, fn handler) subject.Batcher {
	return batcher.NewWithDeduplicationDirect(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))
}
