package rt

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
)

// Entries goes through a map.
type Entries[K comparable, V any] struct {
	m    map[K]V
	keys []K
	lost []V // the values of keys that equal no key, not even themselves: nobody can look them up
}

// OverMap is the operand of a range over a map. The keys come in an order that the
// Chooser chooses: ascending, descending, or ascending from another key on.
func OverMap[M ~map[K]V, K comparable, V any](site string, m M) (*Entries[K, V], K, V) {
	var (
		k K
		v V
	)
	order := 0
	if active && len(m) > 1 {
		order = chooseOrder(site, len(m))
	}
	e := &Entries[K, V]{m: m, keys: make([]K, 0, len(m))}
	for k, v := range m {
		if e.keys = append(e.keys, k); k != k {
			e.lost = append(e.lost, v)
		}
	}
	if active {
		arrange(e.keys, order)
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
		switch {
		case ok:
		case key != key && len(e.m) > 0: // if the map is empty it was cleared
			value, e.lost = e.lost[0], e.lost[1:]
		default:
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

// arrange puts keys into an order of their own.
func arrange[K any](keys []K, order int) {
	if len(keys) < 2 {
		return
	}
	switch keys := any(keys).(type) {
	case []string:
		slices.Sort(keys)
	case []int:
		slices.Sort(keys)
	default:
		sortAny(keys)
	}
	switch n := min(order-1, len(keys)); {
	case order == 1:
		slices.Reverse(keys)
	case order > 1:
		slices.Reverse(keys[:n])
		slices.Reverse(keys[n:])
		slices.Reverse(keys)
	}
}

func sortAny(keys any) {
	v := reflect.ValueOf(keys)
	list := make([]reflect.Value, v.Len())
	for i := range list {
		list[i] = reflect.New(v.Type().Elem()).Elem()
		list[i].Set(v.Index(i))
	}
	slices.SortFunc(list, compare)
	for i := range list {
		v.Index(i).Set(list[i])
	}
}

// compare orders keys by their values, without a call of their methods. Keys that hold
// pointers have no order that is the same each time; weave names the ranges over maps
// that have them.
func compare(a, b reflect.Value) int {
	switch a.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return cmp.Compare(a.Int(), b.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return cmp.Compare(a.Uint(), b.Uint())
	case reflect.Float32, reflect.Float64:
		return cmp.Compare(a.Float(), b.Float())
	case reflect.Complex64, reflect.Complex128:
		x, y := a.Complex(), b.Complex()
		return cmp.Or(cmp.Compare(real(x), real(y)), cmp.Compare(imag(x), imag(y)))
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	case reflect.Bool:
		return compareBool(a.Bool(), b.Bool())
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return cmp.Compare(a.Pointer(), b.Pointer())
	}
	return compareParts(a, b)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func compareParts(a, b reflect.Value) int {
	c := 0
	switch a.Kind() {
	case reflect.Struct:
		for i := 0; i < a.NumField() && c == 0; i++ {
			c = compare(a.Field(i), b.Field(i))
		}
	case reflect.Array:
		for i := 0; i < a.Len() && c == 0; i++ {
			c = compare(a.Index(i), b.Index(i))
		}
	case reflect.Interface:
		a, b = a.Elem(), b.Elem()
		if !a.IsValid() || !b.IsValid() {
			return compareBool(a.IsValid(), b.IsValid())
		}
		s, t := a.Type(), b.Type()
		if s == t {
			return compare(a, b)
		}
		c = cmp.Or(cmp.Compare(s.PkgPath(), t.PkgPath()), cmp.Compare(s.String(), t.String()))
	}
	return c
}

// MapRange is m.Range(f).
func MapRange(site string, m *sync.Map, f func(key, value any) bool) {
	if !active {
		m.Range(f)
		return
	}
	n := 0
	m.Range(func(_, _ any) bool { n++; return n < maxCases })
	order := 0
	if n > 1 {
		order = chooseOrder(site, n)
	} else {
		At(site, m)
	}
	var keys []any
	m.Range(func(key, _ any) bool { keys = append(keys, key); return true })
	arrange(keys, order)
	for _, key := range keys {
		if value, ok := m.Load(key); ok && !f(key, value) {
			return
		}
	}
}
