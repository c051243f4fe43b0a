package derived

import (
	"runtime"
	"sync/atomic"
)

// Slot has room for one. Who finds none gives way until there is some.
type Slot struct{ full atomic.Bool }

// Put waits for room.
func (s *Slot) Put() { spin(&s.full) }

// Take makes room.
func (s *Slot) Take() bool { return s.full.CompareAndSwap(true, false) }

// Flags has two flags that both have to be taken: Left and Right take them in another order.
type Flags struct{ left, right atomic.Bool }

// Left begins with the left one.
func (p *Flags) Left() { both(&p.left, &p.right) }

// Right begins with the right one.
func (p *Flags) Right() { both(&p.right, &p.left) }

func both(first, second *atomic.Bool) {
	spin(first)
	spin(second)
	second.Store(false)
	first.Store(false)
}

func spin(flag *atomic.Bool) {
	for !flag.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}
