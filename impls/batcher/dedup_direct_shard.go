package batcher

import (
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// shard is a part of a TimePartitionedMapDirect: a log of entries, in the order in
// which they were set, and the table that leads to them.
//
// When the table is used up, a new one begins with the first piece of the log that is
// still there, and positions are counted from it; when holes prevail, the new one has
// the entries moved together.
//
// A key that is not equal to itself, such as NaN, is in the log and in no slot:
// nobody can look for it.
type shard[K comparable, V any] struct {
	table atomic.Pointer[table[K, V]] // nil while anything in it is marked
	own   *table[K, V]                // the table, for who holds the lock
	none  *table[K, V]                // one without room, shared by all shards that are empty
	hash  func(K) uint64
	open  *piece[K, V] // the last, which is being filled

	// What every Set writes is kept off the cache lines that every Get reads, those
	// of the next shard too.
	_ [cacheLine]byte

	mu sync.Mutex
	log
	used uint32 // slots that are not empty

	_ [cacheLine]byte
}

const cacheLine = 64

func (s *shard[K, V]) init(none *table[K, V], hash func(K) uint64) {
	s.none, s.hash = none, hash
	s.publish(none)
}

// publish has everybody use the table, unless they have to look at marks.
func (s *shard[K, V]) publish(t *table[K, V]) {
	s.own = t
	if s.marked == 0 {
		s.table.Store(t)
	}
}

// get returns the entry of a key, or nil. It takes no lock, unless there are entries that
// are marked.
func (s *shard[K, V]) get(hash uint64, key K) *entry[K, V] {
	t := s.table.Load()
	if t == nil {
		s.mu.Lock()
		e, _ := s.find(hash, key)
		s.mu.Unlock()
		return e
	}
	tag := tagOf(hash)
	for i := t.home(hash); ; i = t.next(i) {
		g := &t.groups[i]
		tags := atomic.LoadUint64(&g.tags)
		for set := matches(tags, tag); set != 0; set &= set - 1 {
			pos := t.position(firstOf(i, set))
			p := t.pieces[pos/pieceSize].Load()
			if p != nil && p[pos%pieceSize].key == key {
				return &p[pos%pieceSize]
			}
		}
		if empties(tags) != 0 {
			return nil
		}
	}
}

// set stores an entry, in the bucket whose ID is the current one, and returns true; or
// false if the key is present.
func (s *shard[K, V]) set(current *atomic.Int64, hash uint64, e entry[K, V]) bool {
	s.mu.Lock()
	present, place := s.find(hash, e.key)
	if present == nil {
		s.insert(current.Load(), hash, place, e)
	}
	s.mu.Unlock()
	return present == nil
}

// find returns the entry of a key, and its slot, or nil and the slot that is its
// place. The lock is held, here and in all that follows.
func (s *shard[K, V]) find(hash uint64, key K) (*entry[K, V], slot) {
	if s.marked > 0 {
		return s.own.find(hash, key, &s.log)
	}
	return s.own.find(hash, key, nil)
}

// insert stores an absent key in the bucket with the given ID. The slot is the one
// that find returned.
func (s *shard[K, V]) insert(id int64, hash uint64, place slot, e entry[K, V]) {
	if int(s.used) >= s.own.room() || int(s.tail) == len(s.own.pieces)*pieceSize {
		s.rebuild()
		_, place = s.own.find(hash, e.key, nil)
	}
	s.append(id, e)
	if isEqualToItself(e.key) {
		s.used++
		s.own.hold(place, hash, s.tail-1)
	}
}

// append writes an entry to the log, which has room.
func (s *shard[K, V]) append(id int64, e entry[K, V]) {
	pos := s.note(id)
	i := pos % pieceSize
	if i == 0 {
		s.open = new(piece[K, V])
		s.own.pieces[pos/pieceSize].Store(s.open)
	}
	s.open[i] = e
}

// remove removes the entry that a slot points at.
func (s *shard[K, V]) remove(place slot) {
	pos := s.own.position(place)
	s.runs[s.runOf(pos)].live--
	s.live--
	s.own.kill(place)
	s.drop(pos)
	s.compact()
}

// drop makes a hole of an entry, which is not overwritten, for it may be being read.
func (s *shard[K, V]) drop(pos uint32) {
	if s.clear(pos) {
		s.own.pieces[pos/pieceSize].Store(nil)
	}
}

// mark marks the runs of buckets up to the given ID, and reports whether there are
// any. It keeps everybody from the table, so that who looks for a key has to wait for the lock.
func (s *shard[K, V]) mark(limit int64) bool {
	if !s.log.mark(limit) {
		return false
	}
	s.table.Store(nil)
	return true
}

// sweep takes the lock, removes the first run that is marked, and reports whether
// there was one.
func (s *shard[K, V]) sweep() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marked == 0 {
		return false
	}
	i := slices.IndexFunc(s.runs, func(r run) bool { return r.id == gone })
	for pos := range s.entries(i) {
		if key := s.own.at(pos).key; isEqualToItself(key) {
			s.own.unlink(s.hash(key), pos)
		}
		s.drop(pos)
	}
	s.runs = slices.Delete(s.runs, i, i+1)
	s.marked--
	if s.marked == 0 {
		s.publish(s.own)
	}
	s.compact()
	return true
}

// compact makes the table anew when most of the log is holes or most of the table is
// empty. Either has then seen as many removals as that takes steps, so that in the long
// run a removal costs the same. While anything is marked it waits: that will leave
// by itself.
func (s *shard[K, V]) compact() {
	if s.marked > 0 {
		return
	}
	if s.live == 0 {
		s.log, s.open, s.used = log{}, nil, 0
		s.publish(s.none)
	} else if s.sparse() || len(s.own.groups) > 4*groupsFor(int(s.live)) {
		s.rebuild()
	}
}

// rebuild makes the table anew, with room and without slots of what is gone. The
// pieces of the log stay, unless it is sparse.
func (s *shard[K, V]) rebuild() {
	old, from := s.own, s.log
	groups := groupsFor(int(s.live) + 1)
	room := groups*groupSize/pieceSize + 2
	if s.sparse() {
		s.own = newTable[K, V](groups, room)
		s.log = log{}
		for i, r := range from.runs {
			if r.id != gone {
				for pos := range from.entries(i) {
					s.append(r.id, *old.at(pos))
				}
			}
		}
	} else {
		drop := s.cut()
		s.own = newTable[K, V](groups, len(s.holds)+(groups*groupSize-int(s.live))/pieceSize+2)
		for n := range s.holds {
			s.own.pieces[n].Store(old.pieces[n+drop].Load())
		}
	}
	s.linkAll()
	s.publish(s.own)
}

// linkAll links every entry into a new table.
func (s *shard[K, V]) linkAll() {
	s.used = 0
	for n, held := range s.holds {
		if held == 0 {
			continue
		}
		p := s.own.pieces[n].Load()
		for ; held != 0; held &= held - 1 {
			i := uint32(bits.TrailingZeros32(held))
			pos := uint32(n)*pieceSize + i
			if key := p[i%pieceSize].key; isEqualToItself(key) && (s.marked == 0 || !s.isGone(pos)) {
				s.own.link(s.hash(key), pos)
				s.used++
			}
		}
	}
}
