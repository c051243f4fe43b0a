package stress

import (
	"runtime"
	"runtime/metrics"
	"unsafe"

	"batchlab/impls/spec"
)

const (
	// DefaultMemorySlack is the fixed part of the bound on the peak of the heap.
	DefaultMemorySlack = 64 << 20

	// The fixed parts of the bound on what is left after a collection. A
	// deduplicating subject may keep filters of a fixed size.
	retainedSlack      = 4 << 20
	retainedSlackDedup = 16 << 20

	// bytesPerKey is what an entry may cost in a deduplication map: a map of ints costs about
	// 40 bytes, twice that while it grows, and filters and recycled tables come on top.
	bytesPerKey = 256

	pointer = uint64(unsafe.Sizeof(uintptr(0)))
)

// footprint is what a subject and the lab may have alive in a pass, in bytes.
type footprint struct {
	queue uint64 // the room of the queue, and one more for a copy of it
	kept  uint64 // the slices that the lab keeps to look at again, and their copies
	alive uint64 // in the background: every batch, if no handler has run yet
	keys  uint64 // entries of the map
	dedup bool
}

func footprintOf(c *cell, n, keys int, background bool) footprint {
	size := uint64(c.scenario.size)
	f := footprint{dedup: c.subject.Kind != spec.KindBatcher}
	if f.dedup {
		f.keys = uint64(keys) * bytesPerKey
	}
	if c.subject.Kind == spec.KindDedup {
		return f
	}
	f.queue = 2 * spec.QueueFactor * size * pointer
	f.kept = 2 * keepBatches * size * pointer
	if background {
		f.alive = (uint64(n) + size) * pointer
	}
	return f
}

// peakBound is how far the heap may grow in a pass beyond base, what was alive
// when it began. The collector lets the heap reach about twice of what is alive
// (GOGC=100), so with `live = queue + kept + alive + keys`:
//
//	peak - base <= base + 2*live + slack
func (f footprint) peakBound(base, slack uint64) uint64 {
	return base + 2*(f.queue+f.kept+f.alive+f.keys) + slack
}

// retainedBound is what may be left of that after Close and a collection, while
// the subject is still referenced: no batch, so queue + kept + keys and a
// smaller slack of 4 MiB, 16 MiB where there is a map.
func (f footprint) retainedBound() uint64 {
	slack := uint64(retainedSlack)
	if f.dedup {
		slack = retainedSlackDedup
	}
	return f.queue + f.kept + f.keys + slack
}

// meter follows the heap through one pass.
type meter struct {
	base, peak uint64
	sample     [1]metrics.Sample
}

// newMeter collects garbage first, so that base is what is alive.
func newMeter() *meter {
	m := &meter{}
	m.sample[0].Name = "/memory/classes/heap/objects:bytes"
	runtime.GC()
	m.base = m.read()
	m.peak = m.base
	return m
}

func (m *meter) read() uint64 {
	metrics.Read(m.sample[:])
	return m.sample[0].Value.Uint64()
}

func (m *meter) tick() { m.peak = max(m.peak, m.read()) }

// growth is the peak beyond what was alive when the pass began.
func (m *meter) growth() uint64 { return m.peak - m.base }

// retained collects garbage and returns what is alive beyond base.
func (m *meter) retained() uint64 {
	runtime.GC()
	now := m.read()
	if now < m.base {
		return 0
	}
	return now - m.base
}

// judge records the breaches of both bounds. What the subject keeps it must keep
// alive, so the caller holds on to it until judge has returned.
func (m *meter) judge(f *findings, fp footprint, slack uint64) {
	if bound := fp.peakBound(m.base, slack); m.growth() > bound {
		f.addCount(MemoryBreach, 1, "the heap grew by %s, the bound is %s", mib(m.growth()), mib(bound))
	}
	if left, bound := m.retained(), fp.retainedBound(); left > bound {
		f.addCount(MemoryBreach, 1, "%s are still referenced after Close, the bound is %s", mib(left), mib(bound))
	}
}
