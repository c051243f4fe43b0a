package rt

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// Entries goes through a map.
type Entries[K comparable, V any] struct {
	m    map[K]V
	keys []K
}

// OverMap is the operand of a range over a map. The keys come in an order that the
// Chooser chooses: ascending, descending, or ascending from another key on.
func OverMap[M ~map[K]V, K comparable, V any](site string, m M) (*Entries[K, V], K, V) {
	var (
		k K
		v V
	)
	e := &Entries[K, V]{m: m, keys: make([]K, 0, len(m))}
	for k := range m {
		e.keys = append(e.keys, k)
	}
	if active && len(m) > 1 {
		arrange(e.keys, order(site, len(m)))
	}
	return e, k, v
}

// Next sets k and v, which may be nil, to the next entry that is still there, and reports
// whether there was one.
func (e *Entries[K, V]) Next(k *K, v *V) bool {
	for len(e.keys) > 0 {
		key := e.keys[0]
		e.keys = e.keys[1:]
		value, ok := e.m[key]
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

// order chooses one of the orders of n keys: 0 is ascending, 1 descending, and i > 1
// ascending from the i-th key on.
//
//go:norace
func order(site string, n int) int {
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

// arrange puts keys into an order of their own.
func arrange[K comparable](keys []K, order int) {
	slices.SortFunc(keys, func(a, b K) int { return compare(reflect.ValueOf(a), reflect.ValueOf(b)) })
	switch {
	case order == 1:
		slices.Reverse(keys)
	case order > 1:
		slices.Reverse(keys[:order-1])
		slices.Reverse(keys[order-1:])
		slices.Reverse(keys)
	}
}

// compare orders keys by their values. Keys that hold pointers have no order that is the
// same each time; weave names the ranges over maps that have them.
func compare(a, b reflect.Value) int {
	switch a.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return cmp.Compare(a.Int(), b.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return cmp.Compare(a.Uint(), b.Uint())
	case reflect.Float32, reflect.Float64:
		return cmp.Compare(a.Float(), b.Float())
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

// MapRange is m.Range(f).
func MapRange(site string, m *sync.Map, f func(key, value any) bool) {
	if !active {
		m.Range(f)
		return
	}
	var keys []any
	m.Range(func(key, _ any) bool { keys = append(keys, key); return true })
	if len(keys) > 1 {
		arrangeAny(keys, order(site, len(keys)))
	}
	for _, key := range keys {
		if value, ok := m.Load(key); ok && !f(key, value) {
			return
		}
	}
}

func arrangeAny(keys []any, order int) {
	text := func(k any) string { return fmt.Sprintf("%T %v", k, k) }
	slices.SortFunc(keys, func(a, b any) int {
		if x, y := reflect.ValueOf(a), reflect.ValueOf(b); x.Kind() == y.Kind() && x.CanInt() {
			return cmp.Compare(x.Int(), y.Int())
		}
		return cmp.Compare(text(a), text(b))
	})
	if order == 1 {
		slices.Reverse(keys)
	} else if order > 1 {
		moved := slices.Concat(keys[order-1:], keys[:order-1])
		copy(keys, moved)
	}
}
