package rt

import (
	"iter"
	"sync"
	"unsafe"
)

// Entries goes through a map. It is a value, with room for the keys of a small map, for most maps are small, and
// what a range needs is then to cost no memory of the heap.
type Entries[K comparable, V any] struct {
	m    map[K]V
	few  [fewKeys]K
	many []K // instead of few
	kept []V // their values, if one equals no key, not even itself: nobody can look that up
	n    int // how many keys there are
	at   int // how many of them came
}

// fewKeys is how many keys a small map has at most.
const fewKeys = 8

// OverMap is the operand of a range over a map. The keys come in an order that the
// Chooser chooses: ascending, descending, or ascending from another key on.
func OverMap[M ~map[K]V, K comparable, V any](site string, m M) (e Entries[K, V], k K, v V) {
	order := 0
	if active && len(m) > 1 {
		order = chooseOrder(site, len(m))
	}
	e.m = m
	if keys := e.list(); active && e.arrange(keys, order) {
		note(site + ": " + unmet)
	}
	return e, k, v
}

// list puts the keys, and perhaps their values, where they are gone through.
func (e *Entries[K, V]) list() []K {
	keys := e.few[:]
	if len(e.m) > fewKeys {
		e.many = make([]K, len(e.m))
		keys = e.many
	}
	lost := false
	for k := range e.m {
		keys[e.n] = k
		e.n++
		lost = lost || k != k
	}
	if lost {
		e.n = 0
		for k, v := range e.m {
			keys[e.n], e.kept = k, append(e.kept, v)
			e.n++
		}
	}
	return keys[:e.n]
}

func (e *Entries[K, V]) arrange(keys []K, order int) (loose bool) {
	if e.kept == nil {
		return arrange(keys, order)
	}
	return arrangeBoth(keys, e.kept, order)
}

// unmet is said of a range whose order is another in each process.
const unmet = "a range over a map with keys that hold addresses, put in where it is not woven"

// Next sets k and v, which may be nil, to the next entry that is still there, and reports
// whether there was one.
func (e *Entries[K, V]) Next(k *K, v *V) bool {
	for e.at < e.n {
		var key K
		if e.many != nil {
			key = e.many[e.at]
		} else {
			key = e.few[e.at]
		}
		value, ok := e.m[key]
		if e.kept != nil && key != key && len(e.m) > 0 { // if the map is empty it was cleared
			value, ok = e.kept[e.at], true
		}
		e.at++
		if !ok {
			continue
		}
		if k != nil {
			*k = key
		}
		if v != nil {
			*v = value
		}
		return true
	}
	return false
}

// chooseOrder chooses one of the orders of n keys: 0 is ascending, 1 descending, and i > 1
// ascending from the i-th key on.
//
//go:norace
func chooseOrder(site string, n int) int {
	point(site, "range")
	n = min(n+1, maxCases)
	for i := range n {
		s.alts[i] = i
	}
	if n == 3 { // of two keys there are two orders
		n = 2
	}
	return value(s.cur, site, "range", n)
}

// MapRange is m.Range(f).
func MapRange(site string, m *sync.Map, f func(key, value any) bool) {
	if !active {
		m.Range(f)
		return
	}
	n := 0
	visit(unsafe.Pointer(m), opMapRanged)
	m.Range(func(_, _ any) bool { n++; return n < maxCases })
	order := 0
	if n > 1 {
		order = chooseOrder(site, n)
	} else {
		At(site, m)
	}
	var keys []any
	visit(unsafe.Pointer(m), opMapRanged)
	m.Range(func(key, _ any) bool { keys = append(keys, key); return true })
	if arrange(keys, order) {
		note(site + ": " + unmet)
	}
	for _, key := range keys {
		visit(unsafe.Pointer(m), opMapRanged)
		if value, ok := m.Load(key); ok && !f(key, value) {
			return
		}
	}
}

// MapsAll is maps.All(m).
func MapsAll[M ~map[K]V, K comparable, V any](site string, m M) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for e, k, v := OverMap(site, m); e.Next(&k, &v); {
			if !yield(k, v) {
				return
			}
		}
	}
}

// MapsKeys is maps.Keys(m).
func MapsKeys[M ~map[K]V, K comparable, V any](site string, m M) iter.Seq[K] {
	return func(yield func(K) bool) {
		for e, k, _ := OverMap(site, m); e.Next(&k, nil); {
			if !yield(k) {
				return
			}
		}
	}
}

// MapsValues is maps.Values(m).
func MapsValues[M ~map[K]V, K comparable, V any](site string, m M) iter.Seq[V] {
	return func(yield func(V) bool) {
		for e, _, v := OverMap(site, m); e.Next(nil, &v); {
			if !yield(v) {
				return
			}
		}
	}
}

// MapsDeleteFunc is maps.DeleteFunc(m, del).
func MapsDeleteFunc[M ~map[K]V, K comparable, V any](site string, m M, del func(K, V) bool) {
	for e, k, v := OverMap(site, m); e.Next(&k, &v); {
		if del(k, v) {
			delete(m, k)
		}
	}
}

// MapsEqualFunc is maps.EqualFunc(m, n, eq).
func MapsEqualFunc[M ~map[K]V, N ~map[K]W, K comparable, V, W any](site string, m M, n N, eq func(V, W) bool) bool {
	if len(m) != len(n) {
		return false
	}
	for e, k, v := OverMap(site, m); e.Next(&k, &v); {
		if w, ok := n[k]; !ok || !eq(v, w) {
			return false
		}
	}
	return true
}
