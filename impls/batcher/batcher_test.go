package batcher

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"
)

// TestScripts shows when a batch leaves, and what is in it. The timeout is 1s.
func TestScripts(t *testing.T) {
	tests := []struct {
		name   string
		size   int
		script string
		want   string
	}{
		{"a full batch leaves at once        ", 2, "1 2 3", "0s[1 2] 0s[3]"},
		{"one item leaves at the timeout     ", 9, "1 +999ms +1ms +5s", "1s[1]"},
		{"time runs from the cycle's start   ", 9, "+900ms 1 +100ms", "1s[1]"},
		{"not before it has passed           ", 9, "1 +999999999ns 2 +1ns 3", "1s[1 2] 1s[3]"},
		{"phase restarts with a full batch   ", 2, "+900ms 1 2 3 +100ms 4 +1ns 5 +900ms", "900ms[1 2] 1s[3 4] 1.900000001s[5]"},
		{"phase restarts with a trigger      ", 9, "+900ms 1 ! 2 +999ms 3 +1ms", "900ms[1] 1.9s[2 3]"},
		{"phase restarts with an empty one   ", 9, "+900ms ! 1 +999ms 2 +1ms", "1.9s[1 2]"},
		{"phase restarts with an empty expiry", 9, "+1.5s 1 +499ms 2 +1ms", "2s[1 2]"},
		{"nothing is no batch                ", 1, "! +5s ! x", ""},
		{"a single item and Close            ", 9, "1", "0s[1]"},
		{"nil is an item                     ", 2, "nil 1 nil", "0s[nil 1] 0s[nil]"},
		{"size 1                             ", 1, "1 nil 2 +1s ! 3", "0s[1] 0s[nil] 0s[2] 1s[3]"},
		{"equal items are two items          ", 2, "1 1", "0s[1 1]"},
		{"Close, then Close and Trigger      ", 9, "1 x x ! +9s", "0s[1]"},
		{"time passes idle, then a batch     ", 3, "+1h 1 +1ms 2 +1ms 3", "1h0m0.002s[1 2 3]"},
	}
	for _, tt := range tests {
		t.Run(strings.TrimSpace(tt.name), func(t *testing.T) {
			forEach(t, batchers, func(t *testing.T, r rival) {
				for _, background := range []bool{false, true} {
					if got := play(t, r.new, tt.size, background, tt.script); got != tt.want {
						t.Errorf("background %v: %s\n got %s\nwant %s", background, tt.script, got, tt.want)
					}
				}
			})
		})
	}
}

func TestLargeBatch(t *testing.T) {
	forEach(t, batchers, func(t *testing.T, r rival) {
		var lengths, flat []int
		b := r.new(1000, time.Hour, func(batch []*int) {
			lengths = append(lengths, len(batch))
			for _, item := range batch {
				flat = append(flat, *item)
			}
		}, false, WithClock(clock.NewMock()))
		for i := range 2500 {
			b.Put(&i)
		}
		b.Close()
		if want := []int{1000, 1000, 500}; !slices.Equal(lengths, want) {
			t.Errorf("batches of %v, want %v", lengths, want)
		}
		if !slices.IsSorted(flat) || len(flat) != 2500 {
			t.Error("items are lost or out of order")
		}
	})
}

