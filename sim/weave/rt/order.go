package rt

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"unsafe"
)

// orderer puts keys in an order that is the same in each process: numbers and texts by
// value, addresses by who met them first, structs and arrays part by part, and what is in
// interfaces by its type first. No method of a key is called.
type orderer struct {
	loose bool // addresses were compared that nobody had met: their order is another each time
}

// arrange puts keys in the given order, and reports whether that is another each time.
func arrange[K any](keys []K, order int) (loose bool) {
	if len(keys) < 2 {
		return false
	}
	switch reflect.TypeFor[K]().Kind() {
	case reflect.String:
		slices.Sort(as[string](keys))
	case reflect.Int:
		slices.Sort(as[int](keys))
	case reflect.Int64:
		slices.Sort(as[int64](keys))
	case reflect.Int32:
		slices.Sort(as[int32](keys))
	case reflect.Uint64:
		slices.Sort(as[uint64](keys))
	case reflect.Uint32:
		slices.Sort(as[uint32](keys))
	default:
		return arrangeBoth(keys, []any(nil), order)
	}
	turnAround(keys, order)
	return false
}

// as is a list as one of what its elements are made of.
func as[T, K any](keys []K) []T { return unsafe.Slice((*T)(unsafe.Pointer(&keys[0])), len(keys)) }

// arrangeBoth is arrange, and takes values along, if there are any.
func arrangeBoth[K, V any](keys []K, values []V, order int) (loose bool) {
	if len(keys) < 2 {
		return false
	}
	var o orderer
	at := make([]int, len(keys))
	for i := range at {
		at[i] = i
	}
	oldKeys, oldValues := slices.Clone(keys), slices.Clone(values) // reflection has them on the heap
	ks, vs := reflect.ValueOf(oldKeys), reflect.ValueOf(oldValues)
	slices.SortStableFunc(at, func(i, j int) int {
		c := o.compare(ks.Index(i), ks.Index(j))
		if c == 0 && values != nil { // of keys that equal no key there may be several
			c = o.compare(vs.Index(i), vs.Index(j))
		}
		return c
	})
	turnAround(at, order)
	for to, from := range at {
		if keys[to] = oldKeys[from]; values != nil {
			values[to] = oldValues[from]
		}
	}
	return o.loose
}

// turnAround changes an ascending list into the order that was chosen; see chooseOrder.
func turnAround[T any](list []T, order int) {
	if len(list) < 2 {
		return
	}
	switch n := min(order-1, len(list)); {
	case order == 1:
		slices.Reverse(list)
	case order > 1:
		slices.Reverse(list[:n])
		slices.Reverse(list[n:])
		slices.Reverse(list)
	}
}

func (o *orderer) compare(a, b reflect.Value) int {
	switch a.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return cmp.Compare(a.Int(), b.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return cmp.Compare(a.Uint(), b.Uint())
	case reflect.Float32, reflect.Float64:
		return compareFloat(a.Float(), b.Float())
	case reflect.Complex64, reflect.Complex128:
		x, y := a.Complex(), b.Complex()
		return cmp.Or(compareFloat(real(x), real(y)), compareFloat(imag(x), imag(y)))
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	case reflect.Bool:
		return compareBool(a.Bool(), b.Bool())
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer, reflect.Func, reflect.Map, reflect.Slice:
		return o.compareAddress(a, b)
	}
	return o.compareParts(a, b)
}

// compareFloat tells apart numbers that are none by their bits.
func compareFloat(a, b float64) int {
	return cmp.Or(cmp.Compare(a, b), cmp.Compare(math.Float64bits(a), math.Float64bits(b)))
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

func (o *orderer) compareAddress(a, b reflect.Value) int {
	p, q := a.UnsafePointer(), b.UnsafePointer()
	if p == q && a.Kind() == reflect.Slice {
		return cmp.Compare(a.Len(), b.Len())
	}
	if p == q || p == nil || q == nil {
		return compareBool(p != nil, q != nil)
	}
	x, y := known(p), known(q)
	switch {
	case x != nil && y != nil:
		return x.compare(y)
	case x != nil || y != nil:
		return compareBool(x == nil, y == nil)
	}
	o.loose = true
	return cmp.Compare(uintptr(p), uintptr(q))
}

func (o *orderer) compareParts(a, b reflect.Value) int {
	c := 0
	switch a.Kind() {
	case reflect.Struct:
		for i := 0; i < a.NumField() && c == 0; i++ {
			c = o.compare(a.Field(i), b.Field(i))
		}
	case reflect.Array:
		for i := 0; i < a.Len() && c == 0; i++ {
			c = o.compare(a.Index(i), b.Index(i))
		}
	case reflect.Interface:
		a, b = a.Elem(), b.Elem()
		if !a.IsValid() || !b.IsValid() {
			return compareBool(a.IsValid(), b.IsValid())
		}
		s, t := a.Type(), b.Type()
		if s == t {
			return o.compare(a, b)
		}
		c = cmp.Or(cmp.Compare(s.PkgPath(), t.PkgPath()), cmp.Compare(s.String(), t.String()))
		if c == 0 { // two types of functions may have one name
			c = o.compareAddress(reflect.ValueOf(s), reflect.ValueOf(t))
		}
	}
	return c
}
