package batcher

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/benbjohnson/clock"
)

// The rivals of each case follow one another. The machine is shared and the times
// drift: run with -count and compare medians.

// BenchmarkDirectPut measures completed work: the time runs until Close has
// returned, and so until the handlers have seen all items.
func BenchmarkDirectPut(b *testing.B) {
	const size = 100
	for _, background := range []bool{false, true} {
		for _, producers := range []int{1, 2, 64} {
			for _, r := range batchers {
				b.Run(fmt.Sprintf("background=%v/producers=%d/%s", background, producers, r.name), func(b *testing.B) {
					var seen, item int
					s := r.new(size, time.Hour, func(batch []*int) {
						if !background {
							seen += len(batch)
						}
					}, background)
					b.ReportAllocs()
					putAll(s, b.N, producers, func(s sink, n, _ int) {
						for range n {
							s.Put(&item)
						}
					})
					if !background && seen != b.N {
						b.Fatalf("%d of %d items", seen, b.N)
					}
				})
			}
		}
	}
}

// BenchmarkDirectDedupPut puts items of which seven in eight are duplicates, with
// 60 buckets in the window.
func BenchmarkDirectDedupPut(b *testing.B) {
	const size, keys = 100, 60_000
	items := make([]int, keys)
	for i := range items {
		items[i] = i
	}
	for _, producers := range []int{1, 2, 64} {
		for _, r := range dedupBatchers {
			b.Run(fmt.Sprintf("producers=%d/%s", producers, r.name), func(b *testing.B) {
				clk := clock.NewMock()
				s := r.new(size, time.Hour, func([]*int) {}, false, WithClock(clk))
				for i := range items[:keys*7/8] {
					s.Put(&items[i])
					if i%(keys*7/8/60) == 0 {
						clk.Add(time.Second)
					}
				}
				fresh := make([]int, b.N/8+1)
				for i := range fresh {
					fresh[i] = keys + i
				}
				b.ResetTimer()
				putAll(s, b.N, producers, func(s sink, n, first int) {
					for i := first; i < first+n; i++ {
						if i%8 == 0 {
							s.Put(&fresh[i/8])
						} else {
							s.Put(&items[i*31%(keys*7/8)])
						}
					}
				})
			})
		}
	}
}

// putAll has so many items put by so many goroutines, each its share of them, and
// closes.
func putAll(s sink, items, producers int, put func(s sink, n, first int)) {
	var wg sync.WaitGroup
	for p := range producers {
		first, end := items*p/producers, items*(p+1)/producers
		wg.Go(func() { put(s, end-first, first) })
	}
	wg.Wait()
	s.Close()
}

// filled returns a map with 60 buckets of keys from 0.
func filled(create newMapFunc, keys int) (intMap, *clock.Mock) {
	clk := clock.NewMock()
	clk.Set(time.Unix(1e6, 0))
	m := create(time.Second, 61, WithClock(clk))
	for k := range keys {
		m.Set(k, k)
		if (k+1)%(keys/60) == 0 && k+1 < keys {
			clk.Add(time.Second)
		}
	}
	return m, clk
}

// BenchmarkDirectMap looks up keys in a random order. With more of them than the
// caches hold, each of 60 maps costs the baseline a wait for memory.
func BenchmarkDirectMap(b *testing.B) {
	for _, keys := range []int{6_000, 60_000, 600_000} {
		order := rand.New(rand.NewPCG(1, 2)).Perm(keys)
		for _, op := range []struct {
			name string
			do   func(m intMap, i int)
		}{
			{"get", func(m intMap, i int) { m.Get(order[i%keys]) }},
			{"get-absent", func(m intMap, i int) { m.Get(keys + i) }},
			{"set-duplicate", func(m intMap, i int) { m.Set(order[i%keys], i) }},
			{"set-new", func(m intMap, i int) { m.Set(keys+i, i) }},
		} {
			for _, r := range []int{0, 1, 3} {
				b.Run(fmt.Sprintf("%s/keys=%d/%s", op.name, keys, maps[r].name), func(b *testing.B) {
					m, _ := filled(maps[r].new, keys)
					defer m.Close()
					b.ReportAllocs()
					b.ResetTimer()
					for i := range b.N {
						op.do(m, i)
					}
				})
			}
		}
	}
}

// BenchmarkDirectMemory reports the bytes for each key that is present.
func BenchmarkDirectMemory(b *testing.B) {
	for _, keys := range []int{6_000, 60_000, 600_000, 900_000} {
		for _, r := range []struct {
			name string
			new  newMapFunc
		}{maps[0], maps[3]} {
			b.Run(fmt.Sprintf("keys=%d/%s", keys, r.name), func(b *testing.B) {
				for range b.N {
					before := heap()
					m, _ := filled(r.new, keys)
					b.ReportMetric(float64(heap()-before)/float64(keys), "B/key")
					m.Close()
				}
			})
		}
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
