package batcher

import (
	"math/bits"
	"sync/atomic"
)

// table is what a look at a shard needs: a hash table, and the entries that it
// points at. It is read without a lock, while one goroutine, which holds the
// shard's, writes. That is safe since nothing in it is ever used again:
//
// A slot is empty, then holds an entry, then may be dead, and stays so. An entry is
// written before its slot and never after. So a key's entries come one after the
// other in the order of its search, all but the last of them dead, and who comes
// to an empty slot knows that in this moment the key is absent. A piece goes when
// its last entry has, and whoever may still be reading it keeps it.
//
// An index that is used up is replaced by a new one. Who still reads the old one
// sees what was there at that moment, which was after he began.
type table[K comparable, V any] struct {
	slots  []uint32 // atomic; the writer reads them plainly
	pieces []atomic.Pointer[piece[K, V]]
	places uint32 // the bits of a slot that hold a position
}

// A slot holds the position of an entry, plus one, and above it as many bits of
// the key's hash as there is room for. Mostly then no entry is looked at but the
// one that is looked for.
const empty = 0

// piece is a stretch of the log of entries.
type piece[K comparable, V any] [pieceSize]entry[K, V]

const pieceSize = 32

// entry wastes nothing if the value is empty.
type entry[K comparable, V any] struct {
	value V
	key   K
}

// newTable returns an empty table.
func newTable[K comparable, V any](slots, pieces int) *table[K, V] {
	return &table[K, V]{
		slots:  make([]uint32, slots),
		pieces: make([]atomic.Pointer[piece[K, V]], pieces),
		places: 1<<bits.Len(uint(pieces*pieceSize)) - 1,
	}
}

// home is the slot at which the search for a key begins. The hash's upper bits have
// chosen the shard, the middle ones choose the slot, and the lower ones are kept in it.
func (t *table[K, V]) home(hash uint64) uint32 {
	home, _ := bits.Mul64(hash<<shardBits, uint64(len(t.slots)))
	return uint32(home)
}

// find returns the first entry of a key from slot i on, and its slot, or nil and an
// empty slot.
func (t *table[K, V]) find(i uint32, hash uint64, key K) (*entry[K, V], uint32) {
	for {
		slot := atomic.LoadUint32(&t.slots[i])
		if slot == empty {
			return nil, i
		}
		if (slot^uint32(hash))&^t.places == 0 && slot&t.places != 0 {
			pos := slot&t.places - 1
			if p := t.pieces[pos/pieceSize].Load(); p != nil && p[pos%pieceSize].key == key {
				return &p[pos%pieceSize], i
			}
		}
		i = t.next(i)
	}
}

func (t *table[K, V]) next(i uint32) uint32 {
	if i++; i < uint32(len(t.slots)) {
		return i
	}
	return 0
}

// slotsFor is the size of a table for so many entries, and slotsUsed how many slots
// of one are used until there is another.
func slotsFor(entries int) int { return entries*5/3 + 8 }

func slotsUsed(slots int) int { return slots * 3 / 4 }

// link has a slot hold a position, in an index that nobody else has seen.
func (t *table[K, V]) link(hash uint64, pos uint32) {
	i := t.home(hash)
	for t.slots[i] != empty {
		i = t.next(i)
	}
	t.slots[i] = uint32(hash)&^t.places | (pos + 1)
}

// hold has an empty slot hold a position.
func (t *table[K, V]) hold(slot uint32, hash uint64, pos uint32) {
	atomic.StoreUint32(&t.slots[slot], uint32(hash)&^t.places|(pos+1))
}

// position is the one that a slot holds.
func (t *table[K, V]) position(slot uint32) uint32 { return t.slots[slot]&t.places - 1 }

// kill has a slot be dead. It then holds no position, and the bit above tells it from
// an empty one.
func (t *table[K, V]) kill(slot uint32) { atomic.StoreUint32(&t.slots[slot], t.places+1) }

// unlink has the slot of a position be dead, if it has one.
func (t *table[K, V]) unlink(hash uint64, pos uint32) {
	for i := t.home(hash); t.slots[i] != empty; i = t.next(i) {
		if t.slots[i]&t.places == pos+1 {
			t.kill(i)
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
