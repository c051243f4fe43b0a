package mutants

import (
	"strings"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// dedupBatcher is the baseline's deduplicating batcher: a batcher behind a map.
// A fault of either part is a fault of the whole.
type dedupBatcher struct {
	inner *batcher
	seen  *timedMap
	fault fault
}

func newDedupBatcher(c spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item), f fault) *dedupBatcher {
	f = fault(strings.TrimPrefix(string(f), "dedup-"))
	buckets := spec.DedupBuckets
	switch f {
	case "window-halved":
		buckets /= 2
	case "window-one-short":
		buckets--
	}
	return &dedupBatcher{
		inner: newBatcher(c, clk, fn, f),
		seen:  newTimedMap(spec.MapConfig{Bucket: spec.DedupBucket, Buckets: buckets}, clk, f),
		fault: f,
	}
}

// Put hands over an item unless it is nil or its key is in the window.
func (d *dedupBatcher) Put(item *spec.Item) {
	if item == nil {
		switch d.fault {
		case "nil-forwarded":
			d.inner.Put(nil)
			return
		case "nil-after-close-panics":
		case "nil-dereferenced":
			panic("mutants: Put of nil")
		default:
			return
		}
	}
	switch {
	case d.fault == "duplicate-after-close-silent" && d.has(item):
		return
	case d.inner.isClosed() && d.fault != "put-after-close-accepted":
		panic(closedMessage)
	case item == nil:
		return
	}
	key := item.Key
	if d.fault == "key-truncated" {
		key >>= 1
	}
	if !d.seen.Set(key, 0) && d.fault != "duplicates-forwarded" {
		if d.fault == "duplicate-flushes" {
			d.inner.Trigger()
		}
		return
	}
	d.inner.Put(item)
}

func (d *dedupBatcher) has(item *spec.Item) (ok bool) {
	if item != nil {
		_, ok = d.seen.Get(item.Key)
	}
	return ok
}

// Trigger has the open batch flushed, and returns once the worker knows.
func (d *dedupBatcher) Trigger() { d.inner.Trigger() }

// Close closes the batcher and then the map.
func (d *dedupBatcher) Close() {
	d.inner.Close()
	if d.fault != "close-leaves-map" {
		d.seen.Close()
	}
}
