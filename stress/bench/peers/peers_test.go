package main

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"go.uber.org/goleak"

	"batchlab/sim/subject"
	"batchlab/stress/bench"
)

func TestRows(t *testing.T) {
	var names []string
	for _, s := range All() {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
		if !s.Clockless || !s.LawsOnly {
			t.Errorf("%s is a peer with the lab's clock, or one that the model judges", s.Name)
		}
		names = append(names, string(s.Kind)+"/"+s.Name)
	}
	if want := "batcher/bundler batcher/go-resiliency dedup/otter dedup/ttlcache dedup/golang-lru"; strings.Join(names, " ") != want {
		t.Errorf("got %v, want %s", names, want)
	}
}

// each runs a test for each peer of a kind.
func each(t *testing.T, kind subject.Kind, f func(t *testing.T, s subject.Subject)) {
	for _, s := range All() {
		if s.Kind == kind {
			t.Run(s.Name, func(t *testing.T) { f(t, s) })
		}
	}
}

// tally is a handler that counts how often each item comes.
type tally struct {
	mu      sync.Mutex
	seen    map[*subject.Item]int
	longest int
	running atomic.Int32
	beside  bool // two handlers ran beside each other
}

func (c *tally) handle(batch []*subject.Item) {
	beside := c.running.Add(1) > 1
	defer c.running.Add(-1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.beside = c.beside || beside
	c.longest = max(c.longest, len(batch))
	for _, item := range batch {
		c.seen[item]++
	}
}

// put puts items from several goroutines until all are put or Put panics, and returns
// what was put and what Put said in its panics.
func put(b subject.Batcher, goroutines, items int) (done [][]*subject.Item, panics []any) {
	done, panics = make([][]*subject.Item, goroutines), make([]any, goroutines)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			defer func() { panics[g] = recover() }()
			for i := range items {
				item := &subject.Item{Key: i}
				b.Put(item)
				done[g] = append(done[g], item)
			}
		})
	}
	wg.Wait()
	return done, panics
}

// once reports what was not delivered exactly once.
func (c *tally) once(t *testing.T, done [][]*subject.Item) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, items := range done {
		n += len(items)
		for _, item := range items {
			if c.seen[item] != 1 {
				t.Fatalf("an item was delivered %d times", c.seen[item])
			}
		}
	}
	if n != len(c.seen) {
		t.Errorf("%d items were put, and %d delivered", n, len(c.seen))
	}
}

// The timeout of all batchers here, in bubbles and outside, where nothing waits for it
// but go-resiliency while its room is full.
const timeout = 5 * time.Millisecond

func TestExactlyOnce(t *testing.T) {
	each(t, subject.KindBatcher, func(t *testing.T, s subject.Subject) {
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		for _, background := range []bool{false, true} {
			c := &tally{seen: map[*subject.Item]int{}}
			b := s.NewBatcher(subject.BatcherConfig{Size: 7, Timeout: timeout, Background: background}, nil, c.handle)
			done, panics := put(b, 4, 501)
			b.Close()
			c.once(t, done)
			if c.longest > 7 || !background && c.beside {
				t.Errorf("a batch of %d, handlers beside each other: %v", c.longest, c.beside)
			}
			for _, p := range panics {
				if p != nil {
					t.Errorf("Put panics: %v", p)
				}
			}
		}
	})
}

func TestAfterClose(t *testing.T) {
	each(t, subject.KindBatcher, func(t *testing.T, s subject.Subject) {
		c := &tally{seen: map[*subject.Item]int{}}
		b := s.NewBatcher(subject.BatcherConfig{Size: 2, Timeout: timeout}, nil, c.handle)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(b.Close)
		}
		wg.Wait()
		b.Close()
		b.Trigger()
		done, panics := put(b, 1, 1)
		if len(done[0]) != 0 || panics[0] != s.Name+": Put after Close" {
			t.Errorf("Put after Close: panic %v", panics[0])
		}
		c.once(t, done)
	})
}

