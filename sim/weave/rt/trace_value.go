package rt

import (
	"strconv"
	"sync/atomic"
	"unsafe"
)

// Value is what an atomic is, if that can be read without the race detector, which would be told that others
// synchronize.
type Value struct {
	Sort Sort
	Bits uint64
}

// Sort is how the bits of a Value are read; 0 if there are none.
type Sort uint8

const (
	signed32 Sort = iota + 1
	signed64
	unsigned32
	unsigned64
	truth
)

func sortOf[P any](p P) Sort {
	switch any(p).(type) {
	case *atomic.Int32, *int32:
		return signed32
	case *atomic.Int64, *int64:
		return signed64
	case *atomic.Uint32, *uint32:
		return unsigned32
	case *atomic.Uint64, *uint64:
		return unsigned64
	case *atomic.Bool:
		return truth
	}
	return 0
}

// at is what is at an address.
//
//go:norace
func (s Sort) at(p unsafe.Pointer) Value {
	switch {
	case p == nil || s == 0:
		return Value{}
	case s == signed64 || s == unsigned64:
		return Value{s, *(*uint64)(p)}
	}
	return Value{s, uint64(*(*uint32)(p))}
}

// String is the value, "" if it is not known.
func (v Value) String() string {
	switch v.Sort {
	case signed32:
		return strconv.Itoa(int(int32(v.Bits)))
	case signed64:
		return strconv.FormatInt(int64(v.Bits), 10)
	case unsigned32, unsigned64:
		return strconv.FormatUint(v.Bits, 10)
	case truth:
		return strconv.FormatBool(v.Bits != 0)
	}
	return ""
}
