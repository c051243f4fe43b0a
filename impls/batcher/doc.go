// Package batcher groups items into batches, by number and by time, and can drop
// the items that it has seen within the last minute.
//
// Batcher and BatcherWithDedup, over TimePartitionedMap, are the baseline. They
// are frozen, oddities included: what they do is what everything else here is
// compared with. NewOptimized, PutOptimized, NewWithPool, GetOptimized,
// SetOptimized and NewWithDeduplicationOptimized are meant to do the same, faster.
// So are NewDirect, NewDirectWithPool, NewTimePartitionedMapDirect and
// NewWithDeduplicationDirect, which share none of its mechanism.
//
// A batcher keeps order, delivers each item once, and delivers everything when
// it is closed. It refuses to do more: it does not retry, does not recover a
// panic of the function it calls, and bounds neither the number of functions that
// run in the background nor how long one runs.
//
// All time comes from a clock, which WithClock replaces. Sizes are in items.
package batcher
