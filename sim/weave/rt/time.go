package rt

import (
	"math"
	"syscall"
	"time"
	"unsafe"
)

// later is the time after a duration. There is an end of time.
//
//go:norace
func later(d time.Duration) int64 {
	if at := s.now + max(int64(d), 0); at >= s.now {
		return at
	}
	return math.MaxInt64
}

// Epoch is when time begins where nobody says when: at no turn of a second, minute, day, month or year, when
// what has a calendar does something.
var Epoch = time.Date(2000, 3, 15, 10, 20, 30, 310_000_000, time.UTC).UnixNano()

// OutsideVariable is the environment variable that has time begin there outside of runs as well: what the
// initialization of a package notes is not to be in the future of a run. It goes on by seconds, so that
// it is the same in each process.
const OutsideVariable = "BATCHLAB_OUTSIDE"

var (
	_, outside = syscall.Getenv(OutsideVariable)
	begun      = time.Now()
)

// TimeNow is time.Now().
//
//go:norace
func TimeNow(site string) time.Time {
	if !active && outside {
		return time.Unix(0, Epoch).Add(time.Since(begun).Truncate(time.Second))
	} else if !active {
		return time.Now()
	}
	point(site, "clock")
	visitTime()
	s.moves.seen()
	return time.Unix(0, s.now)
}

// Now is the time of the run under way in nanoseconds. To ask for it is no point.
//
//go:norace
func Now() int64 { return s.now }

// TimeSince is time.Since(t).
func TimeSince(site string, t time.Time) time.Duration {
	return TimeNow(site).Sub(t)
}

// TimeUntil is time.Until(t).
func TimeUntil(site string, t time.Time) time.Duration {
	return t.Sub(TimeNow(site))
}

// TimeSleep is time.Sleep(d). In a package that is woven quietly, such as that of a mocked
// clock, a sleep of a fixed time stands for letting others go on, and takes no time unless the run is
// Timed. One whose
// time the caller says, such as its real clock's, is a sleep, and its site is no quiet one.
//
//go:norace
func TimeSleep(site string, d time.Duration) {
	switch {
	case !active:
		time.Sleep(d)
	case quiet(site) && s.cfg.Timed:
		sleep(site[1:], d)
	case quiet(site) && s.settles:
		Idle(1)
	case quiet(site):
		yield(site[1:], "yield")
	default:
		point(site, "sleep")
		remember(d)
		sleep(site, d)
	}
}

//go:norace
func sleep(site string, d time.Duration) {
	g := s.cur
	visitFixed(theTime, opSlept)
	g.state, g.until = asleep, later(d)
	wait(g, site, "sleep")
}

// TimeNewTimer is time.NewTimer(d).
//
//go:norace
func TimeNewTimer(site string, d time.Duration) *time.Timer {
	if !active {
		return time.NewTimer(d)
	}
	pointTimer(site)
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
	pointTimer(site)
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
	pointTimer(site)
	t := time.AfterFunc(math.MaxInt64, f)
	t.Stop()
	keep(&vtimer{at: unsafe.Pointer(t), f: f}).start(d)
	raceRelease(unsafe.Pointer(t))
	return t
}

//go:norace
func pointTimer(site string) {
	point(site, "timer")
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
	pointTimer(site)
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
	pointTimer(site)
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
	pointTimer(site)
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
	pointTimer(site)
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
	pointTimer(site)
	if v := objectAt(unsafe.Pointer(t)).timer; v != nil {
		v.drain()
		v.period = int64(d)
		v.start(d)
		return
	}
	t.Reset(d)
}

// Sleeps is for how long a goroutine of that name still sleeps, 0 if it does not.
//
//go:norace
func Sleeps(name string) time.Duration {
	for i := range s.nlive {
		if g := s.live[i]; g.Name == name && g.state == asleep && g.until > s.now {
			return time.Duration(g.until - s.now)
		}
	}
	return 0
}

// Advance moves the time of package time on, and fires what is due, instant by instant,
// each followed by a point at which others can go on.
//
//go:norace
func Advance(d time.Duration) {
	end := later(d)
	quiet := false // nothing has happened since all went quiet
	for {
		at, some := nextDue(end)
		if !some {
			break
		}
		visitFixed(theTime, opTimeMoved)
		s.now, quiet = max(s.now, at), false
		for t := due(); t != nil; t = due() {
			if t.ch != nil && letGo(s.cur, chanPtr(t.ch)) {
				continue // who waited for the tick before has it now
			}
			t.fire()
			give()
			quiet = s.settles
		}
		if !quiet {
			give()
		}
	}
	visitFixed(theTime, opTimeMoved)
	s.now = end
	if !quiet {
		give()
	}
}

// give lets others go on: until all is quiet, or if the Chooser wants.
//
//go:norace
func give() {
	if s.settles {
		Idle(1)
	} else {
		yield("", "time")
	}
}

// Settle says whether, when time moves, all goes quiet between two instants.
//
//go:norace
func Settle(on bool) { s.settles = on }

// nextDue is the first instant up to end at which a timer fires or a sleeper wakes that
// did not before, and whether there is one.
//
//go:norace
func nextDue(end int64) (next int64, some bool) {
	if t := firstTimer(); t != nil && t.when <= end {
		next, some = t.when, true
	}
	for i := range s.nlive {
		if g := s.live[i]; g.state == asleep && g.until > s.now && g.until <= end && (!some || g.until < next) {
			next, some = g.until, true
		}
	}
	return next, some
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
