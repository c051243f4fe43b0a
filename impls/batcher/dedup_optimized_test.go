package batcher

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/quick"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"
)

// mapScriptOf spells bytes as a script for playMap.
func mapScriptOf(ops []byte) string {
	const longest = 150
	steps := []string{"1ns", "10ms", "99ms", "100ms", "499ms", "500ms", "999ms", "1s", "1001ms", "4s"}
	var words []string
	for _, op := range ops[:min(len(ops), longest)] {
		key := op % 8
		switch op / 32 {
		case 0, 1, 2:
			words = append(words, fmt.Sprint("s", key))
		case 3:
			words = append(words, fmt.Sprint("g", key))
		case 4:
			words = append(words, fmt.Sprint("d", key))
		case 5:
			words = append(words, "c")
		default:
			words = append(words, "+"+steps[int(op)%len(steps)])
		}
	}
	return strings.Join(words, " ")
}

var (
	fuzzBuckets = []time.Duration{7 * time.Millisecond, 150 * time.Millisecond, time.Second, 1500 * time.Millisecond}
	fuzzStarts  = []time.Time{time.Unix(0, 0), time.Unix(-3, 1), time.Unix(1e9, 999999999), time.Unix(-1e6, 0)}
)

// sameMaps plays a script with every kind of map and compares what they say.
// Of what shape chooses, buckets may be one to nine.
func sameMaps(t *testing.T, shape byte, ops []byte) bool {
	t.Helper()
	bucket, start, n := fuzzBuckets[shape%4], fuzzStarts[shape/4%4], int(shape/16)%9+1
	script := mapScriptOf(ops)
	same := true
	synctest.Test(t, func(t *testing.T) {
		want := playMap(t, maps[0].new, bucket, n, start, script)
		for _, m := range maps[1:] {
			if got := playMap(t, m.new, bucket, n, start, script); got != want {
				t.Errorf("%d buckets of %v, from %v: %s\nbaseline %s\n%s %s", n, bucket, start, script, want, m.name, got)
				same = false
			}
		}
	})
	return same
}

func FuzzMaps(f *testing.F) {
	f.Add(byte(0), []byte{})
	f.Add(byte(2), []byte{1, 97, 129, 97, 1, 97, 160})
	f.Add(byte(34), []byte{1, 198, 1, 97, 197, 2, 199, 197, 160, 97, 98})
	f.Add(byte(38), []byte{1, 197, 2, 197, 3, 197, 160, 197, 97, 98, 99, 197, 160})
	f.Fuzz(func(t *testing.T, shape byte, ops []byte) { sameMaps(t, shape, ops) })
}

func TestSameMaps(t *testing.T) {
	same := func(shape byte, ops []byte) bool { return sameMaps(t, shape, ops) }
	if err := quick.Check(same, &quick.Config{MaxCount: 150}); err != nil {
		t.Error(err)
	}
}

// TestOneWinner has many goroutines set the same keys at once. The baseline may
// let two of them win; SetOptimized must not, on either kind of map.
func TestOneWinner(t *testing.T) {
	const goroutines, keys = 8, 4000
	for _, m := range maps {
		if m.name == "baseline" {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			m := m.new(time.Hour, 3)
			defer m.Close()
			winners := make([]atomic.Int32, keys)
			var wg sync.WaitGroup
			for g := range goroutines {
				wg.Go(func() {
					for k := range keys {
						if m.Set(k, g) {
							winners[k].Add(1)
						}
						if _, ok := m.Get(k); !ok {
							t.Errorf("key %d is set, and not there", k)
						}
					}
				})
			}
			wg.Wait()
			for k := range winners {
				if n := winners[k].Load(); n != 1 {
					t.Fatalf("%d winners for key %d", n, k)
				}
			}
			if m.Count() != keys {
				t.Errorf("count is %d, want %d", m.Count(), keys)
			}
		})
	}
}

// TestSetBetweenLookAndLock has another Set of the same key come in after the
// key was found absent, and before it is stored. That may be the one that makes
// the map have a filter.
func TestSetBetweenLookAndLock(t *testing.T) {
	for buckets := range filterFrom + 2 {
		m := NewTimePartitionedMapOptimized[int, int](time.Hour, 61)
		m.Close()
		for i := range buckets {
			m.current.Add(1)
			m.SetOptimized(-1-i, 0)
		}
		m.current.Add(1)
		for k, others := range []func(k int) bool{
			func(k int) bool { return m.SetOptimized(k, 1) },
			func(k int) bool { return m.SetOptimized(k, 1) && !m.SetOptimized(k, 3) },
			func(k int) bool { return m.SetOptimized(k, 1) && m.Delete(k) && m.SetOptimized(k, 1) },
		} {
			present, hash, version := m.look(k)
			if present || !others(k) {
				t.Fatal("the key was there before")
			}
			if m.setAbsent(k, 2, hash, version) {
				t.Errorf("key %d is won twice", k)
			}
			if v, _ := m.GetOptimized(k); v != 1 || m.Count() != buckets+k+1 {
				t.Errorf("key %d: value %d, count %d", k, v, m.Count())
			}
			checkIndex(t, m)
		}
		m.current.Add(1)
		_, hash, version := m.look(9)
		m.SetOptimized(8, 1)
		if !m.setAbsent(9, 2, hash, version) {
			t.Error("another key is in the way")
		}
		checkIndex(t, m)
	}
}

