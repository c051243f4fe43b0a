package rt

import (
	"hash"
	"hash/maphash"
	"math"
	"reflect"
	"unsafe"
)

// Package hash/maphash hashes with a key that each process draws anew, seeds apart, so
// that no seed makes its sums the same in two processes. These functions have sums of
// their own: FNV-1a, which is fixed, from a seed that is drawn as random numbers are. They
// have them outside of runs too, because what is hashed there may be looked up in a run.

// MaphashMakeSeed is maphash.MakeSeed().
func MaphashMakeSeed() maphash.Seed {
	n := draw() | 1 // 0 is no seed
	return *(*maphash.Seed)(unsafe.Pointer(&n))
}

func init() {
	if unsafe.Sizeof(maphash.Seed{}) != 8 {
		panic("batchlab: rt does not know the seeds of this Go version")
	}
}

// begin is a seed's number, which must not be 0.
func begin(seed maphash.Seed) uint64 {
	n := *(*uint64)(unsafe.Pointer(&seed))
	if n == 0 {
		panic("maphash: use of uninitialized Seed")
	}
	return n
}

// MaphashString is maphash.String(seed, text).
func MaphashString(seed maphash.Seed, text string) uint64 {
	return scramble(hashText(begin(seed), text))
}

// MaphashBytes is maphash.Bytes(seed, b).
func MaphashBytes(seed maphash.Seed, b []byte) uint64 { return scramble(hashBytes(begin(seed), b)) }

func hashBytes(h uint64, b []byte) uint64 {
	for _, c := range b {
		h = (h ^ uint64(c)) * prime
	}
	return h
}

// hashWord goes on with the bytes of a word, all at once.
//
//go:norace
func hashWord(h, word uint64) uint64 { return scramble(h^word) * prime }

// MaphashComparable is maphash.Comparable(seed, v).
func MaphashComparable[T comparable](seed maphash.Seed, v T) uint64 {
	return hashComparable(begin(seed), v)
}

// MaphashWriteComparable is maphash.WriteComparable(h, v).
func MaphashWriteComparable[T comparable](h *Hash, v T) { h.state = hashComparable(h.begun(), v) }

func hashComparable[T comparable](h uint64, v T) uint64 {
	switch v := any(v).(type) {
	case string:
		return scramble(hashWord(hashText(h, v), uint64(len(v))))
	case int:
		return hashWord(h, uint64(v))
	case uint64:
		return hashWord(h, v)
	}
	onHeap(v)
	return hashValue(h, reflect.ValueOf(&v).Elem())
}

// hashValue goes on with a value. Equal values of one type have one sum, and a number
// that is none has any.
func hashValue(h uint64, v reflect.Value) uint64 {
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return hashWord(h, uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return hashWord(h, v.Uint())
	case reflect.Float32, reflect.Float64:
		return hashFloat(h, v.Float())
	case reflect.Complex64, reflect.Complex128:
		return hashFloat(hashFloat(h, real(v.Complex())), imag(v.Complex()))
	case reflect.String:
		return scramble(hashWord(hashText(h, v.String()), uint64(v.Len())))
	case reflect.Bool:
		if v.Bool() {
			return hashWord(h, 1)
		}
		return hashWord(h, 0)
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		if p := v.UnsafePointer(); p != nil {
			return hashWord(h, see(p).number())
		}
		return hashWord(h, 0)
	}
	return hashParts(h, v)
}

func hashParts(h uint64, v reflect.Value) uint64 {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			h = hashValue(h, v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			h = hashValue(h, v.Index(i))
		}
	case reflect.Interface:
		if e := v.Elem(); e.IsValid() {
			return hashValue(hashText(hashText(h, e.Type().PkgPath()), e.Type().String()), e)
		}
		return hashWord(h, 0)
	default:
		panic("hash of unhashable type " + v.Type().String())
	}
	return h
}

func hashFloat(h uint64, f float64) uint64 {
	switch {
	case f == 0: // of either sign
		return hashWord(h, 0)
	case f != f:
		return hashWord(h, draw())
	}
	return hashWord(h, math.Float64bits(f))
}

// Hash is a maphash.Hash. Woven code has this type in its place, so that what takes it as a
// hash.Hash64 gets these methods too. A package that is not woven cannot be given one as a
// *maphash.Hash: that does not compile.
type Hash struct {
	_     [0]func() // not comparable
	seed  maphash.Seed
	state uint64
}

// begun is the state, after a seed was chosen if there was none.
func (h *Hash) begun() uint64 {
	if h.seed == (maphash.Seed{}) {
		h.SetSeed(MaphashMakeSeed())
	}
	return h.state
}

// Write adds bytes.
func (h *Hash) Write(b []byte) (int, error) {
	h.state = hashBytes(h.begun(), b)
	return len(b), nil
}

// WriteString adds the bytes of a text.
func (h *Hash) WriteString(text string) (int, error) {
	h.state = hashText(h.begun(), text)
	return len(text), nil
}

// WriteByte adds a byte.
func (h *Hash) WriteByte(c byte) error {
	h.state = (h.begun() ^ uint64(c)) * prime
	return nil
}

// Seed returns the seed.
func (h *Hash) Seed() maphash.Seed {
	h.begun()
	return h.seed
}

// SetSeed sets the seed, and forgets what was added.
func (h *Hash) SetSeed(seed maphash.Seed) { h.state, h.seed = begin(seed), seed }

// Reset forgets what was added.
func (h *Hash) Reset() { h.SetSeed(h.Seed()) }

// Sum64 returns the sum of what was added.
func (h *Hash) Sum64() uint64 { return scramble(h.begun()) }

// Sum appends the sum to b.
func (h *Hash) Sum(b []byte) []byte {
	x := h.Sum64()
	for i := range 8 {
		b = append(b, byte(x>>(8*i)))
	}
	return b
}

// Size returns the size of a sum, in bytes.
func (h *Hash) Size() int { return 8 }

// BlockSize returns what maphash.Hash does.
func (h *Hash) BlockSize() int { return 128 }

// Clone returns a copy.
func (h *Hash) Clone() (hash.Cloner, error) {
	h.begun()
	c := *h
	return &c, nil
}
