package batcher

import (
	"hash/maphash"
	"math/bits"
)

// hasher returns a hash function of its own for one map. For integers it is one
// that costs two multiplications; package maphash has to find out first what a key is
// made of.
func hasher[K comparable]() func(K) uint64 {
	seed := maphash.MakeSeed()
	mix := mixer(seed)
	var typed any
	switch any(*new(K)).(type) {
	case int:
		typed = func(key int) uint64 { return mix.sum(uint64(key)) }
	case int32:
		typed = func(key int32) uint64 { return mix.sum(uint64(key)) }
	case int64:
		typed = func(key int64) uint64 { return mix.sum(uint64(key)) }
	case uint:
		typed = func(key uint) uint64 { return mix.sum(uint64(key)) }
	case uint32:
		typed = func(key uint32) uint64 { return mix.sum(uint64(key)) }
	case uint64:
		typed = func(key uint64) uint64 { return mix.sum(key) }
	}
	if f, ok := typed.(func(K) uint64); ok {
		return f
	}
	return func(key K) uint64 { return maphash.Comparable(seed, key) }
}

// mix is what a hash function of integers keeps to itself: two random numbers.
type mix struct{ a, b uint64 }

func mixer(seed maphash.Seed) mix {
	return mix{maphash.String(seed, "a") | 1, maphash.String(seed, "b") | 1}
}

// sum folds a product of 128 bits, twice: once is not enough for keys that have the same
// distance from one to the next.
func (m mix) sum(key uint64) uint64 {
	high, low := bits.Mul64(key^m.a, m.b)
	high, low = bits.Mul64(high^low^m.b, m.a)
	return high ^ low
}
