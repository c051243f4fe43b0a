package batcher

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/benbjohnson/clock"
)

// tuned is what a benchmark calls of one of the two maps.
type tuned struct {
	name  string
	new   func(buckets int, opts ...Option) *TimePartitionedMap[int, int]
	get   func(m *TimePartitionedMap[int, int], key int) (int, bool)
	set   func(m *TimePartitionedMap[int, int], key, value int) bool
	clean func(m *TimePartitionedMap[int, int])
}

var tunedMaps = []tuned{
	{"baseline", func(buckets int, opts ...Option) *TimePartitionedMap[int, int] {
		return NewTimePartitionedMap[int, int](time.Second, buckets, opts...)
	}, (*TimePartitionedMap[int, int]).Get, (*TimePartitionedMap[int, int]).Set, (*TimePartitionedMap[int, int]).expire},
	{"optimized", func(buckets int, opts ...Option) *TimePartitionedMap[int, int] {
		return NewTimePartitionedMapOptimized[int, int](time.Second, buckets, opts...)
	}, (*TimePartitionedMap[int, int]).GetOptimized, (*TimePartitionedMap[int, int]).SetOptimized, (*TimePartitionedMap[int, int]).expireOptimized},
}

// A tunedRow has n keys, from 0, in as many buckets as it says: per keys in each.
type tunedRow struct {
	tuned
	*TimePartitionedMap[int, int]
	clk    *offsetClock
	n, per int
	next   atomic.Int64 // the next new key
}

// newTunedRow fills a map that is closed: only rotate has time pass in it.
func newTunedRow(kind tuned, buckets, per int) *tunedRow {
	r := &tunedRow{tuned: kind, clk: &offsetClock{Mock: clock.NewMock()}, n: buckets * per, per: per}
	r.TimePartitionedMap = kind.new(buckets, WithClock(r.clk))
	r.Close()
	for k := range r.n {
		if k%per == 0 {
			r.rotate()
		}
		r.set(r.TimePartitionedMap, k, k)
	}
	r.next.Store(int64(r.n))
	return r
}

// rotate moves on to the next bucket and removes the one that has left the window.
func (r *tunedRow) rotate() {
	r.clk.offset.Add(int64(time.Second))
	r.current.Store(r.bucketID(r.clk.Now()))
	r.clean(r.TimePartitionedMap)
}

var tunedOps = []struct {
	name string
	do   func(r *tunedRow, i int)
}{
	{"get-newest", func(r *tunedRow, i int) { r.get(r.TimePartitionedMap, r.n-1-i*31%r.per) }},
	{"get-spread", func(r *tunedRow, i int) { r.get(r.TimePartitionedMap, i*7919%r.n) }},
	{"get-miss", func(r *tunedRow, i int) { r.get(r.TimePartitionedMap, r.n+i) }},
	{"set-duplicate", func(r *tunedRow, i int) { r.set(r.TimePartitionedMap, i*7919%r.n, i) }},
	// New keys, and as time passes each bucket gets its share, and the oldest one goes.
	{"set-new", func(r *tunedRow, i int) {
		if k := int(r.next.Add(1)); r.set(r.TimePartitionedMap, k, i) && k%r.per == 0 {
			r.rotate()
		}
	}},
	// New keys, all of them in the newest bucket.
	{"set-more", func(r *tunedRow, i int) { r.set(r.TimePartitionedMap, int(r.next.Add(1)), i) }},
}

// BenchmarkTuned has the two maps follow one another. On a shared machine, run it
// several times and compare medians.
func BenchmarkTuned(b *testing.B) {
	for _, op := range tunedOps {
		for _, buckets := range []int{1, 10, 60} {
			for _, per := range []int{100, 1000} {
				for _, goroutines := range []int{1, 8} {
					for _, kind := range tunedMaps {
						name := fmt.Sprintf("%s/buckets=%d/keys=%d/goroutines=%d/%s", op.name, buckets, per, goroutines, kind.name)
						b.Run(name, func(b *testing.B) {
							r := newTunedRow(kind, buckets, per)
							runtime.GC()
							b.ReportAllocs()
							b.ResetTimer()
							if goroutines == 1 {
								for i := range b.N {
									op.do(r, i)
								}
								return
							}
							b.SetParallelism(max(1, goroutines/runtime.GOMAXPROCS(0)))
							var start atomic.Int64
							b.RunParallel(func(p *testing.PB) {
								for i := int(start.Add(1 << 20)); p.Next(); i++ {
									op.do(r, i)
								}
							})
						})
					}
				}
			}
		}
	}
}
