package mutants

import (
	"slices"

	"batchlab/impls/spec"
)

// drain delivers what is left when the worker has been stopped: the open batch and
// the queue, with the items of Puts that waited for room when Close was called.
func (b *batcher) drain() {
	switch b.fault {
	case "drain-reversed", "drain-oversized", "close-one-by-one":
		b.drainAtOnce()
		return
	case "close-drops-queue":
		b.receiveRest(func(*spec.Item) {})
	default:
		b.receiveRest(func(item *spec.Item) {
			if b.add(item) == b.limit() {
				b.flush(full)
			}
		})
	}
	if b.fault != "tail-forgotten" {
		b.flush(closed)
	}
}

// drainAtOnce is drain by way of a list of all that is left.
func (b *batcher) drainAtOnce() {
	rest := b.take(closed)
	b.receiveRest(func(item *spec.Item) { rest = append(rest, item) })
	n := b.size
	switch b.fault {
	case "drain-reversed":
		slices.Reverse(rest)
	case "drain-oversized":
		n = max(1, len(rest))
	case "close-one-by-one":
		n = 1
	}
	for batch := range slices.Chunk(rest, n) {
		b.deliver(slices.Clone(batch))
	}
}

// receiveRest calls keep with each item that comes until no Put is under way.
func (b *batcher) receiveRest(keep func(*spec.Item)) {
	for {
		select {
		case item := <-b.items:
			keep(item)
		case <-b.idle:
			for len(b.items) > 0 {
				keep(<-b.items)
			}
			return
		}
	}
}