// What is put beside Close is delivered, or Put says that it is not.
func TestBesideClose(t *testing.T) {
	each(t, subject.KindBatcher, func(t *testing.T, s subject.Subject) {
		for range 20 {
			c := &tally{seen: map[*subject.Item]int{}}
			enough := make(chan struct{})
			var first sync.Once
			b := s.NewBatcher(subject.BatcherConfig{Size: 2, Timeout: timeout}, nil, func(batch []*subject.Item) {
				first.Do(func() { close(enough) })
				c.handle(batch)
			})
			var closing sync.WaitGroup
			closing.Go(func() { <-enough; b.Close() })
			done, panics := put(b, 4, 1<<30)
			closing.Wait()
			c.once(t, done)
			for _, p := range panics {
				if p != s.Name+": Put after Close" {
					t.Errorf("Put stops with %v", p)
				}
			}
		}
	})
}

// A batch that is not full leaves by the timer, or by Trigger.
func TestTimer(t *testing.T) {
	each(t, subject.KindBatcher, func(t *testing.T, s subject.Subject) {
		synctest.Test(t, func(t *testing.T) {
			var n atomic.Int32
			b := s.NewBatcher(subject.BatcherConfig{Size: 10, Timeout: timeout}, nil, func(batch []*subject.Item) { n.Add(int32(len(batch))) })
			seen := func(want int32) {
				t.Helper()
				if synctest.Wait(); n.Load() != want {
					t.Errorf("%d items are delivered, want %d", n.Load(), want)
				}
			}
			b.Put(&subject.Item{})
			b.Put(&subject.Item{})
			seen(0)
			time.Sleep(timeout)
			seen(2)
			b.Put(&subject.Item{})
			seen(2)
			b.Trigger()
			seen(3)
			b.Put(&subject.Item{})
			b.Close()
			seen(4)
		})
	})
}

// In the foreground a handler waits for the one before, in the background it does not.
func TestForeground(t *testing.T) {
	each(t, subject.KindBatcher, func(t *testing.T, s subject.Subject) {
		for _, background := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				var running atomic.Int32
				release := make(chan struct{})
				b := s.NewBatcher(subject.BatcherConfig{Size: 1, Timeout: timeout, Background: background}, nil, func([]*subject.Item) {
					running.Add(1)
					<-release
				})
				for range 2 {
					b.Put(&subject.Item{})
					time.Sleep(2 * timeout)
				}
				want := int32(1)
				if background {
					want = 2
				}
				if synctest.Wait(); running.Load() != want {
					t.Errorf("background %v: %d handlers run, want %d", background, running.Load(), want)
				}
				close(release)
				b.Close()
			})
		}
	})
}

func TestTooLong(t *testing.T) {
	defer func() {
		if r := fmt.Sprint(recover()); !strings.Contains(r, "1h0m0s is too long") {
			t.Errorf("got %v", r)
		}
	}()
	newResiliency(subject.BatcherConfig{Size: 1, Timeout: time.Hour}, nil, nil)
}

// In a second nothing expires that lives for a minute.
var minute = subject.MapConfig{Bucket: time.Second, Buckets: 61}

func TestMap(t *testing.T) {
	each(t, subject.KindDedup, func(t *testing.T, s subject.Subject) {
		if !s.Lingers {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		}
		m := s.NewMap(minute, nil)
		check := func(what string, got, want any) {
			t.Helper()
			if got != want {
				t.Errorf("%s: got %v, want %v", what, got, want)
			}
		}
		get := func() string { v, ok := m.Get(1); return fmt.Sprint(v, ok) }
		check("Get of nothing", get(), "0 false")
		check("Delete of nothing", m.Delete(1), false)
		check("Set", m.Set(1, 10), true)
		check("Set again", m.Set(1, 11), false)
		check("Get", get(), "10 true")
		check("Set of another", m.Set(2, 20), true)
		check("Count", m.Count(), 2)
		check("Delete", m.Delete(1), true)
		check("Delete again", m.Delete(1), false)
		check("Get of what was deleted", get(), "0 false")
		check("Set of what was deleted", m.Set(1, 12), true)
		check("Get of the new", get(), "12 true")
		m.Close()
		m.Close()
		if s.Name == "golang-lru" {
			check("Count after Close", m.Count(), 0)
			return
		}
		check("Get after Close", get(), "12 true")
		check("Set after Close", m.Set(1, 13), false)
		check("Set of a new one after Close", m.Set(3, 30), true)
		check("Delete after Close", m.Delete(2), true)
		check("Count after Close", m.Count(), 2)
	})
}

