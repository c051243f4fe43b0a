package batcher

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"
)

type intMap interface {
	Get(int) (int, bool)
	Set(int, int) bool
	Delete(int) bool
	Count() int
	Close()
}

type viaOptimized struct{ *TimePartitionedMap[int, int] }

func (m viaOptimized) Get(k int) (int, bool) { return m.GetOptimized(k) }
func (m viaOptimized) Set(k, v int) bool     { return m.SetOptimized(k, v) }

type newMapFunc = func(bucket time.Duration, n int, opts ...Option) intMap

type viaSetOptimized struct{ *TimePartitionedMap[int, int] }

func (m viaSetOptimized) Set(k, v int) bool { return m.SetOptimized(k, v) }

// maps are all ways to use a map: each constructor with each pair of methods, but
// for Set on an optimized map.
var maps = []struct {
	name string
	new  newMapFunc
}{
	{"baseline", func(b time.Duration, n int, opts ...Option) intMap {
		return NewTimePartitionedMap[int, int](b, n, opts...)
	}},
	{"optimized", func(b time.Duration, n int, opts ...Option) intMap {
		return viaOptimized{NewTimePartitionedMapOptimized[int, int](b, n, opts...)}
	}},
	{"optimized, with plain Get", func(b time.Duration, n int, opts ...Option) intMap {
		return viaSetOptimized{NewTimePartitionedMapOptimized[int, int](b, n, opts...)}
	}},
	{"direct", func(b time.Duration, n int, opts ...Option) intMap {
		return NewTimePartitionedMapDirect[int, int](b, n, opts...)
	}},
	{"optimized methods of the baseline", func(b time.Duration, n int, opts ...Option) intMap {
		return viaOptimized{NewTimePartitionedMap[int, int](b, n, opts...)}
	}},
}

// playMap runs a script on a map at the given time, and returns what it said. A
// word is s, g or d and a key, c for Count, x for Close, or a +duration.
func playMap(t *testing.T, create newMapFunc, bucket time.Duration, n int, start time.Time, script string) string {
	t.Helper()
	clk := clock.NewMock()
	clk.Set(start)
	m := create(bucket, n, WithClock(clk))
	defer m.Close()
	synctest.Wait()
	var said []string
	for i, word := range strings.Fields(script) {
		var key int
		fmt.Sscanf(word[1:], "%d", &key)
		switch word[0] {
		case 's':
			said = append(said, fmt.Sprint(m.Set(key, i)))
		case 'g':
			v, ok := m.Get(key)
			said = append(said, fmt.Sprint(v, ok))
		case 'd':
			said = append(said, fmt.Sprint(m.Delete(key)))
		case 'c':
			said = append(said, fmt.Sprint(m.Count()))
		case 'x':
			m.Close()
		case '+':
			d, err := time.ParseDuration(word[1:])
			if err != nil {
				t.Fatal(err)
			}
			clk.Add(d)
		default:
			t.Fatalf("unknown word %q", word)
		}
		synctest.Wait()
	}
	return strings.Join(said, ", ")
}

