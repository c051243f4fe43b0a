package rt

import (
	"math"
	"syscall"
	"time"
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
	spellTime(site)
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