// TestWinsBalanceDeletes has Sets and Deletes of few keys compete: what was set
// and not deleted is what is left.
func TestWinsBalanceDeletes(t *testing.T) {
	m := NewTimePartitionedMapOptimized[int, int](time.Hour, 3)
	defer m.Close()
	var balance atomic.Int64
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(g)))
			for range 4000 {
				switch k := random.IntN(5); {
				case g%2 == 0 && m.SetOptimized(k, g):
					balance.Add(1)
				case g%2 == 1 && m.Delete(k):
					balance.Add(-1)
				}
			}
		})
	}
	wg.Wait()
	present := 0
	for k := range 5 {
		if _, ok := m.GetOptimized(k); ok {
			present++
		}
	}
	if int64(present) != balance.Load() || m.Count() != present {
		t.Errorf("%d keys, count %d, balance %d", present, m.Count(), balance.Load())
	}
}

// offsetClock is a mock whose time can jump without its tickers' noticing, as
// the system's clock does when it is set.
type offsetClock struct {
	*clock.Mock
	offset atomic.Int64
}

func (c *offsetClock) Now() time.Time { return c.Mock.Now().Add(time.Duration(c.offset.Load())) }

// TestClockJump jumps by two centuries, over billions of bucket IDs, and back.
// A search that walks the IDs in between would take minutes.
func TestClockJump(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clk := &offsetClock{Mock: clock.NewMock()}
		m := NewTimePartitionedMapOptimized[int, int](time.Second, 3, WithClock(clk))
		defer m.Close()
		m.SetOptimized(1, 1)
		clk.offset.Store(int64(200 * 365 * 24 * time.Hour))
		clk.Add(minRefresh) // refreshes, and does not yet clean up
		m.SetOptimized(2, 2)
		clk.offset.Store(0)
		clk.Add(minRefresh)
		m.SetOptimized(3, 3)
		for k := range 5 {
			if _, ok := m.GetOptimized(k); ok != (1 <= k && k <= 3) {
				t.Errorf("key %d: %v", k, ok)
			}
			if ok := m.SetOptimized(k, 9); ok == (1 <= k && k <= 3) {
				t.Errorf("key %d is set again: %v", k, ok)
			}
		}
		clk.Add(10 * time.Second)
		if _, ok := m.GetOptimized(2); !ok || m.Count() != 1 {
			t.Errorf("the key of the far future is there: %v, count %d, want true, 1", ok, m.Count())
		}
		if !m.Delete(2) || m.Count() != 0 {
			t.Error("it cannot be deleted")
		}
		clk.Add(time.Second)
		synctest.Wait()
		if len(m.index.live) != 0 || m.index.filter.on() {
			t.Errorf("it is still known of: %v", m.index.live)
		}
	})
}

func TestOptimizedAllocatesNothing(t *testing.T) {
	m := NewTimePartitionedMapOptimized[string, int](time.Hour, 61)
	m.Close()
	for buckets := range 10 {
		m.current.Add(1)
		m.SetOptimized(fmt.Sprint(buckets), 1)
		if n := testing.AllocsPerRun(100, func() {
			m.SetOptimized("0", 2)
			m.GetOptimized("0")
			m.GetOptimized("other")
		}); n != 0 {
			t.Errorf("%v allocations with %d buckets", n, buckets+1)
		}
	}
}

// TestUnhashable has keys that no map can hold: the panic leaves no lock behind.
func TestUnhashable(t *testing.T) {
	m := NewTimePartitionedMapOptimized[any, int](time.Hour, 61)
	m.Close()
	for i := range 5 {
		m.current.Add(1)
		m.SetOptimized(i, i)
		for _, do := range []func(){
			func() { m.GetOptimized([]int{}) },
			func() { m.SetOptimized([]int{}, 1) },
		} {
			func() {
				defer func() {
					if p := fmt.Sprint(recover()); !strings.Contains(p, "unhashable type []int") {
						t.Errorf("panic: %v", p)
					}
				}()
				do()
			}()
		}
		if m.SetOptimized(0, 9) || m.Count() != i+1 {
			t.Errorf("the map has changed: %d entries", m.Count())
		}
	}
}

// TestOddKeys has keys that do not equal themselves, and two zeros that are equal.
func TestOddKeys(t *testing.T) {
	m := NewTimePartitionedMapOptimized[float64, int](time.Hour, 3)
	defer m.Close()
	negativeZero := math.Copysign(0, -1)
	if !m.SetOptimized(0, 1) || m.SetOptimized(negativeZero, 2) {
		t.Error("0 and -0 are one key")
	}
	if !m.SetOptimized(math.NaN(), 1) || !m.SetOptimized(math.NaN(), 2) || m.Delete(math.NaN()) || m.Count() != 3 {
		t.Error("NaN is a new key each time, as in any map")
	}
}