// Of the Sets of one key one wins, and its value is what Get returns.
func TestOneWinner(t *testing.T) {
	each(t, subject.KindDedup, func(t *testing.T, s subject.Subject) {
		const keys, goroutines = 500, 4
		m := s.NewMap(minute, nil)
		defer m.Close()
		var winners [keys][goroutines]bool
		var wg sync.WaitGroup
		for g := range goroutines {
			wg.Go(func() {
				for k := range keys {
					winners[k][g] = m.Set(k, g)
				}
			})
		}
		wg.Wait()
		for k, w := range winners {
			v, ok := m.Get(k)
			if !ok || !w[v] || slices.Index(w[:], true) != v || slices.Contains(w[v+1:], true) {
				t.Errorf("key %d: Get says %d, %v; winners are %v", k, v, ok, w)
			}
		}
		if m.Count() != keys {
			t.Errorf("%d keys, want %d", m.Count(), keys)
		}
	})
}

// An entry lives for the window, read or not, and no longer.
func TestWindow(t *testing.T) {
	each(t, subject.KindDedup, func(t *testing.T, s subject.Subject) {
		synctest.Test(t, func(t *testing.T) {
			m := s.NewMap(minute, nil)
			defer end(m)
			m.Set(1, 10)
			time.Sleep(59 * time.Second)
			if v, ok := m.Get(1); v != 10 || !ok || m.Set(1, 11) || m.Count() != 1 {
				t.Errorf("after 59s the entry is %d, %v, of %d", v, ok, m.Count())
			}
			m.Set(2, 20)
			time.Sleep(3 * time.Second)
			if _, ok := m.Get(1); ok || m.Delete(1) {
				t.Error("the entry is there after 62s")
			}
			time.Sleep(3 * time.Second)
			if m.Count() != 1 {
				t.Errorf("after 65s there are %d entries, want 1", m.Count())
			}
			if !m.Set(1, 12) {
				t.Error("the key cannot be set after its window")
			}
			if v, ok := m.Get(1); v != 12 || !ok {
				t.Errorf("the new entry is %d, %v", v, ok)
			}
		})
	})
}

// end closes the map, and ends the goroutine that golang-lru has no way to end: it
// waits for a channel that nobody closes, and a bubble waits for it.
func end(m subject.Map) {
	m.Close()
	if l, ok := m.(*lruMap); ok {
		done := reflect.ValueOf(l.LRU).Elem().FieldByName("done")
		close(*(*chan struct{})(unsafe.Pointer(done.UnsafeAddr())))
	}
}

// leftOut tells which rows a peer has no part in.
func leftOut(sc bench.Scenario, s subject.Subject) bool {
	return sc.Ours && s.Clockless || s.Name == "go-resiliency" && (sc.Name == "put" || sc.Name == "worker")
}

// TestBench runs each row of the peers once, as a worker would.
func TestBench(t *testing.T) {
	if raceEnabled {
		t.Skip("a row has a hundred thousand items, and they take too long with the race detector")
	}
	var wg sync.WaitGroup // all at once, for much of it is sleep
	for _, s := range All() {
		wg.Go(func() {
			if err := serve(s); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
		})
	}
	wg.Wait()
}

// serve has every row of a peer measured.
func serve(s subject.Subject) error {
	in, requests := io.Pipe()
	answers, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- bench.Serve(in, out, All()) }()
	ask, answer := json.NewEncoder(requests), json.NewDecoder(answers)
	n := 0
	for _, sc := range bench.Scenarios() {
		if s.Kind != sc.Kind || leftOut(sc, s) {
			continue
		}
		if err := ask.Encode(map[string]any{"Row": sc.Row(s.Name), "Time": 1}); err != nil {
			return err
		}
		var a struct {
			Sample bench.Sample
			Error  string
		}
		if err := answer.Decode(&a); err != nil || a.Error != "" || a.Sample.Ops == 0 {
			return fmt.Errorf("%s: %v, %q, %d operations", sc.Row(s.Name), err, a.Error, a.Sample.Ops)
		}
		n++
	}
	requests.Close()
	if err := <-ended; err != nil || n == 0 {
		return fmt.Errorf("%d rows, then %w", n, err)
	}
	return nil
}
