package batcher

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"
)

// check checks that a shard's table, log and numbers agree.
func (s *shard[K, V]) check(t *testing.T) {
	t.Helper()
	inLog, linked, used, live := map[uint32]bool{}, 0, 0, 0
	for i, r := range s.runs {
		n := uint32(0)
		for pos := range s.entries(i) {
			n++
			if e := s.own.at(pos); isEqualToItself(e.key) {
				inLog[pos] = true
				found, _ := s.find(s.hash(e.key), e.key)
				if (found == e) != (r.id != gone) {
					t.Fatalf("position %d is found: %v", pos, found == e)
				}
				if found == e {
					linked++
				}
			}
		}
		if n != r.live {
			t.Fatalf("run %d has %d entries, says %d", i, n, r.live)
		}
		if r.id != gone {
			live += int(n)
		}
	}
	for i, g := range s.own.groups {
		for shift := uint(0); shift < 64; shift += 8 {
			tag := byte(g.tags >> shift)
			if tag != 0 {
				used++
			}
			if pos := s.own.position(slot{uint(i), shift}); tag >= firstTag && !inLog[pos] {
				t.Fatalf("position %d is in the table at group %d, and not in the log", pos, i)
			}
		}
	}
	if used != int(s.used) || linked > used || live != int(s.live) || s.table.Load() != s.own && s.marked == 0 {
		t.Fatalf("%d slots used, the shard says %d; %d entries linked; %d live, the shard says %d", used, s.used, linked, live, s.live)
	}
}

func (m *TimePartitionedMapDirect[K, V]) check(t *testing.T) {
	t.Helper()
	live := 0
	for i := range m.shards {
		m.shards[i].check(t)
		live += int(m.shards[i].live)
	}
	if live != m.Count() {
		t.Fatalf("%d entries, count %d", live, m.Count())
	}
}

// TestDirectInStep does random things to the direct map and to the baseline, the
// clock being set back as well, and compares them.
func TestDirectInStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clk := &offsetClock{Mock: clock.NewMock()}
		m := NewTimePartitionedMapDirect[int, int](time.Second, 20, WithClock(clk))
		defer m.Close()
		same := NewTimePartitionedMap[int, int](time.Second, 20, WithClock(clk))
		defer same.Close()
		random := rand.New(rand.NewPCG(1, 2))
		for round := range 400 {
			for range random.IntN(900) {
				k, v := random.IntN(4000), random.Int()
				if got, want := m.Set(k, v), same.Set(k, v); got != want {
					t.Fatalf("Set %v, want %v", got, want)
				}
				for range round / 100 { // from no Deletes to many
					k := random.IntN(4000)
					if got, want := m.Delete(k), same.Delete(k); got != want {
						t.Fatalf("Delete %v, want %v", got, want)
					}
				}
				k = random.IntN(4000)
				got, ok := m.Get(k)
				if want, wantOK := same.Get(k); got != want || ok != wantOK {
					t.Fatalf("Get %v, %v, want %v, %v", got, ok, want, wantOK)
				}
			}
			clk.offset.Add(int64(time.Duration(random.IntN(7)-3) * time.Second))
			clk.Add(time.Duration(random.IntN(1500)) * time.Millisecond)
			synctest.Wait()
			m.check(t)
			if m.Count() != same.Count() {
				t.Fatalf("count %d, want %d", m.Count(), same.Count())
			}
		}
	})
}

// closedDirect returns a map that does what the test calls, and nothing by itself.
func closedDirect() *TimePartitionedMapDirect[int, int] {
	m := NewTimePartitionedMapDirect[int, int](time.Hour, 1000)
	m.Close()
	return m
}

