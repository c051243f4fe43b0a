package batcher

import "hash/maphash"

// What follows is the table of a shard.

// slot is empty if its position is none.
type slot struct{ hash, pos uint32 }

// find returns the entry of a key with the given hash, and the index of its slot,
// or nil.
func (s *shard[K, V]) find(hash uint32, key K) (*entry[K, V], uint32) {
	mask := uint32(len(s.slots) - 1)
	for i := hash & mask; s.slots[i].pos != none; i = (i + 1) & mask {
		if s.slots[i].hash != hash {
			continue
		}
		pos := s.slots[i].pos
		if e := s.at(pos); e.key == key && (s.marked == 0 || !s.runs[s.runOf(pos)].marked) {
			return e, i
		}
	}
	return nil, 0
}

// link puts a slot into the table, which has room.
func (s *shard[K, V]) link(l slot) {
	mask := uint32(len(s.slots) - 1)
	i := l.hash & mask
	for s.slots[i].pos != none {
		i = (i + 1) & mask
	}
	s.slots[i] = l
	s.used++
}

// resize makes the table anew.
func (s *shard[K, V]) resize(slots int) {
	old := s.slots
	s.slots, s.used = make([]slot, slots), 0
	for _, l := range old {
		if l.pos != none {
			s.link(l)
		}
	}
}

// unlink empties the slot with the given index. Those behind it that were turned
// away from it move up, so that nothing marks where it was: Knuth, The Art of
// Computer Programming 3, Algorithm 6.4R.
func (s *shard[K, V]) unlink(i uint32) {
	mask := uint32(len(s.slots) - 1)
	for j := (i + 1) & mask; s.slots[j].pos != none; j = (j + 1) & mask {
		if home := s.slots[j].hash & mask; (j-home)&mask >= (j-i)&mask {
			s.slots[i] = s.slots[j]
			i = j
		}
	}
	s.slots[i] = slot{}
	s.used--
}

// unlinkEntry empties the slot of an entry, if it has one.
func (s *shard[K, V]) unlinkEntry(pos uint32) {
	key := s.at(pos).key
	if !isEqualToItself(key) {
		return
	}
	mask := uint32(len(s.slots) - 1)
	i := uint32(maphash.Comparable(s.seed, key)) & mask
	for s.slots[i].pos != pos {
		i = (i + 1) & mask
	}
	s.unlink(i)
}

func isEqualToItself[K comparable](key K) bool {
	same := key
	return key == same
}
