package batcher

import (
	"math"
	"slices"
)

// log tells what is where in a shard's log of entries. The entries themselves are
// with the table.
//
// The log is cut into pieces. A position in it is a number that counts from the
// table's first piece. An entry that was removed leaves a hole, and a piece that is
// all holes is dropped.
//
//	runs     | bucket 7 | bucket 8     | bucket 9          |
//	log      e e e . e e e e e . e e e e e e . e e e e e e e
//	pieces   |       |       |       |       |       |
type log struct {
	runs   []run    // in order
	holds  []uint32 // bit i of element n says that entry i of piece n is no hole
	tail   uint32   // the next position
	live   uint32   // entries, without those that are marked
	marked uint32   // how many runs are
}

// run is a stretch of the log whose entries were set in one bucket.
type run struct {
	id   int64  // the bucket's, or gone
	from uint32 // it goes on to where the next one begins
	live uint32 // entries, without holes
}

// gone is in place of the ID of a bucket that has expired, and marks its run: what
// is left of it is not to be seen. No bucket has it, since they are at least 2ns.
const gone = math.MinInt64

// runOf returns the index of the run that a position belongs to.
func (l *log) runOf(pos uint32) int {
	after, _ := slices.BinarySearchFunc(l.runs, pos, func(r run, pos uint32) int {
		if r.from <= pos {
			return -1
		}
		return 1
	})
	return after - 1
}

// isGone reports whether the run that a position belongs to is marked.
func (l *log) isGone(pos uint32) bool { return l.runs[l.runOf(pos)].id == gone }

// end is where the i-th run ends.
func (l *log) end(i int) uint32 {
	if i+1 < len(l.runs) {
		return l.runs[i+1].from
	}
	return l.tail
}

// note notes that an entry was appended, in the bucket with the given ID, and returns
// its position.
func (l *log) note(id int64) uint32 {
	pos, last := l.tail, len(l.runs)-1
	if last < 0 || l.runs[last].id != id {
		l.runs = append(l.runs, run{id: id, from: pos})
		last++
	}
	if pos%pieceSize == 0 {
		l.holds = append(l.holds, 0)
	}
	l.runs[last].live++
	l.live++
	l.holds[pos/pieceSize] |= 1 << (pos % pieceSize)
	l.tail++
	return pos
}

// clear makes a hole of an entry, and reports whether its piece is done with.
func (l *log) clear(pos uint32) bool {
	n := pos / pieceSize
	l.holds[n] &^= 1 << (pos % pieceSize)
	return l.holds[n] == 0 && n != l.tail/pieceSize
}

// entries ranges over the positions of the entries of run i.
func (l *log) entries(i int) func(yield func(uint32) bool) {
	return func(yield func(uint32) bool) {
		for pos, end := l.runs[i].from, l.end(i); pos < end; pos++ {
			held := l.holds[pos/pieceSize] >> (pos % pieceSize)
			if held == 0 {
				pos |= pieceSize - 1
			} else if held&1 == 1 && !yield(pos) {
				return
			}
		}
	}
}

// mark marks the runs of buckets up to the given ID, and reports whether there are
// any.
func (l *log) mark(limit int64) (found bool) {
	for i := range l.runs {
		if r := &l.runs[i]; r.id <= limit && r.id != gone {
			r.id = gone
			l.marked++
			l.live -= r.live
			found = true
		}
	}
	return found
}

// sparse reports whether most of the log is holes.
func (l *log) sparse() bool {
	return len(l.runs) > 0 && l.tail-l.runs[0].from > 2*l.live+4*pieceSize
}

// cut has positions count from the first piece that is still there, and returns how
// many there were before it.
func (l *log) cut() int {
	if len(l.runs) == 0 {
		return 0
	}
	pieces := l.runs[0].from / pieceSize
	for i := range l.runs {
		l.runs[i].from -= pieces * pieceSize
	}
	l.holds = slices.Delete(l.holds, 0, int(pieces))
	l.tail -= pieces * pieceSize
	return int(pieces)
}
