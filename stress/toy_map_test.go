package stress

import (
	"sync"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// toyMap is a map under a lock, which never expires anything, with room for one flaw.
type toyMap struct {
	lock    sync.Mutex
	m       map[int]int
	deleted bool
	closed  bool
	flaw    mapFlaw
	hoard   [][]byte
	waiting map[int]chan struct{}
}

// mapFlaw changes what a toyMap does; what is nil is as it should be.
type mapFlaw struct {
	born  func()
	set   func(m *toyMap, key, value int) (won, decided bool)
	get   func(key, value int, ok bool) (int, bool)
	del   func(key int, was bool) bool
	count func(m *toyMap) int
	close func()
}

func (f mapFlaw) subject() spec.Subject {
	return spec.Subject{Name: "toy", Kind: spec.KindDedup, NewMap: func(spec.MapConfig, clock.Clock) spec.Map {
		if f.born != nil {
			f.born()
		}
		return &toyMap{m: map[int]int{}, flaw: f, waiting: map[int]chan struct{}{}}
	}}
}

func (m *toyMap) Get(key int) (int, bool) {
	m.lock.Lock()
	defer m.lock.Unlock()
	v, ok := m.m[key]
	if m.flaw.get != nil {
		return m.flaw.get(key, v, ok)
	}
	return v, ok
}

func (m *toyMap) Set(key, value int) bool {
	if m.flaw.set != nil {
		if won, decided := m.flaw.set(m, key, value); decided {
			return won
		}
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	if _, ok := m.m[key]; ok {
		return false
	}
	m.m[key] = value
	return true
}

func (m *toyMap) Delete(key int) bool {
	m.lock.Lock()
	defer m.lock.Unlock()
	_, was := m.m[key]
	delete(m.m, key)
	m.deleted = m.deleted || was
	if m.flaw.del != nil {
		return m.flaw.del(key, was)
	}
	return was
}

func (m *toyMap) Count() int {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.flaw.count != nil {
		return m.flaw.count(m)
	}
	return len(m.m)
}

func (m *toyMap) Close() {
	if m.flaw.close != nil {
		m.flaw.close()
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.closed = true
}

// checkThenAct is Set as the baseline has it: the look-up and the insertion are
// two steps. The first Set waits between them for another of the same key.
func checkThenAct(m *toyMap, key, value int) (bool, bool) {
	if _, ok := m.Get(key); ok {
		return false, true
	}
	m.lock.Lock()
	other := m.waiting[key]
	var wait chan struct{}
	if len(m.waiting) == 0 {
		wait = make(chan struct{})
		m.waiting[key] = wait
	} else if other != nil {
		m.waiting[key] = nil
	}
	m.lock.Unlock()
	if other != nil {
		close(other)
	} else if wait != nil {
		select {
		case <-wait:
		case <-time.After(time.Minute):
		}
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.m[key] = value
	return true, true
}
