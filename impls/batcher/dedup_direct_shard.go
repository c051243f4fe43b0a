package batcher

import (
	"hash/maphash"
	"math"
	"slices"
	"sync"
)

// shard is a part of a TimePartitionedMapDirect: a hash table over a log.
//
// The log holds the entries in the order in which they were set. A position in it
// is a number, from 1, that stays as long as the entry does. The log is cut into
// pieces of pieceSize entries, and pieces are dropped at its beginning. An entry
// that was removed leaves a hole; when holes prevail, the log is written anew.
//
//	runs     | bucket 7 | bucket 8     | bucket 9          |
//	log      e e e . e e e e e . e e e e e e . e e e e e e e
//	pieces   |       |       |       |       |       |
//
// The table is one of open addressing with linear probing. A slot holds an entry's
// position and a hash of its key, so that mostly no entry is looked at but the one
// that is looked for, and none when the table grows.
//
// A key that is not equal to itself, such as NaN, is in the log and not in the
// table: nobody can look for it.
type shard[K comparable, V any] struct {
	mu    sync.Mutex
	seed  maphash.Seed
	slots []slot // a power of two
	used  int    // how many of them are not empty
	live  int    // entries, without those that are marked

	pieces []piece[K, V]
	base   uint32 // number of the first piece: position/pieceSize
	tail   uint32 // the next position
	runs   []run  // in the order of the log
	marked int    // how many of them are marked

	_ [8]byte // keeps the locks of two shards off one cache line
}

// piece is a piece of the log.
type piece[K comparable, V any] struct {
	entries *[pieceSize]entry[K, V] // nil if all is holes
	full    uint16                  // bit i says that entry i is no hole
}

// entry wastes nothing if the value is empty.
type entry[K comparable, V any] struct {
	value V
	key   K
}

// run is a stretch of the log whose entries were set in one bucket.
type run struct {
	id     int64  // the bucket's
	from   uint32 // it goes on to where the next one begins
	live   uint32 // entries, without holes
	marked bool   // it has expired: what is left of it is not to be seen
}

const (
	pieceSize = 16 // the bits of piece.full
	minSlots  = 8
	none      = 0 // no position
)

func (s *shard[K, V]) init(seed maphash.Seed) {
	s.seed = seed
	s.slots = make([]slot, minSlots)
	s.tail = 1
}

func (s *shard[K, V]) at(pos uint32) *entry[K, V] {
	return &s.pieces[pos/pieceSize-s.base].entries[pos%pieceSize]
}

// runOf returns the index of the run that a position belongs to.
func (s *shard[K, V]) runOf(pos uint32) int {
	after, _ := slices.BinarySearchFunc(s.runs, pos, func(r run, pos uint32) int {
		if r.from <= pos {
			return -1
		}
		return 1
	})
	return after - 1
}

// insert appends the entry of an absent key to the log, in the bucket with the
// given ID.
func (s *shard[K, V]) insert(id int64, hash uint32, key K, value V) {
	if s.tail > math.MaxUint32-pieceSize { // the numbers are used up, and most of their entries long gone
		s.rewrite()
	}
	s.write(id, hash, entry[K, V]{value, key})
}

// write appends an entry to the log and links it.
func (s *shard[K, V]) write(id int64, hash uint32, e entry[K, V]) {
	last := len(s.runs) - 1
	if last < 0 || s.runs[last].id != id || s.runs[last].marked {
		s.runs = append(s.runs, run{id: id, from: s.tail})
		last++
	}
	s.runs[last].live++
	s.live++
	n := s.tail/pieceSize - s.base
	if n == uint32(len(s.pieces)) {
		s.pieces = append(s.pieces, piece[K, V]{entries: new([pieceSize]entry[K, V])})
	}
	i := s.tail % pieceSize
	s.pieces[n].entries[i] = e
	s.pieces[n].full |= 1 << i
	if isEqualToItself(e.key) {
		if s.used*5 >= len(s.slots)*4 {
			s.resize(2 * len(s.slots))
		}
		s.link(slot{hash, s.tail})
	}
	s.tail++
}

