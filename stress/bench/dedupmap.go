package bench

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// mapWork is a map with so many live buckets of so many keys each.
type mapWork struct {
	buckets, keys int
	goroutines    int // 0 is 1
}

const (
	mapBucket   = time.Second
	mapBuckets  = 61
	newKeys     = 40_000  // that a set-new puts into a map
	reads       = 1 << 14 // operations between two looks at the clock
	expireOps   = 10_000  // while one bucket expires
	lateBuckets = 10
)

// stepClock is a mock that can jump: a mock alone takes a real millisecond for each
// tick that it passes.
type stepClock struct {
	*clock.Mock
	ahead atomic.Int64
}

func (c *stepClock) Now() time.Time { return c.Mock.Now().Add(time.Duration(c.ahead.Load())) }

// step moves time by d, and has the tickers of a short stretch of it tick.
func (c *stepClock) step(d, ticking time.Duration) {
	c.ahead.Add(int64(d - ticking))
	c.Add(ticking)
}

func newStepClock() *stepClock {
	c := &stepClock{Mock: clock.NewMock()}
	c.Set(time.Unix(1_000_000_000, 0))
	return c
}

// limit is the name of what bounds a scenario of such a map, or "".
func (w mapWork) limit(name string) string {
	switch {
	case strings.HasPrefix(name, "get-"):
		return BareMap
	case name == "set-new" && w.goroutines > 1:
		return LockedMap
	case name == "set-new", name == "fill":
		return BareMap
	}
	return ""
}

// filled returns a map whose keys are 0 to buckets*keys-1, oldest first. The Sets of a bucket are done within.
func (w mapWork) filled(s spec.Subject, within func(ops int, sets func())) spec.Map {
	c := newStepClock()
	m := s.NewMap(spec.MapConfig{Bucket: mapBucket, Buckets: mapBuckets}, c)
	for b := range w.buckets {
		if b > 0 {
			c.step(mapBucket, spec.MinRefresh)
		}
		within(w.keys, func() {
			for k := b * w.keys; k < (b+1)*w.keys; k++ {
				m.Set(k, k)
			}
		})
	}
	return m
}

// full returns such a map, and checks it.
func (w mapWork) full(s spec.Subject) (spec.Map, error) {
	m := w.filled(s, func(_ int, sets func()) { sets() })
	return m, count(m, w.buckets*w.keys)
}

// read measures an operation that changes nothing, on keys in random order from first
// to last-1, and checks that it says what it should.
func (w mapWork) read(s spec.Subject, m *meter, first, last int, op func(m spec.Map, key int) bool, want bool) error {
	d, err := w.full(s)
	if err != nil {
		return err
	}
	defer d.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	keys := make([]int, reads)
	for i := range keys {
		keys[i] = first + rng.IntN(last-first)
	}
	g := max(w.goroutines, 1)
	wrong := make([]int, g*8) // far from one another
	once := func() {
		together(g, g*reads, func(g, _, _ int) {
			n := 0
			for _, k := range keys {
				if op(d, k) != want {
					n++
				}
			}
			wrong[g*8] += n
		})
	}
	for once(); m.more(); {
		m.timed(g*reads, once)
	}
	for _, n := range wrong {
		if n > 0 {
			return fmt.Errorf("%d operations said %v, want %v", n, !want, want)
		}
	}
	return nil
}

func get(m spec.Map, key int) bool { _, ok := m.Get(key); return ok }
func set(m spec.Map, key int) bool { return m.Set(key, key) }

// reads is read of the keys of some buckets.
func (w mapWork) reads(first, last int, op func(m spec.Map, key int) bool, want bool) func(spec.Subject, *meter) error {
	return func(s spec.Subject, m *meter) error { return w.read(s, m, first*w.keys, last*w.keys, op, want) }
}

// setNew needs a new map each time, for one that has grown is another.
func (w mapWork) setNew(s spec.Subject, m *meter) error {
	return m.prepared(func() error {
		d, err := w.full(s)
		if err != nil {
			return err
		}
		defer d.Close()
		before := w.buckets * w.keys
		m.timed(newKeys, func() {
			together(max(w.goroutines, 1), newKeys, func(_, first, last int) {
				for k := before + first; k < before+last; k++ {
					d.Set(k, k)
				}
			})
		})
		return count(d, before+newKeys)
	})
}

func count(m spec.Map, want int) error {
	if got := m.Count(); got != want {
		return fmt.Errorf("the map has %d keys, want %d", got, want)
	}
	return nil
}

// fill measures the Sets that fill a map, without the steps of the clock, and the heap
// that it takes then.
func (w mapWork) fill(s spec.Subject, m *meter) error {
	before := heap()
	d := w.filled(s, m.timed)
	defer d.Close()
	n := w.buckets * w.keys
	m.extra = append(m.extra, Value{BytesPerKey, float64(heap()-before) / float64(n)})
	return count(d, n)
}

// heap is the size of what is reachable.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what sync.Pool keeps goes with the second
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// expire measures operations beside the removal of a bucket. It needs buckets that
// are not longer than two refreshes, so that each tick is one of both tickers.
//
// The time is that of the operations; the processor time is of all, removal included.
func (w mapWork) expire(s spec.Subject, m *meter) error {
	const bucket = 2 * spec.MinRefresh
	c := newStepClock()
	d := s.NewMap(spec.MapConfig{Bucket: bucket, Buckets: w.buckets}, c)
	defer d.Close()
	next := 0
	insert := func() { d.Set(next, next); next++ }
	for range w.buckets + 2 { // until the first leave
		for range w.keys {
			insert()
		}
		c.step(bucket, spec.MinRefresh)
	}
	for m.more() {
		m.begin()
		moved := make(chan struct{})
		go func() { defer close(moved); c.step(bucket, spec.MinRefresh) }()
		began := time.Now()
		for i := range expireOps {
			if i%10 == 0 {
				insert()
			} else {
				d.Get(next - 1 - i%w.keys)
			}
		}
		elapsed := time.Since(began)
		<-moved
		m.end(expireOps, elapsed)
	}
	// A busy machine may come to a removal late, but not by many.
	if got, most := d.Count(), (w.buckets+lateBuckets)*max(w.keys, expireOps/10); got > most {
		return fmt.Errorf("the map has %d keys, want at most %d: nothing expires", got, most)
	}
	return nil
}
