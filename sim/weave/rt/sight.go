package rt

import (
	"cmp"
	"reflect"
	"strings"
	"sync"
	"unsafe"
)

// An address differs from process to process, so nothing that a run does may depend on
// one. Where it would (a map's keys are put in order, a key is hashed, a pointer is
// printed), the address is known by the goroutine that met it first, and by its place among those
// that this goroutine met: that is the same in each process, and does not depend on what others
// do meanwhile. Addresses are met where woven code puts them into a map, hashes or prints them.

// sight is the first meeting with an address.
type sight struct {
	at  unsafe.Pointer // kept: no other object takes the address while this is known
	gen int64          // of the run
	who string         // the goroutine's spawn path, "" outside of runs
	nth int            // of those that it met, from 1
}

// compare orders sights: what was met outside of runs first.
//
//go:norace
func (e *sight) compare(o *sight) int {
	return cmp.Or(strings.Compare(e.who, o.who), cmp.Compare(e.nth, o.nth))
}

// number is a number for the address, the same in each process.
//
//go:norace
func (e *sight) number() uint64 { return scramble(hashText(basis, e.who) + uint64(e.nth)*golden) }

// address is what is printed in place of the address: it has no letters in hexadecimal
// either, so that nobody sees whether the real one had.
//
//go:norace
func (e *sight) address() (a uint64) {
	n := e.number()
	for range 11 {
		a = a<<4 | n%10
		n /= 10
	}
	return a | 1<<44
}

// sights are the addresses met so far, by address.
type sights struct {
	list []sight // its length is a power of two
	n    int
}

// met are the addresses met in the run under way; metOutside are those met outside of runs,
// which stay known, since what is hashed outside may be looked up inside.
var (
	met, metOutside sights
	outsideMu       sync.Mutex // of metOutside, and unseen by the race detector
)

// place returns where an address is, or where it would be put.
//
//go:norace
func (t *sights) place(p unsafe.Pointer, gen int64) *sight {
	mask := uintptr(len(t.list) - 1)
	h := uintptr(p) >> 3
	for h ^= h >> 9; ; h++ {
		if e := &t.list[h&mask]; e.gen != gen || e.at == nil || e.at == p {
			return e
		}
	}
}

// find returns the sight of an address, nil if it was not met.
//
//go:norace
func (t *sights) find(p unsafe.Pointer, gen int64) *sight {
	if t.n == 0 {
		return nil
	}
	if e := t.place(p, gen); e.gen == gen && e.at == p {
		return e
	}
	return nil
}

// add puts in what was not met metOutside.
//
//go:norace
func (t *sights) add(e sight) *sight {
	if t.n >= len(t.list)/4*3 {
		old := t.list
		t.list = make([]sight, max(1<<8, 2*len(old)))
		for i := range old {
			if o := &old[i]; o.at != nil && o.gen == e.gen {
				*t.place(o.at, o.gen) = *o
			}
		}
	}
	t.n++
	to := t.place(e.at, e.gen)
	*to = e
	return to
}

// known returns the sight of an address, nil if nobody has met it.
//
//go:norace
func known(p unsafe.Pointer) *sight {
	if active {
		if e := met.find(p, s.gen); e != nil {
			return e
		}
	}
	if metOutside.n == 0 {
		return nil
	}
	raceDisable()
	outsideMu.Lock()
	e := metOutside.find(p, 0)
	if e != nil {
		e = &sight{e.at, 0, "", e.nth} // the table may grow meanwhile
	}
	outsideMu.Unlock()
	raceEnable()
	return e
}

// see returns the sight of an address, which from now on is met.
//
//go:norace
func see(p unsafe.Pointer) *sight {
	if e := known(p); e != nil {
		visit(p, opAddressSeen)
		return e
	}
	visit(p, opAddressMet)
	if active {
		hold()
		g := s.cur
		g.met++
		return met.add(sight{p, s.gen, g.Name, g.met})
	}
	raceDisable()
	outsideMu.Lock()
	e := metOutside.find(p, 0)
	if e == nil {
		e = metOutside.add(sight{p, 0, "", metOutside.n + 1})
	}
	e = &sight{e.at, 0, "", e.nth}
	outsideMu.Unlock()
	raceEnable()
	return e
}

// Key passes on a key that is put into a map, and meets the addresses in it.
func Key[K any](key K) K {
	switch any(key).(type) { // most keys of interfaces and type parameters
	case string, int, int64, int32, uint64, uint32, uint, uint8, bool, float64:
		return key
	}
	onHeap(key)
	meetIn(reflect.ValueOf(&key).Elem())
	return key
}

// onHeap has the compiler put what a value points to on the heap, where it does not move.
func onHeap(v any) {
	if escaped != nil {
		escaped = v
	}
}

var escaped any // stays nil

// meetIn meets the addresses in a value, in their order.
func meetIn(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		if p := v.UnsafePointer(); p != nil {
			see(p)
		}
	case reflect.Interface:
		if e := v.Elem(); e.IsValid() {
			see(typeAddress(e))
			meetIn(e)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			meetIn(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			meetIn(v.Index(i))
		}
	}
}

// typeAddress is the address of what the runtime knows of a value's type: two types may
// have one name.
func typeAddress(v reflect.Value) unsafe.Pointer { return reflect.ValueOf(v.Type()).UnsafePointer() }
