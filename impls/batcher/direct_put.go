package batcher

// putAfterClose is what Batcher.Put panics with.
const putAfterClose = "batcher: Put on a closed Batcher"

// put is Put, which is so small that it is inlined and costs no call of its own. Of a
// batch of many items most find others there and room for one more after them. Then
// nothing else needs to be looked at: if the queue is full, nothing is in the open batch.
func (b *BatcherDirect[T]) put(item *T) {
	b.mu.Lock()
	if n := len(b.open); n > 0 && n < b.middle {
		b.open = append(b.open, item)
		b.mu.Unlock()
		return
	}
	b.putAtEdge(item)
}