// TestMapScripts has buckets of one second, three of them unless said otherwise.
// Refresh is every 100ms and cleanup every 500ms from construction.
func TestMapScripts(t *testing.T) {
	tests := []struct {
		name    string
		buckets int
		start   time.Duration
		script  string
		want    string
	}{
		{"empty                          ", 3, 0, "g1 d1 c x g1 c", "0 false, false, 0, 0 false, 0"},
		{"the first value stays          ", 3, 0, "s1 s1 g1 c", "true, false, 0 true, 1"},
		{"delete, and set again          ", 3, 0, "s1 d1 d1 c g1 s1 g1", "true, true, false, 0, 0 false, true, 5 true"},
		{"keys do not mix                ", 3, 0, "s1 s2 d1 g2 c", "true, true, true, 1 true, 1"},
		{"seen one bucket later          ", 3, 0, "+999ms s1 +1ms s1 s2 c", "true, false, true, 2"},
		{"there until cleanup after 3s   ", 3, 1e12, "s1 +2999ms g1 +1ms g1 c", "true, 0 true, 0 false, 0"},
		{"set in mid-bucket, same end    ", 3, 1e12, "+900ms s1 +2099ms g1 +1ms g1", "true, 1 true, 0 false"},
		{"cleanup twice a bucket         ", 3, 1e12 + 6e8, "s1 +2499ms g1 +1ms g1 c", "true, 0 true, 0 false, 0"},
		{"an hour passes                 ", 3, 1e12, "s1 s2 +1h c s1 g1", "true, true, 0, true, 4 true"},
		{"buckets leave one by one       ", 3, 1e12, "s1 +1s s2 +1s s3 c +1s c g2 +1s c g3", "true, true, true, 3, 2, 2 true, 1, 4 true"},
		{"one bucket only                ", 1, 1e12, "s1 +999ms g1 +1ms g1 s1 +1s c", "true, 0 true, 0 false, true, 0"},
		{"61 buckets                     ", 61, 1e12, "s1 +60999ms g1 +1ms g1", "true, 0 true, 0 false"},
		{"set as a bucket begins         ", 1, 1e12, "+1s s1 +999999999ns g1 +1ns g1", "true, 1 true, 0 false"},
		{"1ns earlier, one bucket earlier", 2, 1e12, "+999999999ns s1 +1s g1 +1ns g1", "true, 1 true, 0 false"},
		{"1ns later                      ", 1, 1e12, "+1000000001ns s1 +999999998ns g1 +1ns g1", "true, 1 true, 0 false"},
		{"the cached ID is 50ms too old  ", 3, 1e12 + 5e7, "+950ms s1 +2049ms g1 +1ms g1", "true, 1 true, 0 false"},
		{"closed: nothing expires        ", 3, 1e12, "s1 x +1h g1 c s1 s2 d1 c", "true, 0 true, 1, false, true, true, 1"},
		{"ID 0 is an ID                  ", 3, 0, "s1 +1s s2 g1 s1 c +1s g1 +1s c", "true, true, 0 true, false, 2, 0 true, 1"},
		{"before 1970                    ", 3, -10e9, "s1 +1s s2 g1 s1 +2s g1 g2 +3s c", "true, true, 0 true, false, 0 false, 2 true, 0"},
		{"across 1970: ID 0 is twice long", 3, -1500e6, "s1 +1s s2 +1s s3 c +1s c +999ms c +1ms c", "true, true, true, 3, 2, 2, 0"},
	}
	for _, tt := range tests {
		t.Run(strings.TrimSpace(tt.name), func(t *testing.T) {
			for _, m := range maps {
				synctest.Test(t, func(t *testing.T) {
					got := playMap(t, m.new, time.Second, tt.buckets, time.Unix(0, int64(tt.start)), tt.script)
					if got != tt.want {
						t.Errorf("%s: %s\n got %s\nwant %s", m.name, tt.script, got, tt.want)
					}
				})
			}
		})
	}
}

// TestLifetime sets a key at many instants around the bounds of buckets and
// checks what the map promises about how long it stays.
func TestLifetime(t *testing.T) {
	const b, n = 2 * time.Second, 3
	refresh := max(b/10, minRefresh)
	for _, m := range maps {
		t.Run(m.name, func(t *testing.T) {
			for _, at := range []time.Duration{0, 1, b/2 - 1, b / 2, b - 1, b, b + 1, 2*b - 1, 2 * b, 2*b + 1} {
				synctest.Test(t, func(t *testing.T) {
					clk := clock.NewMock()
					clk.Set(time.Unix(1e6, 0))
					m := m.new(b, n, WithClock(clk))
					defer m.Close()
					clk.Add(at)
					m.Set(1, 1)
					clk.Add((n-1)*b - refresh)
					if _, ok := m.Get(1); !ok || m.Set(1, 2) {
						t.Errorf("set at %v, it is gone too early", at)
					}
					clk.Add(b + refresh + b/2)
					if _, ok := m.Get(1); ok || m.Count() != 0 {
						t.Errorf("set at %v, it stays too long", at)
					}
				})
			}
		})
	}
}