// clear makes a hole of an entry.
func (s *shard[K, V]) clear(pos uint32) {
	p := &s.pieces[pos/pieceSize-s.base]
	p.entries[pos%pieceSize] = entry[K, V]{}
	p.full &^= 1 << (pos % pieceSize)
	// The last piece is still being filled.
	if p.full == 0 && pos/pieceSize != s.tail/pieceSize {
		p.entries = nil
	}
}

// entries ranges over the positions of entries from one up to another.
func (s *shard[K, V]) entries(from, to uint32) func(yield func(uint32) bool) {
	return func(yield func(uint32) bool) {
		for pos := from; pos < to; pos++ {
			full := s.pieces[pos/pieceSize-s.base].full
			if full == 0 {
				pos |= pieceSize - 1
			} else if full>>(pos%pieceSize)&1 == 1 && !yield(pos) {
				return
			}
		}
	}
}

// remove removes the entry whose slot has the given index.
func (s *shard[K, V]) remove(i uint32) {
	pos := s.slots[i].pos
	s.runs[s.runOf(pos)].live--
	s.live--
	s.unlink(i)
	s.clear(pos)
	s.compact()
}

// mark marks the runs of buckets up to the given ID, and returns how many runs
// and entries these are.
func (s *shard[K, V]) mark(limit int64) (runs, entries int) {
	for i := range s.runs {
		if r := &s.runs[i]; r.id <= limit && !r.marked {
			r.marked = true
			runs++
			entries += int(r.live)
		}
	}
	s.marked += runs
	s.live -= entries
	return runs, entries
}

// sweep removes the first run that is marked, and reports whether there was one.
func (s *shard[K, V]) sweep() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marked == 0 {
		return false
	}
	i := slices.IndexFunc(s.runs, func(r run) bool { return r.marked })
	for pos := range s.entries(s.runs[i].from, s.end(i)) {
		s.unlinkEntry(pos)
		s.clear(pos)
	}
	s.runs = slices.Delete(s.runs, i, i+1)
	s.marked--
	s.trim()
	s.compact()
	return true
}

// end is where the i-th run ends.
func (s *shard[K, V]) end(i int) uint32 {
	if i+1 < len(s.runs) {
		return s.runs[i+1].from
	}
	return s.tail
}

// trim drops the pieces before the first run.
func (s *shard[K, V]) trim() {
	if len(s.runs) == 0 {
		s.pieces, s.base, s.tail = nil, 0, 1
		return
	}
	drop := s.runs[0].from/pieceSize - s.base
	clear(s.pieces[:drop])
	s.pieces = s.pieces[drop:]
	s.base += drop
}

// compact has the log written anew when most of it is holes, and the table made
// smaller when most of it is empty. Either has then seen as many removals as it
// takes steps, so that in the long run a removal costs the same. While anything is
// marked it waits: that will leave by itself.
func (s *shard[K, V]) compact() {
	if s.marked > 0 {
		return
	}
	if len(s.runs) > 0 && int(s.tail-s.runs[0].from) > 2*s.live+4*pieceSize {
		s.rewrite()
	}
	if n := len(s.slots); n > minSlots && s.used < n/4 {
		s.resize(n / 2)
	}
}

// rewrite writes the log anew, without holes and without what is marked.
func (s *shard[K, V]) rewrite() {
	old := shard[K, V]{pieces: s.pieces, base: s.base, tail: s.tail, runs: s.runs}
	s.live, s.used, s.marked, s.runs = 0, 0, 0, nil
	s.trim()
	clear(s.slots)
	for i, r := range old.runs {
		if r.marked || r.live == 0 {
			continue
		}
		for pos := range old.entries(r.from, old.end(i)) {
			e := old.at(pos)
			s.write(r.id, uint32(maphash.Comparable(s.seed, e.key)), *e)
		}
	}
}
