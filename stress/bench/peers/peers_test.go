package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"batchlab/impls/spec"
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
func each(t *testing.T, kind spec.Kind, f func(t *testing.T, s spec.Subject)) {
	for _, s := range All() {
		if s.Kind == kind {
			t.Run(s.Name, func(t *testing.T) { f(t, s) })
		}
	}
}

// tally is a handler that counts how often each item comes.
type tally struct {
	mu      sync.Mutex
	seen    map[*spec.Item]int
	longest int
	running atomic.Int32
	beside  bool // two handlers ran beside each other
}

func (c *tally) handle(batch []*spec.Item) {
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
func put(b spec.Batcher, goroutines, items int) (done [][]*spec.Item, panics []any) {
	done, panics = make([][]*spec.Item, goroutines), make([]any, goroutines)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			defer func() { panics[g] = recover() }()
			for i := range items {
				item := &spec.Item{Key: i}
				b.Put(item)
				done[g] = append(done[g], item)
			}
		})
	}
	wg.Wait()
	return done, panics
}

// once reports what was not delivered exactly once.
func (c *tally) once(t *testing.T, done [][]*spec.Item) {
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
	each(t, spec.KindBatcher, func(t *testing.T, s spec.Subject) {
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		for _, background := range []bool{false, true} {
			c := &tally{seen: map[*spec.Item]int{}}
			b := s.NewBatcher(spec.BatcherConfig{Size: 7, Timeout: timeout, Background: background}, nil, c.handle)
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
	each(t, spec.KindBatcher, func(t *testing.T, s spec.Subject) {
		c := &tally{seen: map[*spec.Item]int{}}
		b := s.NewBatcher(spec.BatcherConfig{Size: 2, Timeout: timeout}, nil, c.handle)
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
	each(t, spec.KindBatcher, func(t *testing.T, s spec.Subject) {
		for range 20 {
			c := &tally{seen: map[*spec.Item]int{}}
			enough := make(chan struct{})
			var first sync.Once
			b := s.NewBatcher(spec.BatcherConfig{Size: 2, Timeout: timeout}, nil, func(batch []*spec.Item) {
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
	each(t, spec.KindBatcher, func(t *testing.T, s spec.Subject) {
		synctest.Test(t, func(t *testing.T) {
			var n atomic.Int32
			b := s.NewBatcher(spec.BatcherConfig{Size: 10, Timeout: timeout}, nil, func(batch []*spec.Item) { n.Add(int32(len(batch))) })
			seen := func(want int32) {
				t.Helper()
				if synctest.Wait(); n.Load() != want {
					t.Errorf("%d items are delivered, want %d", n.Load(), want)
				}
			}
			b.Put(&spec.Item{})
			b.Put(&spec.Item{})
			seen(0)
			time.Sleep(timeout)
			seen(2)
			b.Put(&spec.Item{})
			seen(2)
			b.Trigger()
			seen(3)
			b.Put(&spec.Item{})
			b.Close()
			seen(4)
		})
	})
}

// In the foreground a handler waits for the one before, in the background it does not.
func TestForeground(t *testing.T) {
	each(t, spec.KindBatcher, func(t *testing.T, s spec.Subject) {
		for _, background := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				var running atomic.Int32
				release := make(chan struct{})
				b := s.NewBatcher(spec.BatcherConfig{Size: 1, Timeout: timeout, Background: background}, nil, func([]*spec.Item) {
					running.Add(1)
					<-release
				})
				for range 2 {
					b.Put(&spec.Item{})
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
	newResiliency(spec.BatcherConfig{Size: 1, Timeout: time.Hour}, nil, nil)
}

// leftOut tells which rows a peer has no part in.
func leftOut(sc bench.Scenario, s spec.Subject) bool {
	return sc.Ours && s.Clockless || s.Name == "go-resiliency" && (sc.Name == "put" || sc.Name == "worker")
}

// TestBench runs each row of the peers once, as a worker would.
func TestBench(t *testing.T) {
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
func serve(s spec.Subject) error {
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
