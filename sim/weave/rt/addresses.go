package rt

import (
	"reflect"
	"unsafe"
)

// addresses are those that package fmt may print of values, each once. They are looked up
// unseen by the race detector, for which of the values were only named, and not looked
// into, is not known here.
type addresses struct {
	list   [64]unsafe.Pointer
	n      int
	looked int  // at so many values
	missed bool // there may be more
}

// mostLooked bounds how many values are looked at.
const mostLooked = 1 << 12

//go:norace
func (a *addresses) add(p unsafe.Pointer) {
	if p == nil {
		return
	}
	for i := range a.n {
		if a.list[i] == p {
			return
		}
	}
	if a.n == len(a.list) {
		a.missed = true
		return
	}
	a.list[a.n] = p
	a.n++
}

// in adds the addresses in the value of a type at p, at a depth of what is printed.
//
//go:norace
func (a *addresses) in(t reflect.Type, p unsafe.Pointer, depth int) {
	if a.looked++; a.looked > mostLooked {
		a.missed = true
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		q := *(*unsafe.Pointer)(p)
		a.add(q)
		if q != nil && depth == 0 {
			switch t.Elem().Kind() {
			case reflect.Struct, reflect.Array, reflect.Slice, reflect.Map:
				a.in(t.Elem(), q, 1)
			}
		}
	case reflect.Chan, reflect.UnsafePointer:
		a.add(*(*unsafe.Pointer)(p))
	case reflect.Map:
		a.add(*(*unsafe.Pointer)(p))
		a.missed = a.missed || mayHold(t.Key()) || mayHold(t.Elem())
	case reflect.Func:
		if q := *(*unsafe.Pointer)(p); q != nil {
			a.add(*(*unsafe.Pointer)(q))
		}
	case reflect.Interface:
		a.inInterface(t, p, depth)
	default:
		a.inParts(t, p, depth)
	}
}

//go:norace
func (a *addresses) inParts(t reflect.Type, p unsafe.Pointer, depth int) {
	n := 0
	switch t.Kind() {
	case reflect.Slice:
		n = (*sliceHeader)(p).n
		p = (*sliceHeader)(p).data
		a.add(p)
	case reflect.Array:
		n = t.Len()
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			a.in(f.Type, unsafe.Add(p, f.Offset), depth+1)
		}
		return
	default:
		return
	}
	e := t.Elem()
	if !mayHold(e) {
		return
	}
	for i := range n {
		a.in(e, unsafe.Add(p, uintptr(i)*e.Size()), depth+1)
	}
}

// sliceHeader and interfaceHeader are what the compiler makes of a slice and an interface.
type sliceHeader struct {
	data   unsafe.Pointer
	n, cap int
}

type interfaceHeader struct {
	of   *methodTable
	data unsafe.Pointer
}

type methodTable struct{ _, is unsafe.Pointer }

//go:norace
func (a *addresses) inInterface(t reflect.Type, p unsafe.Pointer, depth int) {
	if t.NumMethod() == 0 {
		a.inAny((*any)(p), depth+1)
		return
	}
	h := (*interfaceHeader)(p)
	if h.of != nil {
		e := [2]unsafe.Pointer{h.of.is, h.data}
		a.inAny((*any)(unsafe.Pointer(&e)), depth+1)
	}
}

//go:norace
func (a *addresses) inAny(v *any, depth int) {
	if *v == nil {
		return
	}
	t, data := reflect.TypeOf(*v), &(*[2]unsafe.Pointer)(unsafe.Pointer(v))[1]
	if isDirect(t) {
		a.in(t, unsafe.Pointer(data), depth)
	} else {
		a.in(t, *data, depth)
	}
}

// isDirect reports whether an interface holds a value of the type itself, and not where it
// is: if it is one pointer, with or without fields of no size.
//
//go:norace
func isDirect(t reflect.Type) bool {
	if t.Size() != unsafe.Sizeof(t.Size()) {
		return false
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.Map, reflect.Func, reflect.UnsafePointer:
		return true
	case reflect.Struct:
		for i := range t.NumField() {
			if isDirect(t.Field(i).Type) {
				return true
			}
		}
	case reflect.Array:
		return isDirect(t.Elem())
	}
	return false
}

// mayHold reports whether values of a type can hold addresses that are printed.
//
//go:norace
func mayHold(t reflect.Type) bool {
	switch k := t.Kind(); k {
	case reflect.Struct:
		for i := range t.NumField() {
			if mayHold(t.Field(i).Type) {
				return true
			}
		}
		return false
	case reflect.Array:
		return mayHold(t.Elem())
	default:
		return k > reflect.Complex128 && k != reflect.String
	}
}

// held is an error that holds addresses, to see whether they are found.
type held struct{ p, q *int }

func (held) Error() string { return "" }

func init() {
	x, y := new(int), new(int)
	var (
		of     error = held{x, y}
		plain  any   = of
		direct any   = struct {
			_ [0]int
			p *int
		}{p: x}
		a, b, c addresses
	)
	a.inInterface(reflect.TypeFor[error](), unsafe.Pointer(&of), 0)
	b.inAny(&plain, 0)
	c.inAny(&direct, 0)
	if a.n != 2 || a.list != b.list || a.list[1] != unsafe.Pointer(y) || c.n != 1 || c.list[0] != unsafe.Pointer(x) {
		panic("batchlab: rt does not know the interfaces of this Go version")
	}
}