// TestOnSystemClock has the bubble's time in place of a mock: timers of package
// time, without old ticks in their channels.
func TestOnSystemClock(t *testing.T) {
	forEach(t, batchers, func(t *testing.T, r rival) {
		clk := clock.New()
		rec := newRecord(clk)
		b := r.new(2, time.Second, rec.handle, false)
		for i, d := range []time.Duration{0, 999 * time.Millisecond, 0, time.Millisecond, 999 * time.Millisecond, time.Second, 5 * time.Second} {
			time.Sleep(d)
			synctest.Wait()
			b.Put(&i)
			synctest.Wait()
		}
		b.Close()
		if got, want := rec.String(), "999ms[0 1] 1s[2 3] 2s[4] 3s[5] 7.999s[6]"; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
}

// TestForegroundWaits shows that nothing happens while fn runs in the worker:
// Trigger waits, no timer expires, and the next cycle begins when fn is done.
func TestForegroundWaits(t *testing.T) {
	forEach(t, batchers, func(t *testing.T, r rival) {
		clk := clock.NewMock()
		rec := newRecord(clk)
		release := make(chan struct{})
		b := r.new(1, time.Second, func(batch []*int) { rec.handle(batch); <-release }, false, WithClock(clk))
		one, two := 1, 2
		b.Put(&one)
		synctest.Wait()
		triggered := make(chan struct{})
		go func() { b.Trigger(); close(triggered) }()
		clk.Add(10 * time.Second)
		b.Put(&two)
		synctest.Wait()
		select {
		case <-triggered:
			t.Error("Trigger returned while fn ran")
		default:
		}
		if got := rec.String(); got != "0s[1]" {
			t.Errorf("fn was called again while it ran: %s", got)
		}
		close(release)
		<-triggered
		b.Close()
		if got := rec.String(); got != "0s[1] 10s[2]" {
			t.Errorf("got %s", got)
		}
	})
}

func TestBackgroundRunsOn(t *testing.T) {
	forEach(t, batchers, func(t *testing.T, r rival) {
		release := make(chan struct{})
		rec := newRecord(clock.New())
		b := r.new(1, time.Hour, func(batch []*int) { rec.handle(batch); <-release }, true)
		for i := range 100 {
			b.Put(&i)
		}
		synctest.Wait()
		if n := len(rec.sorted()); n != 100 {
			t.Errorf("%d of 100 handlers run", n)
		}
		done := make(chan struct{})
		go func() { b.Close(); close(done) }()
		synctest.Wait()
		select {
		case <-done:
			t.Error("Close returned before the handlers did")
		default:
		}
		close(release)
		<-done
	})
}

func TestBackpressure(t *testing.T) {
	for _, size := range []int{1, 3} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			forEach(t, batchers, func(t *testing.T, r rival) {
				release := make(chan struct{})
				rec := newRecord(clock.New())
				b := r.new(size, time.Hour, func(batch []*int) { rec.handle(batch); <-release }, false)
				returned := 0
				go func() { // the worker holds one batch, and the queue 64
					for i := range 65*size + 1 {
						b.Put(&i)
						returned++
					}
				}()
				synctest.Wait()
				if want := 65 * size; returned != want {
					t.Errorf("%d Puts returned, want %d", returned, want)
				}
				close(release)
				b.Close()
				if n := len(rec.sorted()); n != 65*size+1 {
					t.Errorf("%d items were delivered, want %d", n, 65*size+1)
				}
			})
		})
	}
}

// TestKeptSlices shows that a batch's slice is not touched after the hand-off:
// never by those that give it away, and until fn returns by the pool.
func TestKeptSlices(t *testing.T) {
	forEach(t, batchers[:2], func(t *testing.T, r rival) {
		var kept [][]*int
		b := r.new(3, time.Hour, func(batch []*int) { kept = append(kept, batch) }, false)
		for i := range 100 {
			b.Put(&i)
			if i%7 == 0 {
				b.Trigger()
			}
		}
		b.Close()
		next := 0
		for _, batch := range kept {
			for _, item := range batch {
				if *item != next {
					t.Fatalf("item %d in place of %d", *item, next)
				}
				next++
			}
			if cap(batch) != 3 {
				t.Errorf("capacity %d, want the size, 3", cap(batch))
			}
		}
	})
}

func TestInvalidArguments(t *testing.T) {
	fn := func([]*int) {}
	tests := []struct {
		size    int
		timeout time.Duration
		fn      func([]*int)
		opts    []Option
		want    string
	}{
		{0, time.Second, fn, nil, "batcher: size must be at least 1, got 0"},
		{-3, time.Second, fn, nil, "batcher: size must be at least 1, got -3"},
		{1, 0, fn, nil, "batcher: timeout must be positive, got 0s"},
		{1, -time.Second, fn, nil, "batcher: timeout must be positive, got -1s"},
		{1, time.Second, nil, nil, "batcher: fn must not be nil, got nil"},
		{1, time.Second, fn, []Option{WithClock(nil)}, "batcher: clock must not be nil, got nil"},
	}
	for _, tt := range tests {
		for _, r := range slices.Concat(batchers, dedupBatchers) {
			mustPanic(t, tt.want, func() { r.new(tt.size, tt.timeout, tt.fn, false, tt.opts...) })
		}
	}
}
