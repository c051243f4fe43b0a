package batcher

import (
	"cmp"
	"hash/maphash"
	"slices"
)

// index is what an optimized map knows beside its buckets. The map's lock guards
// it. It does not hear of what Delete takes away. So it may know of too much, never
// of too little: each of the map's buckets is in live, with the same entries, and
// the filter has every key in them. A bucket in live that the map has no more is
// empty, for Delete drops none that is not.
type index[K comparable, V any] struct {
	seed    maphash.Seed
	live    []liveBucket[K, V] // by ascending ID
	filter  filter
	span    int64  // how many IDs share a column of the filter
	used    uint64 // columns of the buckets in live
	version uint64 // how many entries were inserted

	newest int64  // ID of the bucket that was made last
	sizes  [2]int // how many entries there were in the last ones before it
}

type liveBucket[K comparable, V any] struct {
	id      int64
	entries map[K]V
	column  uint
}

// A filter costs a hash of the key, about as much as a look into a bucket. So there
// is none until there are filterFrom buckets, and while there is only one. In
// between it stays as it was, so as not to come and go with each bucket.
const filterFrom = 3

// noHash is no key's hash.
const noHash = 0

func newIndex[K comparable, V any](maxBuckets int) *index[K, V] {
	// Before its cleanup, a bucket more than maxBuckets is there, or two where the
	// window begins and ends within a bucket.
	return &index[K, V]{seed: maphash.MakeSeed(), span: int64(maxBuckets+1)/filterColumns + 1}
}

// hash returns the hash of a key. The seed is the map's own, so that nobody can
// choose keys that collide.
func (x *index[K, V]) hash(key K) uint64 {
	return max(maphash.Comparable(x.seed, key), noHash+1)
}

// get looks through what there is, newest first. It knows nothing of the IDs in
// between: after a jump of the clock there may be billions.
func (x *index[K, V]) get(key K) (value V, ok bool) {
	last := len(x.live) - 1
	if last < 0 {
		return value, false
	}
	// A key that is looked for is likely to be new: that costs no hash.
	if value, ok = x.live[last].entries[key]; ok || last == 0 {
		return value, ok
	}
	columns := ^uint64(0)
	if x.filter.on() {
		columns = x.filter.test(x.hash(key))
	}
	return x.find(key, x.live[:last], columns)
}

// has reports whether key is present. Its hash may be noHash.
func (x *index[K, V]) has(key K, hash uint64) bool {
	columns := ^uint64(0)
	if x.filter.on() && hash != noHash {
		columns = x.filter.test(hash)
	}
	_, ok := x.find(key, x.live, columns)
	return ok
}

// find looks through those of the given buckets whose columns are given.
func (x *index[K, V]) find(key K, live []liveBucket[K, V], columns uint64) (value V, ok bool) {
	if columns == 0 {
		return value, false
	}
	for i := len(live) - 1; i >= 0; i-- {
		if columns>>(live[i].column%filterColumns)&1 == 0 {
			continue
		}
		if value, ok = live[i].entries[key]; ok {
			return value, true
		}
	}
	return value, false
}

// open returns the place in live of the bucket with the given ID, which it makes if
// need be.
func (x *index[K, V]) open(buckets map[int64]map[K]V, id int64) int {
	if at, ok := x.search(id); ok {
		return at
	}
	// Without those that are gone, live never outgrows the map.
	x.prune(func(b liveBucket[K, V]) bool { return buckets[b.id] == nil })
	x.note()
	at, _ := x.search(id)
	// Buckets are often as large as the last ones. One that is made for its entries
	// need not grow. One large bucket among small ones is no reason to make another.
	entries := make(map[K]V, min(x.sizes[0], x.sizes[1]))
	column := uint(id/x.span) % filterColumns
	x.live = slices.Insert(x.live, at, liveBucket[K, V]{id, entries, column})
	x.newest = id
	x.used |= 1 << column
	x.fit()
	return at
}

// note notes how many entries the bucket has that was made last, if it is there.
func (x *index[K, V]) note() {
	if at, ok := x.search(x.newest); ok {
		x.sizes = [2]int{len(x.live[at].entries), x.sizes[0]}
	}
}

// fit gives the filter the size that is right for the buckets that are there. A
// bucket that is being filled does not make it grow, if it is larger than all
// others: to look into one more bucket costs less.
func (x *index[K, V]) fit() {
	if !x.filter.on() && len(x.live) < filterFrom {
		return
	}
	all, largest := 0, 0
	for _, b := range x.live {
		all += len(b.entries)
		largest = max(largest, len(b.entries))
	}
	switch rows := rowsFor(all, largest*int(min(x.span, int64(len(x.live))))); {
	case !x.filter.on() || len(x.filter.rows) > 2*rows:
		x.filter = newFilter(rows)
		for _, b := range x.live {
			for key := range b.entries {
				x.filter.add(x.hash(key), b.column)
			}
		}
	case len(x.filter.rows) < rows:
		x.filter.grow(rows)
	}
}

// expire takes the buckets up to the given ID from buckets, and forgets what is gone.
// It returns how many buckets it took, with how many entries.
func (x *index[K, V]) expire(buckets map[int64]map[K]V, limit int64) (taken, entries int) {
	if x.newest <= limit {
		x.note()
	}
	x.prune(func(b liveBucket[K, V]) bool {
		if b.id <= limit && buckets[b.id] != nil {
			taken++
			entries += len(b.entries)
			delete(buckets, b.id)
		}
		return buckets[b.id] == nil
	})
	return taken, entries
}

// prune forgets the buckets of which gone is true.
func (x *index[K, V]) prune(gone func(b liveBucket[K, V]) bool) {
	x.live = slices.DeleteFunc(x.live, gone)
	before := x.used
	x.used = 0
	for _, b := range x.live {
		x.used |= 1 << b.column
	}
	switch free := before &^ x.used; {
	case len(x.live) <= 1:
		x.filter = filter{}
	case free != 0 && x.filter.on():
		x.filter.clear(free)
	}
}

func (x *index[K, V]) search(id int64) (int, bool) {
	return slices.BinarySearchFunc(x.live, id, func(b liveBucket[K, V], id int64) int {
		return cmp.Compare(b.id, id)
	})
}
