package main

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"go.uber.org/goleak"

	"batchlab/impls/spec"
)

// In a second nothing expires that lives for a minute.
var minute = spec.MapConfig{Bucket: time.Second, Buckets: 61}

func TestMap(t *testing.T) {
	each(t, spec.KindDedup, func(t *testing.T, s spec.Subject) {
		if !slices.Contains(s.Waives, spec.Leak) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		}
		m := s.NewMap(minute, nil)
		check := func(what string, got, want any) {
			t.Helper()
			if got != want {
				t.Errorf("%s: got %v, want %v", what, got, want)
			}
		}
		get := func() string { v, ok := m.Get(1); return fmt.Sprint(v, ok) }
		check("Get of nothing", get(), "0 false")
		check("Delete of nothing", m.Delete(1), false)
		check("Set", m.Set(1, 10), true)
		check("Set again", m.Set(1, 11), false)
		check("Get", get(), "10 true")
		check("Set of another", m.Set(2, 20), true)
		check("Count", m.Count(), 2)
		check("Delete", m.Delete(1), true)
		check("Delete again", m.Delete(1), false)
		check("Get of what was deleted", get(), "0 false")
		check("Set of what was deleted", m.Set(1, 12), true)
		check("Get of the new", get(), "12 true")
		m.Close()
		m.Close()
		if s.Name == "golang-lru" {
			check("Count after Close", m.Count(), 0)
			return
		}
		check("Get after Close", get(), "12 true")
		check("Set after Close", m.Set(1, 13), false)
		check("Set of a new one after Close", m.Set(3, 30), true)
		check("Delete after Close", m.Delete(2), true)
		check("Count after Close", m.Count(), 2)
	})
}

// Of the Sets of one key one wins, and its value is what Get returns.
func TestOneWinner(t *testing.T) {
	each(t, spec.KindDedup, func(t *testing.T, s spec.Subject) {
		const keys, goroutines = 500, 4
		m := s.NewMap(minute, nil)
		defer m.Close()
		var winners [keys][goroutines]bool
		var wg sync.WaitGroup
		for g := range goroutines {
			wg.Go(func() {
				for k := range keys {
					winners[k][g] = m.Set(k, g)
				}
			})
		}
		wg.Wait()
		for k, w := range winners {
			v, ok := m.Get(k)
			if !ok || !w[v] || slices.Index(w[:], true) != v || slices.Contains(w[v+1:], true) {
				t.Errorf("key %d: Get says %d, %v; winners are %v", k, v, ok, w)
			}
		}
		if m.Count() != keys {
			t.Errorf("%d keys, want %d", m.Count(), keys)
		}
	})
}

// An entry lives for the window, read or not, and no longer.
func TestWindow(t *testing.T) {
	each(t, spec.KindDedup, func(t *testing.T, s spec.Subject) {
		synctest.Test(t, func(t *testing.T) {
			m := s.NewMap(minute, nil)
			defer end(m)
			m.Set(1, 10)
			time.Sleep(59 * time.Second)
			if v, ok := m.Get(1); v != 10 || !ok || m.Set(1, 11) || m.Count() != 1 {
				t.Errorf("after 59s the entry is %d, %v, of %d", v, ok, m.Count())
			}
			m.Set(2, 20)
			time.Sleep(3 * time.Second)
			if _, ok := m.Get(1); ok || m.Delete(1) {
				t.Error("the entry is there after 62s")
			}
			time.Sleep(3 * time.Second)
			if m.Count() != 1 {
				t.Errorf("after 65s there are %d entries, want 1", m.Count())
			}
			if !m.Set(1, 12) {
				t.Error("the key cannot be set after its window")
			}
			if v, ok := m.Get(1); v != 12 || !ok {
				t.Errorf("the new entry is %d, %v", v, ok)
			}
		})
	})
}

// end closes the map, and ends the goroutine that golang-lru has no way to end: it
// waits for a channel that nobody closes, and a bubble waits for it.
func end(m spec.Map) {
	m.Close()
	if l, ok := m.(*lruMap); ok {
		done := reflect.ValueOf(l.LRU).Elem().FieldByName("done")
		close(*(*chan struct{})(unsafe.Pointer(done.UnsafeAddr())))
	}
}
