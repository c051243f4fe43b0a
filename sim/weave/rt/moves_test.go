package rt

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// timedOutcomes runs a program under so many schedules in which time is a choice.
func timedOutcomes(cfg Config, schedules int, run func() string) []string {
	seen := map[string]bool{}
	for seed := range schedules {
		got := ""
		cfg.Chooser, cfg.Steps, cfg.Timed = &dice{uint64(seed)}, 200_000, true
		res := Run(cfg, func() { got = run(); Drain() })
		switch {
		case res.Panic != "":
			got = "panic: " + res.Panic
		case res.Spun:
			got = "spun"
		case res.Deadlock != "":
			got = "deadlock: " + res.Deadlock
		case res.Left != nil:
			got += " left: " + strings.Join(res.Left, "; ")
		}
		seen[got] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// TestTimed: time moves by itself when all wait, and before that if a schedule has it so.
func TestTimed(t *testing.T) {
	if RaceEnabled {
		t.Skip("the situations are full of races, which tell what happened")
	}
	beside := func() string { // a timer beside a step
		fired := false
		TimeAfterFunc("a", s1, func() { fired = true })
		RuntimeGosched("g")
		return text(fired)
	}
	for _, c := range []struct {
		name  string
		early int
		ahead time.Duration
		run   func() string
		want  []string
	}{
		{"by itself", 0, 0, func() string {
			at := TimeNow("n")
			<-From("r", TimeAfter("a", s1))
			return text(TimeSince("s", at).Round(time.Millisecond))
		}, one("1s")},
		{"never early", 0, 0, beside, one("false")},
		{"early", 9, s1, beside, one("false", "true")},
		{"not so far ahead", 9, s1 - 1, beside, one("false")},
		{"what is due is not early", 0, 0, func() string {
			got := ""
			TimeAfterFunc("a", s1, func() { got += "a" })
			goes(func() { TimeSleep("s", s1); got += "b" })
			TimeSleep("s", s1)
			return text(len(got))
		}, one("0", "1", "2")},
		{"as often as said", 2, s1, func() string {
			n, tm := 0, TimeNewTicker("t", s1)
			goes(func() {
				<-From("r", tm.C)
				n++
				<-From("r", tm.C)
				n++
				<-From("r", tm.C)
				n++
			})
			for range 100 {
				RuntimeGosched("g")
			}
			return text(n)
		}, one("1", "2")},
		{"a context", 0, 0, func() string {
			ctx, cancel := ContextWithTimeout("c", t.Context(), s1)
			defer cancel()
			<-From("r", ctx.Done())
			return text(ctx.Err())
		}, one("context deadline exceeded")},
		{"a ticker does not end the wait of a drain", 0, 0, func() string {
			tm := TimeNewTicker("t", time.Millisecond)
			goes(func() {
				for {
					<-From("r", tm.C)
				}
			})
			return ""
		}, one(" left: lab/1 waits to receive at r")},
		{"what comes late is waited for", 0, 0, func() string {
			tm, ch := TimeNewTicker("t", time.Millisecond), make(chan int)
			goes(func() { TimeSleep("s", 50*time.Millisecond); send(ch, 1) })
			goes(func() { recv(ch); TickerStop("s", tm) })
			return ""
		}, one("")},
		{"a deadlock beside a ticker", 0, 0, func() string {
			tm := TimeNewTicker("t", time.Nanosecond)
			goes(func() {
				for {
					<-From("r", tm.C)
				}
			})
			recv(make(chan int))
			return ""
		}, one("deadlock: lab waits to receive at r; lab/1 waits to receive at r")},
		{"for ever", 9, s1, func() string { goes(func() { TimeSleep("s", 1<<63-1) }); return "" }, one(" left: lab/1 sleeps at s")},
		{"thousands of timers", 9, s1, func() string {
			for i := range 5000 {
				TimeAfterFunc("a", time.Duration(i), func() {})
			}
			return ""
		}, one("")},
	} {
		if got := timedOutcomes(Config{Early: c.early, Ahead: c.ahead}, 300, c.run); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestHeap: timers come in the order of their times, whichever are stopped in between.
func TestHeap(t *testing.T) {
	d := &dice{7}
	for range 200 {
		var (
			got []int64
			mu  sync.Mutex // the race detector is told that they come one after another
		)
		fired := func() {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, TimeNow("~").UnixNano())
		}
		Run(Config{Chooser: &dice{1}, Steps: 1 << 20}, func() {
			var all []*time.Timer
			for range 40 {
				at := time.Duration(d.roll(20))
				all = append(all, TimeAfterFunc("a", at, fired))
			}
			for range 15 {
				TimerStop("s", all[d.roll(40)])
				TimerReset("r", all[d.roll(40)], time.Duration(d.roll(20)))
			}
			Settle(true)
			Advance(30)
		})
		if !slices.IsSorted(got) || len(got) < 25 {
			t.Fatal(got)
		}
	}
}

// TestAbandoned: a lock that nobody can unlock any more is seen, one that somebody can is not.
func TestAbandoned(t *testing.T) {
	var a, b sync.Mutex
	var c sync.RWMutex
	Run(Config{Chooser: &dice{1}, Timed: true}, func() {
		goes(func() { MutexLock("a", &a) })
		goes(func() { MutexLock("b", &b); MutexUnlock("b", &b) })
		goes(func() { RWMutexRLock("c", &c) })
		Drain()
		if got := Abandoned(); len(got) != 2 || got[0].By == got[1].By || len(Left()) != 0 {
			t.Errorf("%v %v", got, Left())
		}
	})
}
