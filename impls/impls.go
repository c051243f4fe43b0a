// Package impls is the registry of implementations: the only list of them, and of the kinds of
// the case study.
//
// To add one, write it in a file of its own and add a row to All. It is then run
// against the specification, compared with the baseline, and measured, by
// everything that ranges over All:
//
//	for _, s := range impls.Of(spec.KindDedup) {
//		fmt.Println(s.Kind, s.Name)
//	}
//
// The package refuses to run or to judge any of them. README.md beside it has the laws and the
// scoreboard, and says how to add an operation and a kind.
package impls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/benbjohnson/clock"

	"batchlab/impls/batcher"
	"batchlab/impls/spec"
)

// All returns a row for each implementation, the baseline of each kind first.
func All() []spec.Subject {
	const (
		plain = spec.KindBatcher
		dedup = spec.KindDedup
		both  = spec.KindDedupBatcher
	)
	return []spec.Subject{
		{Name: "baseline", Kind: plain, NewBatcher: newBaseline},
		{Name: "optimized", Kind: plain, NewBatcher: newOptimized},
		{Name: "pooled", Kind: plain, NewBatcher: newPooled, Lease: spec.UntilReturn},
		{Name: "direct", Kind: plain, NewBatcher: newDirect},
		{Name: "direct-pooled", Kind: plain, NewBatcher: newDirectPooled, Lease: spec.UntilReturn},
		{Name: "baseline", Kind: dedup, NewMap: newBaselineMap},
		{Name: "optimized", Kind: dedup, NewMap: newOptimizedMap},
		{Name: "direct", Kind: dedup, NewMap: newDirectMap},
		{Name: "baseline", Kind: both, NewBatcher: newBaselineDedup},
		{Name: "optimized", Kind: both, NewBatcher: newOptimizedDedup},
		{Name: "direct", Kind: both, NewBatcher: newDirectDedup},
	}
}

// Of returns the implementations of one kind, the baseline first.
func Of(kind spec.Kind) []spec.Subject {
	return slices.DeleteFunc(All(), func(s spec.Subject) bool { return s.Kind != kind })
}

// Find returns the implementation of the given kind and name, or an error that
// lists the names there are.
func Find(kind spec.Kind, name string) (spec.Subject, error) {
	var names []string
	for _, s := range Of(kind) {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	if names == nil {
		return spec.Subject{}, fmt.Errorf("impls: unknown kind %q, want one of %v", kind, spec.Kinds)
	}
	return spec.Subject{}, fmt.Errorf("impls: unknown %s %q, want one of %s", kind, name, strings.Join(names, ", "))
}

// handler is the function that a batcher calls.
type handler = func(batch []*spec.Item)

// What follows makes each implementation fit its contract.

type plainBatcher struct{ *batcher.Batcher[spec.Item] }

func (b plainBatcher) Put(item *spec.Item) { b.Batcher.Put(item) }

func newBaseline(c spec.BatcherConfig, clk clock.Clock, fn handler) spec.Batcher {
	return plainBatcher{batcher.New(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

type optimizedBatcher struct{ *batcher.Batcher[spec.Item] }

func (b optimizedBatcher) Put(item *spec.Item) { b.PutOptimized(item) }

func newOptimized(c spec.BatcherConfig, clk clock.Clock, fn handler) spec.Batcher {
	return optimizedBatcher{batcher.NewOptimized(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

type pooledBatcher struct {
	*batcher.BatcherWithPool[spec.Item]
}

func (b pooledBatcher) Put(item *spec.Item) { b.BatcherWithPool.Put(item) }

func newPooled(c spec.BatcherConfig, clk clock.Clock, fn handler) spec.Batcher {
	return pooledBatcher{batcher.NewWithPool(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

type directBatcher struct {
	*batcher.BatcherDirect[spec.Item]
}

func (b directBatcher) Put(item *spec.Item) { b.BatcherDirect.Put(item) }

func newDirect(c spec.BatcherConfig, clk clock.Clock, fn handler) spec.Batcher {
	return directBatcher{batcher.NewDirect(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

func newDirectPooled(c spec.BatcherConfig, clk clock.Clock, fn handler) spec.Batcher {
	return directBatcher{batcher.NewDirectWithPool(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))}
}

func newBaselineMap(c spec.MapConfig, clk clock.Clock) spec.Map {
	return batcher.NewTimePartitionedMap[int, int](c.Bucket, c.Buckets, batcher.WithClock(clk))
}

type optimizedMap struct {
	*batcher.TimePartitionedMap[int, int]
}

func (m optimizedMap) Get(key int) (int, bool) { return m.GetOptimized(key) }
func (m optimizedMap) Set(key, value int) bool { return m.SetOptimized(key, value) }

func newOptimizedMap(c spec.MapConfig, clk clock.Clock) spec.Map {
	return optimizedMap{batcher.NewTimePartitionedMapOptimized[int, int](c.Bucket, c.Buckets, batcher.WithClock(clk))}
}

func newDirectMap(c spec.MapConfig, clk clock.Clock) spec.Map {
	return batcher.NewTimePartitionedMapDirect[int, int](c.Bucket, c.Buckets, batcher.WithClock(clk))
}

func newBaselineDedup(c spec.BatcherConfig, clk clock.Clock, fn handler) spec.Batcher {
	return batcher.NewWithDeduplication(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))
}

func newOptimizedDedup(c spec.BatcherConfig, clk clock.Clock, fn handler) spec.Batcher {
	return batcher.NewWithDeduplicationOptimized(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))
}

func newDirectDedup(c spec.BatcherConfig, clk clock.Clock, fn handler) spec.Batcher {
	return batcher.NewWithDeduplicationDirect(c.Size, c.Timeout, fn, c.Background, batcher.WithClock(clk))
}
