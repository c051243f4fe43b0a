package batcher

import (
	"math/bits"

	"github.com/bits-and-blooms/bloom/v3"
)

// A key sets filterProbes bits. With filterRows rows for each key of a bucket, the
// filter takes a bucket that lacks a key for one that has it at most once in 400
// times: (1-e^(-4/16))^4.
const (
	filterProbes  = 4
	filterRows    = 16
	filterColumns = 64
)

// filter is a Bloom filter for each of 64 groups of buckets, and all of them are
// asked at once. It is a matrix of bits: a group has a column, and the filters'
// n-th bits are row n, which is one word. Of the rows that a key leads to, the
// conjunction has a bit for each group that may hold the key.
//
// A filter cannot forget a key, but a column can be cleared when its buckets are
// gone. No key is ever moved, so there is no moment at which one is missing.
//
// The map's lock guards it.
type filter struct {
	bloom *bloom.BloomFilter // nil if there is no filter
	rows  []uint64           // its bits: a power of two of words
}

// newFilter returns a filter with at least so many rows, where no key is in.
func newFilter(rows int) filter {
	f := bloom.New(filterColumns*uint(powerOfTwo(rows)), filterProbes)
	return filter{f, f.BitSet().Words()}
}

// powerOfTwo returns the least power of two that is at least n.
func powerOfTwo(n int) int { return 1 << bits.Len(uint(max(n, 1)-1)) }

// rowsFor is how many rows a filter should have for buckets that hold so many keys
// in all, and so many in the largest column. With few columns in use it is fewer
// than would be best, for each row takes the space of 64: 16 bytes a key are enough.
func rowsFor(all, largest int) int { return powerOfTwo(min(2*all, filterRows*largest)) }

func (f *filter) on() bool { return f.bloom != nil }

// test returns the columns that may have a key with that hash: a bit for each. The
// others do not have it.
//
// Two halves of the hash make all places: Kirsch and Mitzenmacher, Less Hashing,
// Same Performance: Building a Better Bloom Filter, 2006.
func (f *filter) test(hash uint64) uint64 {
	last, step := uint64(len(f.rows)-1), hash>>32|1
	columns := ^uint64(0)
	for range filterProbes {
		columns &= f.rows[hash&last]
		hash += step
	}
	return columns
}

// add adds a key to a column. When there are more keys than rows for them, the
// column says of every key that it may be there.
func (f *filter) add(hash uint64, column uint) {
	last, step := uint64(len(f.rows)-1), hash>>32|1
	set := f.bloom.BitSet()
	for range filterProbes {
		set.Set(uint(hash&last)*filterColumns + column)
		hash += step
	}
}

// clear empties the columns whose bits are given.
func (f *filter) clear(columns uint64) {
	for i := range f.rows {
		f.rows[i] &^= columns
	}
}

// grow gives the filter at least so many rows. A hash that led to row n leads to
// row n of some copy of all rows: each copy has what there was.
func (f *filter) grow(rows int) {
	all := make([]uint64, 0, powerOfTwo(rows))
	for len(all) < cap(all) {
		all = append(all, f.rows...)
	}
	f.bloom = bloom.FromWithM(all, uint(len(all))*filterColumns, filterProbes)
	f.rows = all
}
