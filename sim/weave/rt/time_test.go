package rt

import (
	"math"
	"testing"
	"time"
)

const s1 = time.Second

func tick(c <-chan time.Time) string {
	sel := Select("tick", true, OnRecv(c))
	select {
	case at := <-Recv(sel, 0, c):
		return text(at.Unix())
	default:
		return "none"
	}
}

var timersSituations = []situation{
	{"it fires when it is due", func() string {
		tm := TimeNewTimer("t", s1)
		a := tick(tm.C)
		Advance(s1 - 1)
		b := tick(tm.C)
		Advance(1)
		return text(a, b, tick(tm.C), tick(tm.C))
	}, one("none none 1 none"), true},
	{"Stop before and after", func() string {
		a, b, c := TimeNewTimer("t", s1), TimeNewTimer("t", s1), TimeNewTimer("t", s1)
		x := TimerStop("s", a)
		Advance(s1)
		tick(c.C)
		y := TimerStop("s", b) // its tick was not received: since Go 1.23 it is as if it had not fired
		return text(x, y, TimerStop("s", c), tick(a.C), tick(b.C), TimerStop("s", a))
	}, one("true true false none none false"), true},
	{"Reset leaves no old tick", func() string {
		a := TimeNewTimer("t", s1)
		Advance(s1)
		x := TimerReset("r", a, s1)
		y := tick(a.C)
		Advance(s1)
		z := tick(a.C)
		return text(x, y, z, TimerReset("r", a, s1))
	}, one("true none 2 false"), true},
	{"a ticker drops", func() string {
		a := TimeNewTicker("t", s1)
		Advance(3 * s1)
		x, y := tick(a.C), tick(a.C)
		TickerReset("r", a, 2*s1)
		Advance(s1)
		z := tick(a.C)
		Advance(s1)
		TickerStop("s", a)
		return text(x, y, z, tick(a.C))
	}, one("1 none none none"), true},
	{"who waits has the tick before Stop comes", func() string {
		a, got := TimeNewTimer("t", s1), make(chan bool, 1)
		goes(func() { <-From("r", a.C); To("s", got).Send(true) })
		Idle(1)
		Advance(s1)
		x := TimerStop("s", a)
		return text(x, <-From("r", got))
	}, one("false true"), true},
	{"AfterFunc", func() string {
		n := 0
		a, b := TimeAfterFunc("a", s1, func() { n++ }), TimeAfterFunc("b", 2*s1, func() { n += 10 })
		Advance(s1)
		Idle(1)
		x, y := TimerStop("s", a), TimerStop("s", b)
		z := TimerReset("r", a, s1)
		Advance(5 * s1)
		Idle(1)
		return text(n, x, y, z)
	}, one("2 false true false"), true},
	{"several at one instant, in the order of setting", func() string {
		got := ""
		for i := range 3 {
			TimeAfterFunc("a", s1*time.Duration(3-i), func() { got += text(i) })
		}
		TimeAfterFunc("a", s1, func() { got += "x" })
		Settle(true)
		Advance(5 * s1)
		return got
	}, one("2x10"), true},
	{"unsettled, in any order", func() string {
		got := ""
		TimeAfterFunc("a", s1, func() { got += "a" })
		TimeAfterFunc("b", 2*s1, func() { got += "b" })
		Advance(2 * s1)
		Idle(1)
		return got
	}, one("ab", "ba"), true},
	{"sleepers", func() string {
		got := ""
		for i := range 3 {
			goes(func() { TimeSleep("s", s1*time.Duration(3-i)); got += text(i) })
		}
		Idle(1)
		Settle(true)
		Advance(3 * s1)
		return got
	}, one("210"), true},
	{"no time and less", func() string {
		TimeSleep("s", 0)
		TimeSleep("s", -s1)
		c := TimeAfter("a", -s1)
		Advance(0)
		return tick(c)
	}, one("0"), true},
	{"for ever is not now", func() string {
		c := TimeAfter("a", math.MaxInt64)
		goes(func() { TimeSleep("s", math.MaxInt64) })
		Advance(1000 * time.Hour)
		return tick(c)
	}, one("none left: lab/1 sleeps at s"), true},
	{"the clock", func() string {
		at := TimeNow("n")
		Advance(s1)
		return text(TimeSince("s", at), TimeUntil("u", at), TimeNow("n").Unix())
	}, one("1s -1s 1"), true},
	{"a deadlock in time", func() string { <-From("r", TimeAfter("a", s1)); return "" },
		one("deadlock: lab waits to receive at r"), true},
}

func TestTimers(t *testing.T) { check(t, timersSituations) }

// TestManyTimers: those that are not set any more take no room, and those of a run that
// is over can still be stopped.
func TestManyTimers(t *testing.T) {
	var a *time.Timer
	var b *time.Ticker
	res := Run(Config{Chooser: &dice{1}}, func() {
		a, b = TimeNewTimer("t", s1), TimeNewTicker("t", s1)
		for range 3 * maxTimers {
			TimerStop("s", TimeNewTimer("t", s1))
		}
	})
	if res.Spun || res.Panic != "" {
		t.Errorf("%+v %v", res.Spun, res.Panic)
	}
	if TimerStop("s", a) {
		t.Error("the timer of a run goes on after it")
	}
	TickerStop("s", b)
}
