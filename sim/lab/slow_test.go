package lab_test

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// latch is a lock that others may wait for while its holder waits: a sync.Mutex, which no
// bubble sees through, or the same made of a condition, which one does.
type latch interface {
	lock()
	unlock()
}

type mutexLatch struct{ mu sync.Mutex }

func (l *mutexLatch) lock()   { rt.MutexLock("lock", &l.mu) }
func (l *mutexLatch) unlock() { rt.MutexUnlock("unlock", &l.mu) }

type condLatch struct {
	mu   sync.Mutex
	free *sync.Cond
	held bool
}

func (l *condLatch) lock() {
	rt.MutexLock("lock", &l.mu)
	defer rt.MutexUnlock("unlock", &l.mu)
	for l.held {
		rt.CondWait("wait", l.free)
	}
	l.held = true
}

func (l *condLatch) unlock() {
	rt.MutexLock("lock", &l.mu)
	defer rt.MutexUnlock("unlock", &l.mu)
	l.held = false
	rt.CondSignal("signal", l.free)
}

// slowMap is a map that takes its time to write, a bucket's, and keeps the others out meanwhile.
type slowMap struct {
	takes   time.Duration
	entries map[int]int
	files   latch
	index   latch
	writing atomic.Bool
	hurries bool // a fault: a Set that had to wait does not look
	crosses bool // a fault: Delete takes the two locks the other way round
}

func (m *slowMap) Set(key, value int) bool {
	waited := m.writing.Load()
	m.files.lock()
	defer m.files.unlock()
	m.writing.Store(true)
	rt.TimeSleep("write", m.takes)
	m.writing.Store(false)
	m.index.lock()
	defer m.index.unlock()
	if _, ok := m.entries[key]; ok && !(m.hurries && waited) {
		return false
	}
	m.entries[key] = value
	return true
}

func (m *slowMap) Delete(key int) bool {
	first, second := m.files, m.index
	if m.crosses {
		first, second = m.index, m.files
	}
	first.lock()
	defer first.unlock()
	second.lock()
	defer second.unlock()
	_, ok := m.entries[key]
	delete(m.entries, key)
	return ok
}

func (m *slowMap) Get(key int) (int, bool) {
	m.files.lock()
	defer m.files.unlock()
	v, ok := m.entries[key]
	return v, ok
}

func (m *slowMap) Count() int {
	m.files.lock()
	defer m.files.unlock()
	return len(m.entries)
}

func (m *slowMap) Close() {}

// slow is the map with a fault as a subject. Its original is the like of it without the mutex.
func slow(name string) kind.Subject {
	like := slowSubject("slow-like", func() latch {
		l := &condLatch{}
		l.free = sync.NewCond(&l.mu)
		return l
	})
	return beside(slowSubject(name, func() latch { return &mutexLatch{} }), like)
}

func slowSubject(name string, made func() latch) kind.Subject {
	return dedup.Subject(spec.Subject{
		Name: name, Kind: spec.KindDedup, Clockless: true, LawsOnly: true,
		Waives: []spec.Law{ // it takes its time, and forgets nothing
			spec.Value, spec.Lifetime, spec.Expiry, spec.DeleteLaw, spec.CountLaw, spec.ClosedMap,
		},
		NewMap: func(c spec.MapConfig, _ clock.Clock) spec.Map {
			return &slowMap{takes: c.Bucket, entries: map[int]int{}, files: made(), index: made(),
				hurries: name == "slow-hurries", crosses: name == "slow-crosses"}
		},
	})
}
