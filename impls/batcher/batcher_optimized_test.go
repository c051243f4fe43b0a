package batcher

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/quick"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"
)

// sameAsBaseline plays a script with all rivals and compares what they deliver.
func sameAsBaseline(t *testing.T, rivals []rival, size int, background bool, script string) bool {
	t.Helper()
	same := true
	synctest.Test(t, func(t *testing.T) {
		want := play(t, rivals[0].new, size, background, script)
		for _, r := range rivals[1:] {
			if got := play(t, r.new, size, background, script); got != want {
				t.Errorf("size %d, background %v: %s\nbaseline %s\n%s %s", size, background, script, want, r.name, got)
				same = false
			}
		}
	})
	return same
}

func FuzzBatchers(f *testing.F) {
	f.Add(uint8(0), false, []byte{})
	f.Add(uint8(0), true, []byte{1, 200, 170, 3, 165})
	f.Add(uint8(1), false, []byte{1, 2, 198, 3, 192, 199, 4, 197, 199})
	f.Add(uint8(2), true, []byte{100, 100, 100, 176, 200, 100, 196, 198, 176, 192})
	f.Add(uint8(9), false, []byte{1, 196, 176, 196, 192, 2, 201, 3, 199, 199, 160, 161})
	f.Fuzz(func(t *testing.T, size uint8, background bool, ops []byte) {
		sameAsBaseline(t, batchers, 1+int(size), background, scriptOf(ops))
	})
}

func FuzzDedupBatchers(f *testing.F) {
	f.Add(uint8(0), false, []byte{100, 100, 101, 199, 100, 101})
	f.Add(uint8(2), true, []byte{160, 100, 100, 101, 176, 100, 102, 103, 199, 100, 101})
	f.Fuzz(func(t *testing.T, size uint8, background bool, ops []byte) {
		sameAsBaseline(t, dedupBatchers, 1+int(size), background, scriptOf(ops))
	})
}

func TestSameBatches(t *testing.T) {
	for name, rivals := range map[string][]rival{"batcher": batchers, "dedup": dedupBatchers} {
		t.Run(name, func(t *testing.T) {
			same := func(size uint8, background bool, ops []byte) bool {
				return sameAsBaseline(t, rivals, 1+int(size%6), background, scriptOf(ops))
			}
			if err := quick.Check(same, &quick.Config{MaxCount: 150}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDedupWindow shows an item dropped for a minute and taken after it.
func TestDedupWindow(t *testing.T) {
	const script = "1 2 1 ! +59.5s 1 ! +2.5s 1 2 1 !"
	const want = "0s[1 2] 1m2s[1 2]"
	forEach(t, dedupBatchers, func(t *testing.T, r rival) {
		if got := play(t, r.new, 9, false, script); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
}

// TestStaleTick leaves the tick of one cycle in the channel and shows that the
// next cycle does not end by it.
func TestStaleTick(t *testing.T) {
	hasTick := func(ct *cycleTimer) bool {
		select {
		case <-ct.ticks():
			return ct.expired()
		default:
			return false
		}
	}
	for name, mocked := range map[string]bool{"mock": true, "system": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				clk, pass := clock.New(), time.Sleep
				if mocked {
					mock := clock.NewMock()
					clk, pass = mock, mock.Add
				}
				ct := newCycleTimer(clk, time.Second)
				defer ct.stop()
				for range 3 {
					pass(1500 * time.Millisecond) // fires, is not received
					ct.restart()
					pass(999 * time.Millisecond)
					if hasTick(ct) {
						t.Fatal("the old cycle's tick ended the new one")
					}
					ct.restart() // while it runs
					pass(time.Second)
					if !hasTick(ct) {
						t.Fatal("the cycle does not end")
					}
					ct.restart() // after it was received
				}
			})
		})
	}
}

// TestEarlyTick has a tick arrive that the clock decided on before Reset.
func TestEarlyTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mock := clock.NewMock()
		ct := newCycleTimer(mock, time.Second)
		ct.timer.Reset(300 * time.Millisecond)
		mock.Add(300 * time.Millisecond)
		<-ct.ticks()
		if ct.expired() {
			t.Fatal("a tick at 300ms ended a cycle of 1s")
		}
		mock.Add(699 * time.Millisecond)
		if len(ct.ticks()) != 0 {
			t.Fatal("a tick at 999ms")
		}
		mock.Add(time.Millisecond)
		<-ct.ticks()
		if !ct.expired() {
			t.Fatal("the cycle does not end")
		}
	})
}

