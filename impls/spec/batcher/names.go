package batcher

import (
	"unsafe"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// names makes the items of a run and knows them again by their addresses, for a subject
// must not see more of an item than its key. Items stand in blocks, each twice as long as
// the one before it, so that few comparisons find one. What touches it is between Lock
// and Unlock, and under the race detector orders nothing: no append, no copy, no map.
type names struct {
	blocks [16]block
	n      int // blocks in use
	used   int // of the last
}

type block struct {
	items []spec.Item
	ids   []kind.Item
}

const firstBlock = 32

// item makes the item that an id stands for.
//
//go:norace
func (s *names) item(id kind.Item) *spec.Item {
	if s.n == 0 || s.used == len(s.blocks[s.n-1].items) {
		room := firstBlock << s.n
		s.blocks[s.n] = block{make([]spec.Item, room), make([]kind.Item, room)}
		s.n++
		s.used = 0
	}
	b := &s.blocks[s.n-1]
	i := s.used
	s.used++
	b.ids[i] = id
	b.items[i].Key = int(id.Key)
	return &b.items[i]
}

// id is the name of an item, one of a Stranger if nobody handed it over.
//
//go:norace
func (s *names) id(item *spec.Item) kind.Item {
	if item == nil {
		return kind.Item{}
	}
	at := uintptr(unsafe.Pointer(item))
	for i := s.n - 1; i >= 0; i-- {
		b := &s.blocks[i]
		base := uintptr(unsafe.Pointer(&b.items[0]))
		if at >= base && at < base+uintptr(len(b.items))*unsafe.Sizeof(spec.Item{}) {
			return b.ids[(at-base)/unsafe.Sizeof(spec.Item{})]
		}
	}
	return kind.Item{Lane: kind.Stranger}
}