// TestDirectBetweenMarkAndSweep uses a map whose buckets have expired and whose
// entries are still there.
func TestDirectBetweenMarkAndSweep(t *testing.T) {
	m := closedDirect()
	const keys = 1000
	for k := range keys {
		m.current.Store(int64(k / 100))
		m.Set(k, k)
	}
	if !m.mark(4) || m.mark(4) || m.Count() != keys/2 {
		t.Fatalf("count %d", m.Count())
	}
	for k := range keys {
		_, ok := m.Get(k)
		if ok != (k >= keys/2) {
			t.Fatalf("key %d is there: %v", k, ok)
		}
	}
	m.current.Store(4) // the same bucket comes again, and is none of those marked
	for k := range keys {
		if set := m.Set(k, -k); set != (k < keys/2) {
			t.Fatalf("key %d can be set: %v", k, set)
		}
	}
	for k := range keys / 4 {
		if !m.Delete(k) || m.Delete(k) {
			t.Fatalf("key %d is not deleted once", k)
		}
	}
	m.check(t)
	for i := range m.shards {
		for m.shards[i].sweep() {
			m.shards[i].check(t)
		}
	}
	m.check(t)
	if v, ok := m.Get(keys / 3); !ok || v != -keys/3 || m.Count() != keys*3/4 {
		t.Errorf("got %d, %v, count %d", v, ok, m.Count())
	}
}

// TestDirectUsesSpaceAgain deletes what it sets, in a map that never cleans up,
// with one old key at the beginning of the log; then everything.
func TestDirectUsesSpaceAgain(t *testing.T) {
	m := closedDirect()
	for k := range 10 * shardCount {
		m.Set(-k, 0)
	}
	for k := range 20_000 {
		m.current.Add(1)
		if !m.Set(1+k, k) || k >= 100 && !m.Delete(1+k-100) {
			t.Fatalf("key %d", k)
		}
	}
	m.check(t)
	for i := range m.shards {
		if s := &m.shards[i]; len(s.holds) > 16 || len(s.runs) > 256 || len(s.own.groups) > 32 {
			t.Errorf("%d entries in %d pieces, %d runs, %d slots", s.live, len(s.holds), len(s.runs), len(s.own.groups))
		}
	}
	m.expireTo(math.MaxInt64)
	for i := range m.shards {
		if s := &m.shards[i]; s.own != s.none || s.open != nil || len(s.runs)+len(s.holds) != 0 || s.live != 0 {
			t.Errorf("an empty shard has %d pieces, %d runs", len(s.holds), len(s.runs))
		}
	}
}

func (m *TimePartitionedMapDirect[K, V]) expireTo(limit int64) {
	m.mark(limit)
	for i := range m.shards {
		for m.shards[i].sweep() {
		}
	}
}

// TestDirectManyKeys has more entries in a shard than a position of 16 bits can tell.
func TestDirectManyKeys(t *testing.T) {
	m := closedDirect()
	const keys = shardCount * 90_000
	for k := range keys {
		m.current.Store(int64(k * 8 / keys))
		if !m.Set(k, k) {
			t.Fatalf("key %d is there", k)
		}
	}
	if m.shards[0].own.high == nil {
		t.Fatal("positions are short")
	}
	m.expireTo(3)
	m.check(t)
	for k := range keys {
		if v, ok := m.Get(k); ok != (k >= keys/2) || ok && v != k {
			t.Fatalf("key %d: %d, %v", k, v, ok)
		}
	}
	m.expireTo(6)
	m.check(t)
	if m.shards[0].own.high != nil || m.Count() != keys/8 {
		t.Errorf("the table is as large as before, count %d", m.Count())
	}
}

// TestDirectHashSpreads has integers at the same distance from each other: as many of
// them as chance would have it come to each part of a table.
func TestDirectHashSpreads(t *testing.T) {
	const parts, keys = 64, 64 * 1000
	for _, distance := range []int{1, 64, 1000, 1 << 20, 1 << 32, 1 << 44} {
		hash := hasher[int]()
		var upper, lower [parts]int
		for k := range keys {
			h := hash(k * distance)
			upper[h>>58]++
			lower[uint32(h)>>26]++
		}
		for i := range parts {
			if n := min(upper[i], lower[i]); n < 800 {
				t.Errorf("distance %d: part %d has %d keys of 1000", distance, i, n)
			}
		}
	}
}

