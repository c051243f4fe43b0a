package batcher

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"
)

const afterClose = "batcher: Put on a closed Batcher"

func TestAfterClose(t *testing.T) {
	forEach(t, slices.Concat(batchers, dedupBatchers), func(t *testing.T, r rival) {
		rec := newRecord(clock.New())
		b := r.new(2, time.Hour, rec.handle, false)
		one, two := 1, 2
		b.Put(&one)
		b.Close()
		b.Close()
		for range 3 * queueFactor { // more than the queue would hold
			mustPanic(t, afterClose, func() { b.Put(&two) })
			mustPanic(t, afterClose, func() { b.Put(&one) })
			b.Trigger()
		}
		b.Close()
		if got := rec.String(); got != "0s[1]" {
			t.Errorf("got %s", got)
		}
	})
}

func TestNilAfterClose(t *testing.T) {
	forEach(t, batchers, func(t *testing.T, r rival) {
		b := r.new(2, time.Hour, func([]*int) {}, false)
		b.Close()
		mustPanic(t, afterClose, func() { b.Put(nil) })
	})
	forEach(t, dedupBatchers, func(t *testing.T, r rival) {
		b := r.new(2, time.Hour, func([]*int) {}, false)
		b.Close()
		b.Put(nil) // ignored, as ever
	})
}

// TestCloseDelivers has Close come while fn runs, the queue is full, and both
// Put and Trigger are blocked.
func TestCloseDelivers(t *testing.T) {
	forEach(t, batchers, func(t *testing.T, r rival) {
		const size, putters = 2, 5
		release := make(chan struct{})
		rec := newRecord(clock.New())
		b := r.new(size, time.Hour, func(batch []*int) { rec.handle(batch); <-release }, false)
		n := size * (queueFactor + 1)
		for i := range n {
			b.Put(&i)
		}
		var wg sync.WaitGroup
		for i := range putters {
			item := n + i
			wg.Go(func() { b.Put(&item) })
		}
		wg.Go(b.Trigger)
		synctest.Wait()
		for range 3 {
			wg.Go(func() {
				b.Close()
				if got := len(rec.sorted()); got != n+putters {
					t.Errorf("Close returned when %d of %d were delivered", got, n+putters)
				}
			})
		}
		synctest.Wait()
		mustPanic(t, afterClose, func() { b.Put(&n) })
		close(release)
		wg.Wait()
		for i, item := range rec.sorted() {
			if i != item {
				t.Fatalf("item %d is lost or came twice", i)
			}
		}
	})
}

// TestTriggerLeavesAtClose has Trigger wait for a worker that will not come back
// to it, since fn returns only after Close began.
func TestTriggerLeavesAtClose(t *testing.T) {
	forEach(t, batchers, func(t *testing.T, r rival) {
		release := make(chan struct{})
		b := r.new(1, time.Hour, func([]*int) { <-release }, false)
		b.Put(nil)
		synctest.Wait()
		var waiting atomic.Int32
		for range 3 {
			waiting.Add(1)
			go func() { b.Trigger(); waiting.Add(-1) }()
		}
		synctest.Wait()
		if waiting.Load() != 3 {
			t.Fatal("Trigger did not wait")
		}
		go b.Close()
		synctest.Wait()
		if n := waiting.Load(); n != 0 {
			t.Errorf("%d Triggers still wait", n)
		}
		close(release)
		b.Close()
	})
}

// TestCloseRace runs on real goroutines: many Puts and Triggers, and Close comes
// at some moment from two sides. Each Put is delivered once or panics.
func TestCloseRace(t *testing.T) {
	const rounds, putters, each = 60, 8, 40
	for _, r := range slices.Concat(batchers, dedupBatchers) {
		t.Run(r.name, func(t *testing.T) {
			var delivered, panicked int64
			for round := range rounds {
				rec := newRecord(clock.New())
				b := r.new(1+round%3, time.Millisecond, rec.handle, round%2 == 0)
				var accepted, refused atomic.Int64
				var wg sync.WaitGroup
				put := func(item int) {
					defer func() {
						switch p := recover(); p {
						case nil:
							accepted.Add(1)
						case afterClose:
							refused.Add(1)
						default:
							t.Errorf("Put panics with %v", p)
						}
					}()
					b.Put(&item)
				}
				for p := range putters {
					wg.Go(func() {
						for i := range each {
							put(p*each + i)
						}
					})
				}
				wg.Go(func() {
					for range each {
						b.Trigger()
					}
				})
				for range 2 {
					wg.Go(func() {
						for accepted.Load() < int64(round*putters*each/rounds) {
							b.Trigger() // gives way, unlike a spin
						}
						b.Close()
					})
				}
				wg.Wait()
				b.Close()
				items := rec.sorted()
				if n := int64(len(items)); n != accepted.Load() || len(slices.Compact(items)) != int(n) {
					t.Fatalf("%d accepted, %d refused, %d delivered", accepted.Load(), refused.Load(), n)
				}
				delivered += accepted.Load()
				panicked += refused.Load()
			}
			if delivered == 0 || panicked == 0 {
				t.Errorf("%d Puts before Close and %d after it: there was no race", delivered, panicked)
			}
		})
	}
}

// TestHandlerPuts shows that a handler may put while the queue has room, and
// that Close waits for what comes of it.
func TestHandlerPuts(t *testing.T) {
	forEach(t, batchers, func(t *testing.T, r rival) {
		for _, background := range []bool{false, true} {
			rec := newRecord(clock.New())
			var b sink
			b = r.new(1, time.Hour, func(batch []*int) {
				rec.handle(batch)
				if next := *batch[0] + 1; next < 10 {
					b.Put(&next)
				}
			}, background)
			zero := 0
			b.Put(&zero)
			synctest.Wait()
			b.Close()
			if n := len(rec.sorted()); n != 10 {
				t.Errorf("background %v: %d batches, want 10", background, n)
			}
		}
	})
}