// leapClock adds to its time what leap says, at each reading but the first.
type leapClock struct {
	*clock.Mock
	leap  time.Duration
	reads int
}

func (c *leapClock) Now() time.Time {
	c.reads++
	if c.reads > 1 {
		return c.Mock.Now().Add(c.leap)
	}
	return c.Mock.Now()
}

// TestCycleOverAtStart has a whole cycle pass between Reset and the look into
// the channel. The tick found there is a good one, and yet another cycle begins.
func TestCycleOverAtStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clk := &leapClock{Mock: clock.NewMock()}
		ct := newCycleTimer(clk, time.Second)
		clk.Add(time.Second)
		clk.leap, clk.reads = time.Second, 0
		ct.restart()
		if len(ct.ticks()) != 0 {
			t.Error("the tick is still there")
		}
		if want := time.Unix(3, 0); !ct.deadline.Equal(want) {
			t.Errorf("deadline %v, want %v", ct.deadline, want)
		}
		if clk.Add(time.Second); len(ct.ticks()) != 1 {
			t.Error("the timer was not set")
		}
	})
}

// TestTakeQueued shows that a burst ends where the batch is full, where the queue
// is empty, and where it is time to look at the timer and Trigger.
func TestTakeQueued(t *testing.T) {
	for _, c := range []struct{ size, open, queued, want int }{
		{1, 1, 5, 1},
		{4, 1, 2, 3},
		{4, 1, 9, 4},
		{50, 1, 40, 1 + burst},
	} {
		b := newBatcher(c.size, time.Hour, func([]*int) {}, false, nil)
		for range c.queued {
			b.ch <- nil
		}
		batch := b.takeQueued(make([]*int, c.open, c.size))
		if len(batch) != c.want || len(b.ch) != c.queued-(c.want-c.open) {
			t.Errorf("%+v: %d in the batch, %d left", c, len(batch), len(b.ch))
		}
	}
}

// TestPooledSlices holds many batches in their handlers at once and shows that
// no two share a slice, and that none changes before its handler returns.
func TestPooledSlices(t *testing.T) {
	const size, rounds, each = 4, 50, 16
	var broken atomic.Bool
	b := NewWithPool(size, time.Hour, func(batch []*int) {
		before := slices.Clone(batch)
		for range 20 {
			runtime.Gosched()
			if !slices.Equal(before, batch) {
				broken.Store(true)
			}
		}
		if cap(batch) != len(batch) {
			broken.Store(true) // an append would write into the pool's slice
		}
		clear(batch) // it belongs to the handler
	}, true)
	for range rounds {
		for i := range each * size {
			b.Put(&i)
			if i%7 == 0 {
				b.Trigger() // so that some batches are not full
			}
		}
	}
	b.Close()
	if broken.Load() {
		t.Error("a slice changed while its handler ran")
	}
}

// TestPooledSliceIsCleared shows that the pool keeps no item alive, and that it
// is the very slice that comes back.
func TestPooledSliceIsCleared(t *testing.T) {
	var kept [][]*int
	b := NewWithPool(2, time.Hour, func(batch []*int) { kept = append(kept, batch) }, false)
	for i := range 200 {
		b.Put(&i)
	}
	b.Close()
	used := map[**int]int{}
	for _, batch := range kept {
		used[&batch[0]]++
		if batch[0] != nil || batch[1] != nil {
			t.Fatalf("the slice still holds %v", batch)
		}
	}
	if len(used) == len(kept) {
		t.Errorf("%d batches in %d slices: nothing is used again", len(kept), len(used))
	}
}

// TestPanicPoolsNothing lends a slice to a function that panics.
func TestPanicPoolsNothing(t *testing.T) {
	b := &BatcherWithPool[int]{batcher: newBatcher(1, time.Hour, func([]*int) { panic("fn") }, false, nil)}
	one := 1
	slice := []*int{&one}
	mustPanic(t, "fn", func() { b.lend(&slice) })
	if got := b.slices.Get(); got != nil || slice[0] != &one {
		t.Errorf("pooled %v, slice %v", got, slice)
	}
}
