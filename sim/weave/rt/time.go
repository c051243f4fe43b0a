package rt

import (
	"time"
	"unsafe"
)

const maxTimers = 1 << 10

// vtimer is a timer or ticker of package time, on the time of a run.
type vtimer struct {
	timer  *time.Timer
	ticker *time.Ticker
	ch     chan time.Time
	f      func()
	when   int64
	period int64
	set    bool
	order  int64 // when it was set: of two at one instant this one comes first
	name   string
}

//go:norace
func addTimer(t *vtimer) {
	if s.ntimers == maxTimers {
		panic("batchlab: more timers in one run than the scheduler keeps")
	}
	s.timers[s.ntimers] = t
	s.ntimers++
}

//go:norace
func (t *vtimer) start(d time.Duration) {
	s.clock++
	t.when, t.set, t.order = s.now+max(int64(d), 0), true, s.clock
}

//go:norace
func findTimer(t *time.Timer) *vtimer {
	for i := range s.ntimers {
		if v := s.timers[i]; v.timer == t {
			return v
		}
	}
	return nil
}

//go:norace
func findTicker(t *time.Ticker) *vtimer {
	for i := range s.ntimers {
		if v := s.timers[i]; v.ticker == t {
			return v
		}
	}
	return nil
}

// TimeNow is time.Now().
//
//go:norace
func TimeNow(site string) time.Time {
	if !active {
		return time.Now()
	}
	point(site, "clock")
	return time.Unix(0, s.now)
}

// TimeSince is time.Since(t).
func TimeSince(site string, t time.Time) time.Duration {
	if !active {
		return time.Since(t)
	}
	return TimeNow(site).Sub(t)
}

// TimeUntil is time.Until(t).
func TimeUntil(site string, t time.Time) time.Duration {
	if !active {
		return time.Until(t)
	}
	return t.Sub(TimeNow(site))
}

// TimeSleep is time.Sleep(d). In a package that is woven quietly, such as that of a mocked
// clock, it stands for letting others go on, and takes no time.
//
//go:norace
func TimeSleep(site string, d time.Duration) {
	switch {
	case !active:
		time.Sleep(d)
	case site[0] == '~' && s.settles:
		Idle(1)
	case site[0] == '~':
		yield(site[1:], "yield")
	default:
		point(site, "sleep")
		g := s.cur
		g.state, g.until = asleep, s.now+int64(d)
		wait(g, site, "sleep")
	}
}

// TimeNewTimer is time.NewTimer(d).
//
//go:norace
func TimeNewTimer(site string, d time.Duration) *time.Timer {
	if !active {
		return time.NewTimer(d)
	}
	point(site, "timer")
	ch := make(chan time.Time, 1)
	t := &vtimer{timer: &time.Timer{C: ch}, ch: ch}
	addTimer(t)
	t.start(d)
	return t.timer
}

// TimeAfter is time.After(d).
func TimeAfter(site string, d time.Duration) <-chan time.Time {
	if !active {
		return time.After(d)
	}
	return TimeNewTimer(site, d).C
}

// TimeAfterFunc is time.AfterFunc(d, f).
//
//go:norace
func TimeAfterFunc(site string, d time.Duration, f func()) *time.Timer {
	if !active {
		return time.AfterFunc(d, f)
	}
	point(site, "timer")
	t := &vtimer{timer: new(time.Timer), f: f, name: s.cur.Name}
	addTimer(t)
	t.start(d)
	raceRelease(unsafe.Pointer(t.timer))
	return t.timer
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
	point(site, "timer")
	ch := make(chan time.Time, 1)
	t := &vtimer{ticker: &time.Ticker{C: ch}, ch: ch, period: int64(d)}
	addTimer(t)
	t.start(d)
	return t.ticker
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
	point(site, "timer")
	v := findTimer(t)
	if v == nil {
		return t.Stop()
	}
	was := v.set
	v.set = false
	return v.drain() || was
}

// drain takes a tick that nobody has received, and reports whether there was one.
//
//go:norace
func (t *vtimer) drain() bool {
	if t.ch == nil || len(t.ch) == 0 {
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
	point(site, "timer")
	v := findTimer(t)
	if v == nil {
		return t.Reset(d)
	}
	was := v.set
	was = v.drain() || was
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
	point(site, "timer")
	if v := findTicker(t); v != nil {
		v.set = false
		v.drain()
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
	point(site, "timer")
	if v := findTicker(t); v != nil {
		v.drain()
		v.period = int64(d)
		v.start(d)
		return
	}
	t.Reset(d)
}

// Advance moves the time of package time on, and fires what is due, instant by instant,
// each followed by a point at which others can go on.
//
//go:norace
func Advance(d time.Duration) {
	end := s.now + int64(d)
	for {
		at := nextDue(end)
		if at < 0 {
			break
		}
		s.now = max(s.now, at)
		for t := due(); t != nil; t = due() {
			t.fire()
			give()
		}
		give()
	}
	s.now = end
	give()
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
// did not before, or -1.
//
//go:norace
func nextDue(end int64) int64 {
	next := int64(-1)
	for i := range s.ntimers {
		if t := s.timers[i]; t.set && t.when <= end && (next < 0 || t.when < next) {
			next = t.when
		}
	}
	for i := range s.n {
		if g := s.gs[i]; g.state == asleep && g.until > s.now && g.until <= end && (next < 0 || g.until < next) {
			next = g.until
		}
	}
	return next
}

//go:norace
func due() *vtimer {
	var first *vtimer
	for i := range s.ntimers {
		t := s.timers[i]
		if t.set && t.when <= s.now && (first == nil || t.when < first.when || t.when == first.when && t.order < first.order) {
			first = t
		}
	}
	return first
}

//go:norace
func (t *vtimer) fire() {
	if t.period > 0 {
		t.when += t.period
	} else {
		t.set = false
	}
	switch {
	case t.f != nil:
		raceAcquire(unsafe.Pointer(t.timer))
		spawn(childName(s.cur), t.f)
	case len(t.ch) == 0:
		t.ch <- time.Unix(0, s.now)
	}
}
