package bench

import (
	"slices"
	"sync"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// The limits, by the names that their rows have.
const (
	// LockedAppend bounds Put. Its Put takes a lock, appends the item to the open batch,
	// and releases the lock. Whoever fills a batch calls the handler with it, still under
	// the lock, and the next batch gets a slice of its own, since the slice that was handed
	// on is the handler's. Nothing else is in it: no queue, no worker, no timer, and no other
	// goroutine to be woken. Who puts items of several producers into one batch in the order
	// in which they were put has to do that much.
	LockedAppend = "locked-append"
	// BareMap bounds Get, and Set of a new key by one goroutine. It is one map of Go's, of
	// the same keys and values as the row that it bounds, and grown in the same order, from
	// as little. Get is a look-up. Set is an assignment, and an answer whether the map has
	// become larger. Nothing else is in it: no buckets, no expiry, no lock. Goroutines that
	// only look need none.
	BareMap = "bare-map"
	// LockedMap bounds Set of a new key by several goroutines: BareMap's assignment under
	// one lock, for several may not write to a bare map.
	LockedMap = "locked-map"
)

// limits are what no implementation of a contract can be expected to undercut, since each
// does a part of the contract's work, and nothing else. They are measured as rivals are,
// and are no implementations: they break most laws.
var limits = []spec.Subject{
	{Name: LockedAppend, Kind: spec.KindBatcher, NewBatcher: newLockedAppend, LawsOnly: true},
	{Name: BareMap, Kind: spec.KindDedup, NewMap: newBareMap, LawsOnly: true},
	{Name: LockedMap, Kind: spec.KindDedup, NewMap: newLockedMap, LawsOnly: true},
}

// IsLimit reports whether a row of that name is a limit's, and not an implementation's.
func IsLimit(impl string) bool {
	return slices.ContainsFunc(limits, func(s spec.Subject) bool { return s.Name == impl })
}

type lockedAppend struct {
	mu   sync.Mutex
	open []*spec.Item
	size int
	fn   func([]*spec.Item)
}

func newLockedAppend(c spec.BatcherConfig, _ clock.Clock, fn func([]*spec.Item)) spec.Batcher {
	return &lockedAppend{size: c.Size, fn: fn}
}

func (l *lockedAppend) Put(item *spec.Item) {
	l.mu.Lock()
	if l.open == nil {
		l.open = make([]*spec.Item, 0, l.size)
	}
	l.open = append(l.open, item)
	if len(l.open) == l.size {
		l.handOn()
	}
	l.mu.Unlock()
}

// handOn gives the open batch away. The caller holds mu.
func (l *lockedAppend) handOn() {
	if batch := l.open; batch != nil {
		l.open = nil
		l.fn(batch)
	}
}

func (l *lockedAppend) Trigger() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handOn()
}

func (l *lockedAppend) Close() { l.Trigger() }

type bareMap map[int]int

func newBareMap(spec.MapConfig, clock.Clock) spec.Map { return bareMap{} }

func (m bareMap) Get(key int) (int, bool) {
	value, ok := m[key]
	return value, ok
}

func (m bareMap) Set(key, value int) bool {
	before := len(m)
	m[key] = value
	return len(m) > before
}

func (m bareMap) Delete(key int) bool {
	before := len(m)
	delete(m, key)
	return len(m) < before
}

func (m bareMap) Count() int { return len(m) }

func (m bareMap) Close() {}

type lockedMap struct {
	mu sync.Mutex
	bareMap
}

func newLockedMap(spec.MapConfig, clock.Clock) spec.Map { return &lockedMap{bareMap: bareMap{}} }

func (m *lockedMap) Set(key, value int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.bareMap.Set(key, value)
}