// TestDirectGetWhileItGrows looks for what was set, while entries are added, removed
// and moved: what is there all the time is seen all the time.
func TestDirectGetWhileItGrows(t *testing.T) {
	m := closedDirect()
	var wg sync.WaitGroup
	var there atomic.Int64
	const keys = 10_000
	wg.Go(func() {
		for k := range keys {
			m.current.Store(int64(k / 100))
			m.Set(k, k)
			there.Store(int64(k + 1))
			m.Set(-1-k, k)
			if k%3 > 0 {
				m.Delete(-1 - k)
			}
			if k%1000 == 999 { // a bucket of the past, which nobody looks for
				m.current.Store(-1)
				m.Set(keys+k, 0)
				m.expireTo(-1)
			}
		}
	})
	for g := range 2 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(g)))
			for n := int64(0); n < keys; n = there.Load() {
				if k := int(random.Int64N(n + 1)); int64(k) < n {
					if v, ok := m.Get(k); !ok || v != k {
						t.Errorf("key %d of %d: %d, %v", k, n, v, ok)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	m.check(t)
}

// TestDirectExpiryIsOneMoment has buckets expire while others look: of two keys of
// one bucket, in two shards, none is seen when the other was seen to be gone.
func TestDirectExpiryIsOneMoment(t *testing.T) {
	m := closedDirect()
	for round := range 300 {
		m.current.Store(int64(round))
		for k := range 64 {
			m.Set(k, round)
		}
		var wg sync.WaitGroup
		var torn atomic.Int32
		for range 2 {
			wg.Go(func() {
				gone := false
				for k := range 64 {
					_, ok := m.Get(k)
					if gone && (ok || m.Count() != 0) {
						torn.Add(1)
					}
					gone = gone || !ok
				}
			})
		}
		wg.Go(func() { m.expireTo(int64(round)) })
		wg.Wait()
		if torn.Load() > 0 || m.Count() != 0 {
			t.Fatalf("round %d: expiry was seen half done %d times, count %d", round, torn.Load(), m.Count())
		}
	}
}

// TestDirectTogether has Sets, Deletes, Gets and expiry of few keys compete.
func TestDirectTogether(t *testing.T) {
	m := closedDirect()
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(g)))
			for i := range 4000 {
				switch k := random.IntN(40); {
				case g == 0 && i%100 == 0:
					m.expireTo(m.current.Add(1) - 1)
				case g%2 == 0:
					m.Set(k, g)
				case g == 1:
					if v, ok := m.Get(k); ok && v%2 != 0 {
						t.Errorf("nobody set %d", v)
					}
				default:
					m.Delete(k)
				}
			}
		})
	}
	wg.Wait()
	present := 0
	for k := range 40 {
		if _, ok := m.Get(k); ok {
			present++
		}
	}
	m.check(t)
	if m.Count() != present {
		t.Errorf("%d keys, count %d", present, m.Count())
	}
}

func TestDirectAllocatesNothing(t *testing.T) {
	m := NewTimePartitionedMapDirect[string, int](time.Hour, 61)
	defer m.Close()
	m.Set("seen", 1)
	if n := testing.AllocsPerRun(100, func() { m.Set("seen", 2); m.Get("seen"); m.Get("other") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestDirectOddKeys has keys that do not equal themselves, and two equal zeros.
func TestDirectOddKeys(t *testing.T) {
	m := NewTimePartitionedMapDirect[float64, int](time.Hour, 3)
	m.Close()
	if !m.Set(0, 1) || m.Set(math.Copysign(0, -1), 2) {
		t.Error("0 and -0 are one key")
	}
	if !m.Set(math.NaN(), 1) || !m.Set(math.NaN(), 2) || m.Delete(math.NaN()) || m.Count() != 3 {
		t.Error("NaN is a new key each time, as in any map")
	}
	m.expireTo(math.MaxInt64)
	m.check(t)
	if m.Count() != 0 {
		t.Errorf("%d entries are left", m.Count())
	}
}
