package batcher

import (
	"slices"

	"github.com/bits-and-blooms/bloom/v3"
)

// A filter with 16 bits and 8 probes a key takes one absent key in 1,700 for a
// present one when it is full: (1-e^(-8/16))^8.
const (
	filterProbes  = 8
	filterBits    = 16
	filterMinKeys = 1 << 10
	filterParts   = 8
)

// probes are the locations of a key, before reduction to a filter's length. Two
// halves of one hash make all of them: Kirsch and Mitzenmacher, Less Hashing,
// Same Performance: Building a Better Bloom Filter, 2006.
type probes [filterProbes]uint64

func newProbes(hash uint64) (p probes) {
	step := hash>>32 | 1 // odd: the length of a filter is a power of two
	for i := range p {
		p[i] = hash
		hash += step
	}
	return p
}

// filter is a set that may take an absent key for a present one, never the other
// way round. Bloom filters cannot forget a key, nor grow. So it is a list of
// them, each for some stretch of bucket IDs, and whole parts are dropped when
// their last bucket is. A part that is full is followed by one twice as large, as
// in Almeida et al., Scalable Bloom Filters, 2007. No key is ever moved, so there
// is no moment at which one is missing.
//
// The map's lock guards it.
type filter struct {
	span  int64 // how many IDs a part stands for
	parts []part
	keys  int // how many were added to the parts
}

type part struct {
	bloom  *bloom.BloomFilter
	room   int
	keys   int
	first  int64 // the ID with which the part began
	newest int64 // no key in it is in a later bucket
}

func newFilter(maxBuckets int) filter {
	return filter{span: int64((maxBuckets-1)/filterParts + 1)}
}

// test reports whether a key may be present. If it says no, the key is absent.
func (f *filter) test(p probes) bool {
	for i := len(f.parts) - 1; i >= 0; i-- {
		if f.parts[i].bloom.TestLocations(p[:]) {
			return true
		}
	}
	return false
}

// add adds a key that is in the bucket with the given ID.
func (f *filter) add(p probes, id int64) {
	last := len(f.parts) - 1
	if last < 0 || f.parts[last].keys == f.parts[last].room || id-f.parts[last].first >= f.span {
		room := f.nextRoom()
		f.parts = append(f.parts, part{
			bloom: bloom.New(uint(room*filterBits), filterProbes), room: room, first: id, newest: id,
		})
		last++
	}
	t := &f.parts[last]
	for _, at := range p {
		t.bloom.BitSet().Set(uint(at % uint64(t.bloom.Cap())))
	}
	t.keys++
	f.keys++
	t.newest = max(t.newest, id)
}

// nextRoom is how many keys the next part should be made for, judging by the
// last one. The result is a power of two.
func (f *filter) nextRoom() int {
	if len(f.parts) == 0 {
		return filterMinKeys
	}
	switch last := f.parts[len(f.parts)-1]; {
	case last.keys == last.room:
		return 2 * last.room
	case last.keys < last.room/4:
		return max(last.room/2, filterMinKeys)
	default:
		return last.room
	}
}

// expire drops the parts whose keys are all in buckets up to the given ID.
func (f *filter) expire(limit int64) {
	f.parts = slices.DeleteFunc(f.parts, func(t part) bool {
		if t.newest > limit {
			return false
		}
		f.keys -= t.keys
		return true
	})
}
