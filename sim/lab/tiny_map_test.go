package lab_test

import (
	"sync"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

var hoard [][]byte

type tinyMap struct {
	spec.MapConfig
	fault   fault
	mu      sync.Mutex
	current int64
	buckets map[int64]map[int]int
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once
	never   chan struct{}
}

func newTinyMap(f fault, c spec.MapConfig, clk clock.Clock) spec.Map {
	m := &tinyMap{
		MapConfig: c, fault: f, buckets: map[int64]map[int]int{},
		never: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{}),
	}
	m.current = m.id(clk.Now())
	switch filter := make([]byte, 1<<20); f {
	case litters:
		for range 3 {
			go func() { <-m.never; filter[0]++ }()
		}
	case hoards:
		hoard = append(hoard, filter)
	}
	refresh, cleanup := clk.Ticker(c.Refresh()), clk.Ticker(c.Cleanup())
	go func() {
		defer close(m.done)
		defer refresh.Stop()
		defer cleanup.Stop()
		for {
			select {
			case <-refresh.C:
				m.mu.Lock()
				m.current = m.id(clk.Now())
				m.mu.Unlock()
			case <-cleanup.C:
				m.expire(m.id(clk.Now().Add(-c.Window())))
			case <-m.stop:
				return
			}
		}
	}()
	return m
}

func (m *tinyMap) id(t time.Time) int64 { return t.UnixNano() / int64(m.Bucket) }

func (m *tinyMap) expire(upTo int64) {
	if m.fault == remembers {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault == hurries && upTo > 0 {
		upTo++
	}
	for id := range m.buckets {
		if id <= upTo {
			delete(m.buckets, id)
		}
	}
}

func (m *tinyMap) find(key int) (bucket map[int]int, value int, ok bool) {
	for _, b := range m.buckets {
		if v, ok := b[key]; ok {
			return b, v, true
		}
	}
	return nil, 0, false
}

func (m *tinyMap) Get(key int) (int, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, v, ok := m.find(key)
	return v, ok
}

func (m *tinyMap) Set(key, value int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, _, ok := m.find(key); ok {
		return false
	}
	if m.buckets[m.current] == nil {
		m.buckets[m.current] = map[int]int{}
	}
	m.buckets[m.current][key] = value
	return true
}

func (m *tinyMap) Delete(key int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, _, ok := m.find(key)
	delete(b, key)
	return ok
}

func (m *tinyMap) Count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, b := range m.buckets {
		n += len(b)
	}
	return n
}

func (m *tinyMap) Close() {
	m.once.Do(func() { close(m.stop) })
	<-m.done
}
