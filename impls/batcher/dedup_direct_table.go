package batcher

import (
	"math/bits"
	"sync/atomic"
)

// table is what a look at a shard needs: a hash table, and the entries that it
// points at. It is read without a lock, while one goroutine, which holds the
// shard's, writes. That is safe since nothing in it is ever used again:
//
// A slot is empty, then holds an entry, then may be dead, and stays so. Entry and
// position are written before the slot's tag and never after. So a key's entries come
// one after the other in the order of its search, all but the last of them dead, and
// who comes to an empty slot knows that in this moment the key is absent. A piece goes
// when its last entry has, and whoever may still be reading it keeps it.
//
// A table that is used up is replaced by a new one. Who still reads the old one
// sees what was there at that moment, which was after he began.
type table[K comparable, V any] struct {
	groups []group
	high   [][groupSize]uint16 // of the positions, unless the lower 16 bits are all
	pieces []atomic.Pointer[piece[K, V]]
}

// group is as many slots as can be looked at in one step. A search goes from group to
// group, and ends at the first that has an empty slot.
type group struct {
	tags uint64            // a byte for each slot; atomic, but the writer reads it plainly
	low  [groupSize]uint16 // positions of the entries, the lower bits
}

const groupSize = 8

// A tag has its upper bit set unless the slot is empty. One that holds an entry has,
// from firstTag on, some bits of the key's hash, so that mostly no entry is looked
// at but the one that is looked for.
const (
	dead     = 0x80
	firstTag = 0x82
	tagCount = 0x100 - firstTag

	lowBits = 0x0101010101010101
	topBits = 0x8080808080808080
)

// piece is a stretch of the log of entries.
type piece[K comparable, V any] [pieceSize]entry[K, V]

const pieceSize = 32

// entry wastes nothing if the value is empty.
type entry[K comparable, V any] struct {
	value V
	key   K
}

func newTable[K comparable, V any](groups, pieces int) *table[K, V] {
	t := &table[K, V]{groups: make([]group, groups), pieces: make([]atomic.Pointer[piece[K, V]], pieces)}
	if pieces*pieceSize > 1<<16 {
		t.high = make([][groupSize]uint16, groups)
	}
	return t
}

// groupsFor is the size of a table for so many entries. It has room for nearly half as
// many more and, if it is large, for as many more: then most of what a new key costs is
// that the others are linked anew now and then.
func groupsFor(entries int) int {
	if entries < manyEntries {
		return entries*20/9/groupSize + 1
	}
	return entries*3/groupSize + 1
}

// manyEntries is from where on an entry has more memory for its slots.
const manyEntries = 2048

// room is how many slots of a table are used until there is another. With more of them
// many a search would take two steps, and no processor could tell which.
func (t *table[K, V]) room() int { return len(t.groups) * groupSize * 2 / 3 }

// home is the group at which the search for a key begins. The hash's upper bits have
// chosen the shard, the next ones choose the group, and the lower ones the tag.
func (t *table[K, V]) home(hash uint64) uint {
	home, _ := bits.Mul64(hash<<shardBits, uint64(len(t.groups)))
	return uint(home)
}

func (t *table[K, V]) next(g uint) uint {
	if g++; g < uint(len(t.groups)) {
		return g
	}
	return 0
}

func tagOf(hash uint64) uint64 { return firstTag + uint64(uint32(hash))*tagCount>>32 }

// matches has the upper bit set of each byte that equals the tag, and perhaps of some
// that differ from it in the lowest bit: those are tags as well, since a tag is not
// next to dead.
func matches(tags, tag uint64) uint64 {
	x := tags ^ tag*lowBits
	return (x - lowBits) &^ x & topBits
}

// empties has the upper bit set of each byte of an empty slot.
func empties(tags uint64) uint64 { return ^tags & topBits }

// slot is a slot of a table: its group, and the bit in front of it there.
type slot struct{ group, shift uint }

func firstOf(g uint, set uint64) slot { return slot{g, uint(bits.TrailingZeros64(set)) &^ 7} }

func (t *table[K, V]) position(s slot) uint32 {
	i := s.shift / 8 % groupSize
	pos := uint32(t.groups[s.group].low[i])
	if t.high != nil {
		pos |= uint32(t.high[s.group][i]) << 16
	}
	return pos
}

func (t *table[K, V]) setPosition(s slot, pos uint32) {
	i := s.shift / 8 % groupSize
	t.groups[s.group].low[i] = uint16(pos)
	if t.high != nil {
		t.high[s.group][i] = uint16(pos >> 16)
	}
}

// find returns an entry of a key, and its slot, or nil and an empty slot. Unless l is
// nil it passes over the entries that are marked there.
func (t *table[K, V]) find(hash uint64, key K, l *log) (*entry[K, V], slot) {
	tag := tagOf(hash)
	for i := t.home(hash); ; i = t.next(i) {
		tags := t.groups[i].tags
		for set := matches(tags, tag); set != 0; set &= set - 1 {
			pos := t.position(firstOf(i, set))
			p := t.pieces[pos/pieceSize].Load()
			if p != nil && p[pos%pieceSize].key == key && (l == nil || !l.isGone(pos)) {
				return &p[pos%pieceSize], firstOf(i, set)
			}
		}
		if set := empties(tags); set != 0 {
			return nil, firstOf(i, set)
		}
	}
}

// hold has an empty slot hold a position.
func (t *table[K, V]) hold(s slot, hash uint64, pos uint32) {
	g := &t.groups[s.group]
	t.setPosition(s, pos)
	atomic.StoreUint64(&g.tags, g.tags|tagOf(hash)<<s.shift)
}

// kill has a slot be dead.
func (t *table[K, V]) kill(s slot) {
	g := &t.groups[s.group]
	atomic.StoreUint64(&g.tags, g.tags&^(0xff<<s.shift)|dead<<s.shift)
}

// link has a slot hold a position, in a table that nobody else has seen.
func (t *table[K, V]) link(hash uint64, pos uint32) {
	i := t.home(hash)
	for empties(t.groups[i].tags) == 0 {
		i = t.next(i)
	}
	s := firstOf(i, empties(t.groups[i].tags))
	t.setPosition(s, pos)
	t.groups[i].tags |= tagOf(hash) << s.shift
}

// unlink has the slot of a position be dead, if it has one.
func (t *table[K, V]) unlink(hash uint64, pos uint32) {
	for i := t.home(hash); ; i = t.next(i) {
		g := &t.groups[i]
		for set := matches(g.tags, tagOf(hash)); set != 0; set &= set - 1 {
			if s := firstOf(i, set); t.position(s) == pos {
				t.kill(s)
				return
			}
		}
		if empties(g.tags) != 0 {
			return
		}
	}
}

// at returns the entry at a position.
func (t *table[K, V]) at(pos uint32) *entry[K, V] {
	return &t.pieces[pos/pieceSize].Load()[pos%pieceSize]
}

func isEqualToItself[K comparable](key K) bool {
	same := key
	return key == same
}
