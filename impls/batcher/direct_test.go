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

// direct returns a foreground batcher whose handler records and then waits for
// release, and fills its queue: one batch is in the handler and 64 wait.
func direct(size int) (b *BatcherDirect[int], rec *record, release chan struct{}) {
	release = make(chan struct{})
	rec = newRecord(clock.New())
	b = NewDirect(size, time.Hour, func(batch []*int) { rec.handle(batch); <-release }, false)
	for i := range size * (queueFactor + 1) {
		b.Put(&i)
		if i == size-1 {
			synctest.Wait() // the worker takes the first batch
		}
	}
	return b, rec, release
}

// TestDirectPutsBehind has many Puts wait behind a full queue, and shows that a
// batch that leaves lets in as many as were in it, first come, first served.
func TestDirectPutsBehind(t *testing.T) {
	for _, size := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			b, rec, release := direct(size)
			const late = 20
			var returned atomic.Int32
			for i := range late {
				item := size*(queueFactor+1) + i
				go func() { b.Put(&item); returned.Add(1) }()
				synctest.Wait() // they come one after another
			}
			for batches := range queueFactor {
				if want := min(late, batches*size); int(returned.Load()) != want {
					t.Errorf("size %d: after %d batches %d Puts had returned, want %d", size, batches, returned.Load(), want)
				}
				release <- struct{}{}
				synctest.Wait()
			}
			close(release)
			b.Close()
			if !slices.IsSorted(rec.items) || len(rec.items) != size*(queueFactor+1)+late {
				t.Errorf("size %d: %d items, in order: %v", size, len(rec.items), slices.IsSorted(rec.items))
			}
		})
	}
}

// TestDirectTriggerIsNotOvertaken shows that a Trigger that waits comes after what
// was put before it and before what was put later.
func TestDirectTriggerIsNotOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		rec := newRecord(clock.New())
		b := NewDirect(2, time.Hour, func(batch []*int) { rec.handle(batch); <-release }, false)
		items := []int{0, 1, 2, 3, 4, 5, 6, 7, 8}
		put := func(n int) {
			for range n {
				b.Put(&items[0])
				items = items[1:]
			}
		}
		put(2)
		synctest.Wait()
		put(3)
		triggered := false
		go func() { b.Trigger(); triggered = true }()
		synctest.Wait()
		put(3) // one fills the batch that the Trigger is to flush
		for i, want := range []bool{false, false, false, true} {
			if triggered != want {
				t.Errorf("after %d batches, Trigger returned: %v", i+1, triggered)
			}
			release <- struct{}{}
			synctest.Wait()
		}
		close(release)
		b.Close()
		if got, want := rec.String(), "0s[0 1] 0s[2 3] 0s[4 5] 0s[6 7]"; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
}

// TestDirectWakes shows that what does not fill a batch does not wake the worker.
func TestDirectWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewDirect(4, time.Hour, func([]*int) {}, false)
		defer b.Close()
		synctest.Wait()
		for i := range 4 {
			if !b.idle || len(b.wake) != 0 {
				t.Fatalf("after %d items the worker is woken", i)
			}
			b.Put(nil)
		}
		synctest.Wait()
		if !b.idle || b.open != nil || b.flushed != 4 {
			t.Errorf("idle %v, open %v, flushed %d", b.idle, b.open, b.flushed)
		}
	})
}

// TestDirectTimerIsSetWhenIdle has batches wait for a long handler, and shows that
// the time of the last cycle begins when the handler has returned.
func TestDirectTimerIsSetWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clk := clock.New()
		rec := newRecord(clk)
		b := NewDirect(2, time.Second, func(batch []*int) { rec.handle(batch); time.Sleep(1500 * time.Millisecond) }, false)
		for i := range 7 {
			b.Put(&i)
		}
		time.Sleep(time.Minute)
		b.Close()
		if got, want := rec.String(), "0s[0 1] 1.5s[2 3] 3s[4 5] 5.5s[6]"; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
}

// TestDirectTickMeetsWake has the timer fire at the moment at which a batch fills:
// none of the two may be left over for a later rest.
func TestDirectTickMeetsWake(t *testing.T) {
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			rec := newRecord(clock.New())
			b := NewDirect(2, time.Second, rec.handle, false)
			go func() {
				for i := range 6 {
					time.Sleep(500 * time.Millisecond)
					b.Put(&i)
				}
			}()
			time.Sleep(10 * time.Second)
			synctest.Wait()
			if len(b.wake) != 0 || len(rec.sorted()) != 6 {
				t.Errorf("%d wakes are left, %s", len(b.wake), rec)
			}
			b.Close()
		})
	}
}

// TestDirectSpares shows that a pool gives the very slices back, cleared, and
// keeps no more of them than the queue can use.
func TestDirectSpares(t *testing.T) {
	used := map[**int]bool{}
	b := NewDirectWithPool(2, time.Hour, func(batch []*int) {
		used[&batch[0]] = true
		if cap(batch) != 2 {
			t.Error("an append would write into the pool's slice")
		}
	}, false)
	for i := range 2000 {
		b.Put(&i)
	}
	b.Close()
	for _, s := range b.spares {
		if s = s[:2]; s[0] != nil || s[1] != nil || !used[&s[0]] {
			t.Errorf("a spare slice holds %v", s)
		}
	}
	if n := len(b.spares); n == 0 || n > queueFactor {
		t.Errorf("%d spare slices", n)
	}
}

// TestDirectPanicPoolsNothing has a slice lent to a function that panics.
func TestDirectPanicPoolsNothing(t *testing.T) {
	one := 1
	b := &BatcherDirect[int]{fn: func([]*int) { panic("fn") }, size: 1, pool: true}
	slice := []*int{&one}
	mustPanic(t, "fn", func() { b.call(slice) })
	if len(b.spares) != 0 || slice[0] != &one {
		t.Errorf("pooled %v, slice %v", b.spares, slice)
	}
}

// TestDirectPutAllocates nothing but the slice of a batch, and with a pool nothing.
func TestDirectPutAllocates(t *testing.T) {
	const size = 50
	for want, create := range []newSink{batchers[4].new, batchers[3].new} {
		var done sync.WaitGroup
		b := create(size, time.Hour, func([]*int) { done.Done() }, false)
		n := testing.AllocsPerRun(200, func() {
			done.Add(1)
			for range size {
				b.Put(nil)
			}
			done.Wait()
		})
		if n > float64(want)+0.5 {
			t.Errorf("%v allocations for a batch, want %d", n, want)
		}
		b.Close()
	}
}

// TestDirectTickMeetsHandedBatch has a tick taken by a worker to which a full batch
// is on its way: that batch ends the cycle.
func TestDirectTickMeetsHandedBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &BatcherDirect[int]{clock: clock.New(), timeout: time.Second, wake: make(chan []*int, 1)}
		b.timer = newCycleTimer(b.clock, b.timeout)
		time.Sleep(time.Second)
		go func() {
			time.Sleep(time.Second)
			b.wake <- []*int{nil}
		}()
		// Idle was reset by whoever is about to send.
		batch, expired := b.rest()
		if len(batch) != 1 || !expired || len(b.wake) != 0 {
			t.Errorf("batch %v, expired %v, %d wakes are left", batch, expired, len(b.wake))
		}
	})
}
