package rt

import (
	"math"
	"time"
	"unsafe"
)

// TimeNewTimer is time.NewTimer(d).
//
//go:norace
func TimeNewTimer(site string, d time.Duration) *time.Timer {
	if !active {
		return time.NewTimer(d)
	}
	pointTimer(site, "new timer")
	t := time.NewTimer(math.MaxInt64) // one that can be stopped when the run is over
	t.Stop()
	ch := make(chan time.Time, 1)
	t.C = ch
	keep(&vtimer{at: unsafe.Pointer(t), ch: ch}).start(d)
	return t
}

// TimeAfter is time.After(d). Nobody can stop this timer, so nobody looks for it.
//
//go:norace
func TimeAfter(site string, d time.Duration) <-chan time.Time {
	if !active {
		return time.After(d)
	}
	pointTimer(site, "new timer")
	t := &vtimer{ch: make(chan time.Time, 1)}
	t.start(d)
	return t.ch
}

// TimeAfterFunc is time.AfterFunc(d, f).
//
//go:norace
func TimeAfterFunc(site string, d time.Duration, f func()) *time.Timer {
	if !active {
		return time.AfterFunc(d, astray(f))
	}
	pointTimer(site, "new timer")
	t := time.AfterFunc(math.MaxInt64, f)
	t.Stop()
	keep(&vtimer{at: unsafe.Pointer(t), f: f}).start(d)
	raceRelease(unsafe.Pointer(t))
	return t
}

//go:norace
func pointTimer(site, does string) {
	point(site, "timer")
	spell(does)
	visitFixed(theTime, opTimerSet)
}

// visitTime says that somebody looks at the clock.
//
//go:norace
func visitTime() {
	if s.moves.by != nil {
		visitFixed(theTime, opTimeMoved)
	} else {
		visitFixed(theTime, opTimeSeen)
	}
}

//go:norace
func keep(t *vtimer) *vtimer {
	objectAt(t.at).timer = t
	return t
}

// TimeNewTicker is time.NewTicker(d).
//
//go:norace
func TimeNewTicker(site string, d time.Duration) *time.Ticker {
	if !active {
		return time.NewTicker(d)
	}
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	pointTimer(site, "new ticker")
	t := time.NewTicker(math.MaxInt64)
	t.Stop()
	ch := make(chan time.Time, 1)
	t.C = ch
	keep(&vtimer{at: unsafe.Pointer(t), ch: ch, period: int64(d)}).start(d)
	return t
}

// TimeTick is time.Tick(d).
func TimeTick(site string, d time.Duration) <-chan time.Time {
	switch {
	case !active:
		return time.Tick(d)
	case d <= 0:
		return nil
	}
	return TimeNewTicker(site, d).C
}

// TimerStop is t.Stop(): as since Go 1.23, no tick of before is left in the channel.
//
//go:norace
func TimerStop(site string, t *time.Timer) bool {
	if !active {
		return t.Stop()
	}
	pointTimer(site, "stop timer")
	v := objectAt(unsafe.Pointer(t)).timer
	if v == nil {
		return t.Stop()
	}
	drained := v.drain()
	return v.stop() || drained
}

// drain takes a tick that nobody has received, and reports whether there was one.
//
//go:norace
func (t *vtimer) drain() bool {
	if t.slot > 0 && s.moves.by != nil { // it could have fired before, and no step of the run says so
		record.Lost = true
	}
	if t.ch == nil || s.cfg.Sticky {
		return false
	}
	settle(s.cur, chanPtr(t.ch))
	visit(chanPtr(t.ch), opChannelUsed)
	if len(t.ch) == 0 {
		return false
	}
	<-t.ch
	return true
}

// TimerReset is t.Reset(d).
//
//go:norace
func TimerReset(site string, t *time.Timer, d time.Duration) bool {
	if !active {
		return t.Reset(d)
	}
	pointTimer(site, "reset timer")
	v := objectAt(unsafe.Pointer(t)).timer
	if v == nil {
		return t.Reset(d)
	}
	was := v.drain()
	was = v.slot > 0 || was
	v.start(d)
	raceRelease(unsafe.Pointer(t))
	return was
}

// TickerStop is t.Stop().
//
//go:norace
func TickerStop(site string, t *time.Ticker) {
	if !active {
		t.Stop()
		return
	}
	pointTimer(site, "stop ticker")
	if v := objectAt(unsafe.Pointer(t)).timer; v != nil {
		v.drain()
		v.stop()
		return
	}
	t.Stop()
}

// TickerReset is t.Reset(d).
//
//go:norace
func TickerReset(site string, t *time.Ticker, d time.Duration) {
	if !active {
		t.Reset(d)
		return
	}
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	pointTimer(site, "reset ticker")
	if v := objectAt(unsafe.Pointer(t)).timer; v != nil {
		v.drain()
		v.period = int64(d)
		v.start(d)
		return
	}
	t.Reset(d)
}

//go:norace
func (t *vtimer) fire() {
	visitFixed(theTime, opTimeMoved)
	if t.period > 0 {
		t.when += t.period * (1 + (s.now-t.when)/t.period)
		t.sift()
	} else {
		t.stop()
	}
	switch {
	case t.period == ofContext: // done at once, and in no call's way, but others may cancel before
		if !s.settles {
			yield("", "time")
		}
		raceAcquire(t.at)
		t.f()
	case t.f != nil:
		raceAcquire(t.at)
		spawn(childName(s.cur), t.f)
	case len(t.ch) == 0:
		visit(chanPtr(t.ch), opChannelUsed)
		t.ch <- time.Unix(0, s.now)
	}
}