// TestStaleBucketID is the quirk of buckets shorter than 100ms: for up to 100ms
// new entries go into an old bucket, and expire with it.
func TestStaleBucketID(t *testing.T) {
	for _, m := range maps {
		synctest.Test(t, func(t *testing.T) {
			got := playMap(t, m.new, 10*time.Millisecond, 5, time.Unix(1e6, 0), "+99ms s1 g1 +1ms g1 c s1 g1 +49ms g1")
			if want := "true, 1 true, 0 false, 0, true, 6 true, 6 true"; got != want {
				t.Errorf("%s:\n got %s\nwant %s", m.name, got, want)
			}
		})
	}
}

func TestTrackedRange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clk := clock.NewMock()
		clk.Set(time.Unix(100, 0))
		m := NewTimePartitionedMap[int, int](time.Second, 9, WithClock(clk))
		defer m.Close()
		check := func(oldest, newest int64) {
			t.Helper()
			if o, n := m.oldest.Load(), m.newest.Load(); o != oldest || n != newest {
				t.Errorf("IDs %d to %d, want %d to %d", o, n, oldest, newest)
			}
		}
		check(0, 0)
		m.Set(1, 1)
		check(100, 100)
		clk.Add(2 * time.Second)
		m.Set(2, 2)
		check(100, 102)
		m.Delete(1)
		check(102, 102)
		clk.Add(time.Minute)
		check(0, 0)
	})
}

func TestMapClose(t *testing.T) {
	for _, m := range maps {
		m := m.new(time.Hour, 2)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(m.Close)
		}
		wg.Wait()
		m.Close()
		if !m.Set(1, 2) || m.Set(1, 3) || m.Count() != 1 || !m.Delete(1) {
			t.Error("a closed map is of no use")
		}
	}
}

// stuckClock is a mock that, once it is stuck, takes its time to tell the time.
type stuckClock struct {
	*clock.Mock
	stuck chan struct{}
}

func (c *stuckClock) Now() time.Time {
	if c.stuck != nil {
		<-c.stuck
	}
	return c.Mock.Now()
}

// TestMapCloseWaits has Close come while both goroutines follow a tick.
func TestMapCloseWaits(t *testing.T) {
	for _, m := range maps {
		synctest.Test(t, func(t *testing.T) {
			clk := &stuckClock{Mock: clock.NewMock()}
			m := m.new(200*time.Millisecond, 2, WithClock(clk))
			clk.stuck = make(chan struct{})
			clk.Add(minRefresh)
			var returned atomic.Int32
			for range 2 {
				go func() { m.Close(); returned.Add(1) }()
			}
			synctest.Wait()
			if n := returned.Load(); n != 0 {
				t.Errorf("%d calls of Close returned before the goroutines had ended", n)
			}
			close(clk.stuck)
			synctest.Wait()
			if n := returned.Load(); n != 2 {
				t.Errorf("%d of 2 calls of Close returned", n)
			}
		})
	}
}

func TestInvalidMapArguments(t *testing.T) {
	tests := []struct {
		bucket  time.Duration
		buckets int
		opts    []Option
		want    string
	}{
		{1, 1, nil, "batcher: bucketSize must be at least 2ns, got 1ns"},
		{0, 1, nil, "batcher: bucketSize must be at least 2ns, got 0s"},
		{-time.Second, 1, nil, "batcher: bucketSize must be at least 2ns, got -1s"},
		{time.Second, 0, nil, "batcher: maxBuckets must be at least 1, got 0"},
		{time.Second, -1, nil, "batcher: maxBuckets must be at least 1, got -1"},
		{time.Hour, math.MaxInt, nil, "batcher: bucketSize*maxBuckets must fit a Duration, got 1h0m0s*9223372036854775807"},
		{2, math.MaxInt/2 + 1, nil, "batcher: bucketSize*maxBuckets must fit a Duration, got 2ns*4611686018427387904"},
		{time.Second, 1, []Option{WithClock(nil)}, "batcher: clock must not be nil, got nil"},
	}
	for _, tt := range tests {
		for _, m := range maps {
			mustPanic(t, tt.want, func() { m.new(tt.bucket, tt.buckets, tt.opts...) })
		}
	}
	for _, m := range maps {
		m.new(2, math.MaxInt/2, WithClock(clock.NewMock())).Close()
	}
}
