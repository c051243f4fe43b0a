package main

import (
	"sync"

	"github.com/benbjohnson/clock"
	"github.com/hashicorp/golang-lru/v2/expirable"

	"batchlab/impls/spec"
)

// lruMap is the expirable LRU of golang-lru, without a bound on its size. Get is Peek,
// which does not note what was used last. It has no Set that leaves alone what is there,
// so the adapter has a lock for Peek and Add together.
//
// It differs from the baseline:
//   - an entry lives for as long as the window from its own Set. It is out of sight
//     then, and removed with the others of a hundredth of the window;
//   - one lock for all, readers too;
//   - Count counts what is out of sight but not yet removed;
//   - Set is atomic, by the adapter's lock;
//   - Close removes everything: this version has no way to end the goroutine that
//     removes entries, which keeps what is in the map in memory for as long as the
//     process lives, and who is measured next would pay for that.
type lruMap struct {
	*expirable.LRU[int, int]
	setting sync.Mutex
}

func newLRU(c spec.MapConfig, _ clock.Clock) spec.Map {
	return &lruMap{LRU: expirable.NewLRU[int, int](0, nil, c.Window())}
}

func (m *lruMap) Get(key int) (int, bool) { return m.Peek(key) }

func (m *lruMap) Set(key, value int) bool {
	m.setting.Lock()
	defer m.setting.Unlock()
	if _, ok := m.Peek(key); ok {
		return false
	}
	m.Add(key, value)
	return true
}

// Delete asks first, for Remove finds what is out of sight.
func (m *lruMap) Delete(key int) bool {
	_, ok := m.Peek(key)
	return ok && m.Remove(key)
}

func (m *lruMap) Count() int { return m.Len() }

func (m *lruMap) Close() { m.Purge() }
