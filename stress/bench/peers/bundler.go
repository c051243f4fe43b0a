package main

import (
	"context"
	"math"
	"sync/atomic"

	"github.com/benbjohnson/clock"
	"google.golang.org/api/support/bundler"

	"batchlab/impls/spec"
)

// bundlerBatcher is the Bundler of Google's API client. An item has size 1, so that the
// limit on buffered bytes is the room of the baseline's queue, and of the batch that
// its worker holds: Put is AddWait, which blocks while that is full.
//
// It differs from the baseline:
//   - there is no worker. Put appends to the batch under a lock, and a full batch is
//     handed to a goroutine, which lives for as long as there are batches;
//   - the delay counts from the first item of a batch, not from the end of the batch
//     before, and what waits for the handler can still grow until it is full;
//   - room is given back when a handler has returned, not when a batch is taken;
//   - Trigger is Flush, which also waits for the handlers, so a handler cannot call it;
//   - a Put that overlaps Close may be delivered when Close has returned.
type bundlerBatcher struct {
	*bundler.Bundler
	closed atomic.Bool
}

func newBundler(c spec.BatcherConfig, _ clock.Clock, fn func([]*spec.Item)) spec.Batcher {
	b := bundler.NewBundler((*spec.Item)(nil), func(batch any) { fn(batch.([]*spec.Item)) })
	b.DelayThreshold = c.Timeout
	b.BundleCountThreshold = c.Size
	b.BundleByteThreshold = math.MaxInt
	b.BufferedByteLimit = (spec.QueueFactor + 1) * c.Size
	if c.Background {
		b.HandlerLimit = math.MaxInt
	}
	return &bundlerBatcher{Bundler: b}
}

func (b *bundlerBatcher) Put(item *spec.Item) {
	if b.closed.Load() {
		panic("bundler: Put after Close")
	}
	if err := b.AddWait(context.Background(), item, 1); err != nil {
		panic("bundler: " + err.Error()) // of an item that is too big or a mix of methods: neither can be
	}
	if b.closed.Load() { // meanwhile, and its Flush may have been before the item
		b.Flush()
	}
}

func (b *bundlerBatcher) Trigger() {
	if !b.closed.Load() {
		b.Flush()
	}
}

func (b *bundlerBatcher) Close() {
	b.closed.Store(true)
	b.Flush()
}
