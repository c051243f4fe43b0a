package mutants

import (
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
	buckets := spec.DedupBuckets
	switch f {
	case windowHalved:
		buckets /= 2
	case windowOneShort:
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
		case nilForwarded:
			d.inner.Put(nil)
			return
		case nilAfterClosePanics:
		case nilDereferenced:
			panic("mutants: Put of nil")
		default:
			return
		}
	}
	switch {
	case d.fault == duplicateAfterCloseSilent && d.has(item):
		return
	case d.inner.isClosed() && d.fault != putAfterCloseAccepted:
		panic(closedMessage)
	case item == nil:
		return
	}
	key := item.Key
	if d.fault == keyTruncated {
		key >>= 1
	}
	if !d.seen.Set(key, 0) && d.fault != duplicatesForwarded {
		if d.fault == duplicateFlushes {
			d.inner.Trigger()
		}
		return
	}
	d.inner.Put(item)
}

func (d *dedupBatcher) has(item *spec.Item) bool {
	if item == nil {
		return false
	}
	_, ok := d.seen.Get(item.Key)
	return ok
}

// Trigger has the open batch flushed, and returns once the worker knows.
func (d *dedupBatcher) Trigger() { d.inner.Trigger() }

// Close closes the batcher and then the map.
func (d *dedupBatcher) Close() {
	d.inner.Close()
	if d.fault != closeLeavesMap {
		d.seen.Close()
	}
}
