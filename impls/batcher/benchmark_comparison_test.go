package batcher

import (
	"fmt"
	"testing"
	"time"

	"github.com/benbjohnson/clock"
)

// The pairs of the optimization plan, for a look at one of them with the tools that
// everybody has:
//
//	go test -run '^$' -bench 'Put' -count 10 ./impls/batcher
//
// They follow one another and drift with the machine. What is judged is measured by
// make bench, where rivals take turns.
//
// A batcher's operation is done when its item was handled: the time of Close counts.

func BenchmarkPut(b *testing.B)             { benchmarkPut(b, "baseline", 100) }
func BenchmarkPutOptimized(b *testing.B)    { benchmarkPut(b, "optimized", 100) }
func BenchmarkWorker(b *testing.B)          { benchmarkPut(b, "baseline", 1) } // an item a cycle
func BenchmarkWorkerOptimized(b *testing.B) { benchmarkPut(b, "optimized", 1) }
func BenchmarkBatcher(b *testing.B)         { benchmarkPut(b, "baseline", 1000) }
func BenchmarkBatcherWithPool(b *testing.B) { benchmarkPut(b, "pooled", 1000) }
func BenchmarkBatcherDirect(b *testing.B)   { benchmarkPut(b, "direct", 1000) }
func BenchmarkGet(b *testing.B)             { benchmarkMap(b, "baseline", get) }
func BenchmarkGetOptimized(b *testing.B)    { benchmarkMap(b, "optimized", get) }
func BenchmarkGetDirect(b *testing.B)       { benchmarkMap(b, "direct", get) }
func BenchmarkGetBare(b *testing.B)         { benchmarkBareMap(b) }
func BenchmarkSet(b *testing.B)             { benchmarkMap(b, "baseline", setNew) }
func BenchmarkSetOptimized(b *testing.B)    { benchmarkMap(b, "optimized", setNew) }
func BenchmarkSetDirect(b *testing.B)       { benchmarkMap(b, "direct", setNew) }
func BenchmarkDedup(b *testing.B)           { benchmarkDedup(b, "baseline") }
func BenchmarkDedupOptimized(b *testing.B)  { benchmarkDedup(b, "optimized") }
func BenchmarkDedupDirect(b *testing.B)     { benchmarkDedup(b, "direct") }

func benchmarkPut(b *testing.B, name string, size int) {
	var item, seen int
	s := rivalOf(b, batchers, name).new(size, time.Hour, func(batch []*int) { seen += len(batch) }, false)
	b.ReportAllocs()
	for b.Loop() {
		s.Put(&item)
	}
	s.Close()
	if seen != b.N {
		b.Fatalf("the handler saw %d of %d items", seen, b.N)
	}
}

// benchmarkDedup puts items of which nine in ten are duplicates.
func benchmarkDedup(b *testing.B, name string) {
	seen := 0
	s := rivalOf(b, dedupBatchers, name).new(100, time.Hour, func(batch []*int) { seen += len(batch) }, false)
	items := make([]int, b.N/10+1)
	for i := range items {
		items[i] = i
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		s.Put(&items[i/10])
	}
	s.Close()
	if want := (b.N + 9) / 10; seen != want {
		b.Fatalf("the handler saw %d items, want %d", seen, want)
	}
}

// The map has 60 buckets of so many keys each.
const bucketKeys = 100

func get(m intMap, i int) bool    { _, ok := m.Get(59*bucketKeys + i%bucketKeys); return ok } // the newest
func setNew(m intMap, i int) bool { return m.Set(60*bucketKeys+i, i) }

func benchmarkMap(b *testing.B, name string, op func(m intMap, i int) bool) {
	m := filledMap(b, name)
	defer m.Close()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if !op(m, i) {
			b.Fatal("operation ", i, " failed")
		}
	}
}

// benchmarkBareMap looks up as many keys in one Go map, without a lock: less than a map of
// ours can take.
func benchmarkBareMap(b *testing.B) {
	m := make(map[int]int)
	for k := range 60 * bucketKeys {
		m[k] = k
	}
	b.ResetTimer()
	for i := range b.N {
		if _, ok := m[59*bucketKeys+i%bucketKeys]; !ok {
			b.Fatal("operation ", i, " failed")
		}
	}
}

func filledMap(b *testing.B, name string) intMap {
	clk := clock.NewMock()
	clk.Set(time.Unix(1e6, 0))
	for _, r := range maps {
		if r.name != name {
			continue
		}
		m := r.new(time.Second, 61, WithClock(clk))
		for k := range 60 * bucketKeys {
			if k > 0 && k%bucketKeys == 0 {
				clk.Add(time.Second)
			}
			m.Set(k, k)
		}
		return m
	}
	panic(fmt.Sprintf("no map %q", name))
}

func rivalOf(b *testing.B, list []rival, name string) rival {
	for _, r := range list {
		if r.name == name {
			return r
		}
	}
	b.Fatalf("no rival %q", name)
	return rival{}
}
