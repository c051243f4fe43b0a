package sim_test

import (
	"sync"
	"testing"
	"time"

	"batchlab/sim"
)

const lifetime = time.Second

// Memo is a cache whose entries expire; who finds an expired one removes it.
type Memo struct {
	mu    sync.RWMutex
	items map[string]entry
}

type entry struct {
	v     int
	until time.Time
}

func newMemo(*sim.Env) *Memo { return &Memo{items: map[string]entry{}} }

func (m *Memo) Set(key string, v int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[key] = entry{v, time.Now().Add(lifetime)}
}

func (m *Memo) Get(key string) (v int, ok bool) {
	m.mu.RLock()
	e, ok := m.items[key]
	m.mu.RUnlock()
	if !ok || time.Now().Before(e.until) {
		return e.v, ok
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.items[key] == e { // bug: if true {
		delete(m.items, key)
	}
	return 0, false
}

// A cache is its own specification: whatever it does, it does too if its calls are made one at a time. It uses
// package time, which is virtual here. Two goroutines are enough to find its bug.
func ExampleLinearizable_cache() {
	var t *testing.T // in a file of yours: func TestMemo(t *testing.T)
	sim.Linearizable(t, newMemo, sim.Lanes(2))
	// With the bug it says, among other things:
	//
	//	| a           | b                | time |
	//	|-------------|------------------|------|
	//	| Set("a", 1) |                  |      |
	//	|             |                  | +1s  |
	//	| Set("a", 1) | Get("a") 0 false |      |
	//	|             | Get("a") 0 false |      |  <- want 1 true
}
