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

// expiring is a map each of whose entries has a timer, which takes it out a window after it
// was set.
type expiring struct {
	mu      sync.Mutex
	entries map[int]int
	timers  map[int]*time.Timer
	life    time.Duration
	torn    bool // the fault: the timer looks whether the entry is its own, and takes out another
}

func (m *expiring) lock()   { rt.MutexLock("lock", &m.mu) }
func (m *expiring) unlock() { rt.MutexUnlock("unlock", &m.mu) }

func (m *expiring) Set(key, value int) bool {
	m.lock()
	defer m.unlock()
	if _, ok := m.entries[key]; ok {
		return false
	}
	m.entries[key] = value
	var t *time.Timer
	t = rt.TimeAfterFunc("after", m.life, func() {
		m.lock()
		defer m.unlock()
		if m.timers[key] != t {
			return
		}
		if m.torn {
			m.unlock()
			m.lock()
		}
		delete(m.entries, key)
	})
	m.timers[key] = t
	return true
}

func (m *expiring) Get(key int) (int, bool) {
	m.lock()
	defer m.unlock()
	v, ok := m.entries[key]
	return v, ok
}

func (m *expiring) Delete(key int) bool {
	m.lock()
	defer m.unlock()
	_, ok := m.entries[key]
	if delete(m.entries, key); ok {
		rt.TimerStop("stop", m.timers[key])
	}
	return ok
}

func (m *expiring) Count() int {
	m.lock()
	defer m.unlock()
	return len(m.entries)
}

func (m *expiring) Close() {}

func timed(torn bool) kind.Subject {
	name := map[bool]string{false: "timed", true: "timed-torn"}[torn]
	return dedup.Subject(spec.Subject{
		Name: name, Kind: spec.KindDedup, Clockless: true, LawsOnly: true,
		NewMap: func(c spec.MapConfig, _ clock.Clock) spec.Map {
			return &expiring{entries: map[int]int{}, timers: map[int]*time.Timer{}, life: c.Window(), torn: torn}
		},
	})
}
