package lab

import (
	"sync"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// filteredMap is a map with a Bloom filter in front of it, which a goroutine of its own
// rebuilds now and then, so that deleted keys leave it. Entries stay for ever.
type filteredMap struct {
	mu      sync.Mutex
	entries map[int]int
	filter  *filter
	early   bool // the fault: the new filter is there before it is full
	stop    chan struct{}
	once    sync.Once
}

// filter knows of some keys that they are not in the map.
type filter struct{ bits [64]bool }

func (f *filter) slots(key int) [2]int { return [2]int{key % 64, key * 7 % 61} }

func (f *filter) add(key int) {
	for _, i := range f.slots(key) {
		f.bits[i] = true
	}
}

func (f *filter) mayHave(key int) bool {
	for _, i := range f.slots(key) {
		if !f.bits[i] {
			return false
		}
	}
	return true
}

func newFilteredMap(every time.Duration, early bool) *filteredMap {
	m := &filteredMap{entries: map[int]int{}, filter: &filter{}, early: early, stop: make(chan struct{})}
	tick := rt.TimeNewTicker("new ticker", every)
	rt.Go("go", func() {
		defer rt.TickerStop("stop", tick)
		for {
			sel := rt.Select("select", false, rt.OnRecv(tick.C), rt.OnRecv(m.stop))
			select {
			case <-rt.Recv(sel, 0, tick.C):
				m.rebuild()
			case <-rt.Recv(sel, 1, m.stop):
				return
			}
		}
	})
	return m
}

func (m *filteredMap) lock()   { rt.MutexLock("lock", &m.mu) }
func (m *filteredMap) unlock() { rt.MutexUnlock("unlock", &m.mu) }

// rebuild makes the filter anew.
func (m *filteredMap) rebuild() {
	m.lock()
	keys := make([]int, 0, len(m.entries))
	for key := range m.entries {
		keys = append(keys, key)
	}
	next := &filter{}
	if m.early {
		m.filter = next
		m.unlock()
		m.lock()
	}
	for _, key := range keys {
		next.add(key)
	}
	m.filter = next
	m.unlock()
}

func (m *filteredMap) Get(key int) (int, bool) {
	m.lock()
	defer m.unlock()
	if !m.filter.mayHave(key) {
		return 0, false
	}
	v, ok := m.entries[key]
	return v, ok
}

func (m *filteredMap) Set(key, value int) bool {
	m.lock()
	defer m.unlock()
	if _, ok := m.entries[key]; ok {
		return false
	}
	m.entries[key] = value
	m.filter.add(key)
	return true
}

func (m *filteredMap) Delete(key int) bool {
	m.lock()
	defer m.unlock()
	_, ok := m.entries[key]
	delete(m.entries, key)
	return ok
}

func (m *filteredMap) Count() int {
	m.lock()
	defer m.unlock()
	return len(m.entries)
}

func (m *filteredMap) Close() {
	rt.OnceDo("close", &m.once, func() { rt.Close("close", m.stop) })
}

// filtered is the map as a subject that answers to the laws only: what it forgets, and
// when, is not what the model says.
func filtered(early bool) kind.Subject {
	name := map[bool]string{false: "filtered", true: "filtered-early"}[early]
	return dedup.Subject(spec.Subject{
		Name: name, Kind: spec.KindDedup, Clockless: true, LawsOnly: true,
		NewMap: func(c spec.MapConfig, _ clock.Clock) spec.Map { return newFilteredMap(c.Bucket, early) },
	})
}
