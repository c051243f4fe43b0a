package spec

import "time"

// QueueFactor is the room of a batcher's queue, in batches: Put blocks while
// QueueFactor*Size items wait.
const QueueFactor = 64

// Item is what a batcher under test carries. Two items with one Key are the same
// item to a deduplicating batcher; the lab tells them apart by their addresses.
type Item struct{ Key int }

// Batcher is the contract of KindBatcher and KindDedupBatcher.
//
// Put hands over one item and blocks while the queue is full. Trigger has what
// was put so far flushed, and returns once the batcher has taken the signal.
// Close delivers everything that was put, waits for every handler, and may be
// called again. After Close, Put panics and Trigger does nothing.
type Batcher interface {
	Put(item *Item)
	Trigger()
	Close()
}

// BatcherConfig configures a batcher. A dedup batcher has in addition its fixed
// window of DedupBuckets buckets of DedupBucket each.
type BatcherConfig struct {
	Size       int           // items in a full batch, at least 1
	Timeout    time.Duration // from the start of a cycle to its flush, at least 1ns
	Background bool          // handlers run in goroutines of their own
}

// The window of a deduplicating batcher: one minute and the bucket being filled.
const (
	DedupBucket  = time.Second
	DedupBuckets = 61
)
