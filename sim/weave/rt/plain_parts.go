package rt

import "unsafe"

// Parts is around an access to a struct, which is one to each of its parts: at has their offsets, a byte each.
func Parts[T any](site, at string, writes bool, p *T) *T {
	if plainly {
		parts(site, at, writes, unsafe.Pointer(p))
	}
	return p
}

//go:norace
func parts(site, at string, writes bool, p unsafe.Pointer) {
	if strays && stray() || s.dying || s.free || s.cfg.Plain == Counted {
		return
	}
	for i := 0; i < len(at) && s.nplaces < accessed; i++ {
		touched(s.cur, site, unsafe.Add(p, at[i]), writes)
	}
}

// Elements goes through a slice.
type Elements[E any] struct {
	site string
	list []E
	next int
}

// OverSlice is the operand of a range over a slice whose elements are read.
func OverSlice[S ~[]E, E any](site string, list S) (*Elements[E], int, E) {
	var none E
	return &Elements[E]{site: site, list: list}, 0, none
}

// Next sets k and v, which may be nil, to the next element, and reports whether there was one.
func (r *Elements[E]) Next(k *int, v *E) bool {
	if r.next == len(r.list) {
		return false
	}
	if k != nil {
		*k = r.next
	}
	if v != nil {
		*v = *Read(r.site, "an element", &r.list[r.next])
	}
	r.next++
	return true
}
