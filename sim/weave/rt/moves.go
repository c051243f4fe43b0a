package rt

import (
	"math"
	"time"
	"unsafe"
)

// In a Timed run time is one more goroutine, named clock, whose step is that the next timer is
// due or the next sleeper wakes. It can go on beside others while something is pending that is
// not further ahead than Config.Ahead, as often as Config.Early says; what is due already costs
// nothing of that. When all others wait it goes on by itself, and there is nothing to choose.
//
// That has two ends, both counted in timers and not in seconds. While one goroutine, the main
// function's unless Watch names another, waits for one and the same thing, time moves on by
// itself so often at most; then nobody can go on. And Drain, after the main function's work,
// waits for no ticker to end.
//
// Time also moves on when many points were passed, by as much as they would take, and when
// somebody passes many and gets nowhere: he may be waiting for it.

const (
	patience = 10_000 // moves while who is watched waits in one place
	drained  = 10_000 // moves while Drain waits
	hastens  = 2_000  // points, after which time may move on although somebody can go on
	perPoint = 100    // nanoseconds that a point takes, if so many come between two moves
	busiest  = 1_000  // such moves in a run
	late     = 1_000  // nanoseconds by which what comes with time comes too late, as it does on any machine
	rounds   = 3      // waits for time of each goroutine that is left, after which Drain need not see more of them
)

// moves is the state of time in a Timed run.
type moves struct {
	by       *G // the goroutine clock, nil if the run is not Timed
	watched  *G
	early    int
	beside   bool // somebody else could go on when it was chosen
	draining bool
	n        int   // moves by itself since
	still    int   // points up to the last move while somebody was busy
	busier   int   // such moves
	since    int64 // watched began to wait for what it waits for
	exact    bool  // see Exact
	stills   int   // who waits in Still
}

//go:norace
func startClock() {
	g := newG("clock")
	g.state, g.helper, s.moves.by = ticking, true, g
	s.moves.watched = s.gs[0]
	record.Clock = g.Index
	launch(g, passTime)
}

//go:norace
func passTime() {
	for {
		s.cur.state = running
		visitFixed(Everything, opClockStepped)
		move()
		s.cur.state = ticking
		wait(s.cur, "", "time")
	}
}

// move lets the next timer be due, or the next sleepers wake.
//
//go:norace
func move() {
	at, some := nextDue(math.MaxInt64 - 1)
	if !some {
		return
	}
	if at > s.now {
		if s.moves.beside {
			s.moves.early--
			s.hurry(at)
		}
		if s.now = at; !s.moves.exact {
			s.now += late
		}
	}
	if Tracing() {
		Say("time is +" + time.Duration(s.now-s.cfg.Epoch).String())
	}
	s.res.Timers++
	s.moves.still = s.points
	for t := due(); t != nil; t = due() {
		if t.ch != nil && letGo(s.cur, chanPtr(t.ch)) {
			continue // who waited for the tick before has it now
		}
		t.fire()
		return
	}
}

// hurry notes by how much time runs ahead of who could go on, and which sleep of a test that ends: it may be
// there for them to be done by then.
//
//go:norace
func (s *state) hurry(at int64) {
	by := time.Duration(at - s.now)
	s.res.Hurried += by
	for i := range s.nlive {
		g := s.live[i]
		if g.state == asleep && g.until <= at && by > s.res.Rushed.By && inTest(g.site) {
			s.res.Rushed = Rushed{g.site, by}
		}
	}
}

// inTest reports whether a site is in a test file.
//
//go:norace
func inTest(site string) bool {
	const suffix = "_test.go:"
	for i := 0; i+len(suffix) <= len(site); i++ {
		if site[i:i+len(suffix)] == suffix {
			return true
		}
	}
	return false
}

// ready reports whether the clock can go on beside others.
//
//go:norace
func (m *moves) ready() bool {
	at, some := nextDue(math.MaxInt64 - 1)
	return some && (at <= s.now || m.early > 0 && at <= later(s.cfg.Ahead) && !m.exact)
}

// among changes what gather returned: if nobody else can go on but those who wait for quiet, the
// clock goes on by itself, as often as it may, and else is not among them.
//
//go:norace
func (m *moves) among(g *G, n, self, after, level int) (int, int, int) {
	if m.by.state != ticking || level == 0 && (n > 1 || s.enabled[0] != m.by) {
		return n, self, after
	}
	if m.stills == 0 && m.alone() {
		s.enabled[0] = m.by
		return 1, -1, -1
	}
	n, self, after, _ = s.gather(g, m.by)
	return n, self, after
}

// busily reports whether the clock goes on, which is early, since g has been busy for so long:
// computing takes time too, and who gets nowhere may wait for it.
//
//go:norace
func (m *moves) busily(g *G) bool {
	busy := s.points - m.still
	if busy < hastens || m.exact || g == m.by || m.by.state != ticking || m.busier == busiest {
		return false
	}
	at, some := nextDue(math.MaxInt64 - 1)
	if !some || int64(busy) < (at-s.now)/perPoint && !stuck(g) {
		return false
	}
	m.still = s.points
	m.busier++
	m.beside = true
	return true
}

// stuck reports whether g gets nowhere, and was followed by those who could have ended that, if
// there are any.
//
//go:norace
func stuck(g *G) bool {
	nowhere := s.points - max(s.got, s.moves.still)
	if others(g) {
		return nowhere > hastens+2*s.cfg.Unfair
	}
	return nowhere > hastens
}

// look is how long a look at the clock takes: what ends after a nanosecond is over when somebody looks twice.
const look = 2

// seen has time move on for whoever looks at the clock: no two looks see the same, and who looks
// again and again may wait for it.
//
//go:norace
func (m *moves) seen() {
	if m.by == nil || m.exact {
		return
	}
	if s.now += look; s.points-max(s.got, s.moves.still) > hastens {
		s.now += int64(time.Millisecond / 10)
	}
}

// alone reports whether the clock goes on by itself.
//
//go:norace
func (m *moves) alone() bool {
	if _, some := nextDue(math.MaxInt64 - 1); !some {
		return false
	}
	if m.since != m.watched.queued {
		m.since, m.n = m.watched.queued, 0
	}
	m.n++
	m.beside = false
	if m.draining {
		return m.n <= drained && m.news()
	}
	return m.n <= patience
}

// news reports whether, of those who are left, somebody waits for something other than time, or
// has not waited for time often enough.
//
//go:norace
func (m *moves) news() bool {
	some, left := false, 0
	for i := range s.nlive {
		g := s.live[i]
		if g.Index == 0 || g.helper {
			continue
		}
		left++
		if !g.timed() {
			some = true
		} else if g.waits != g.queued {
			g.waits = g.queued
			g.rounds++
		}
		some = some || g.rounds <= rounds
	}
	return some || left == 0 && m.n <= 10*rounds
}

// timed reports whether what a goroutine waits for comes with time.
//
//go:norace
func (g *G) timed() bool {
	switch g.state {
	case asleep:
		return g.until < math.MaxInt64
	case toReceive:
		return isTimer(g.ptr)
	case inSelect:
		for i := range g.ncases {
			if c := &g.cases[i]; !c.send && isTimer(c.ch) {
				return true
			}
		}
	}
	return false
}

// isTimer reports whether a channel is that of a timer which is set.
//
//go:norace
func isTimer(ch unsafe.Pointer) bool {
	for i := range s.ntimers {
		if t := s.timers[i]; t.ch != nil && chanPtr(t.ch) == ch {
			return true
		}
	}
	return false
}

// Drain lets the goroutines that are left go on until all is quiet, or only time moves.
//
//go:norace
func Drain() {
	s.moves.draining, s.moves.watched = true, s.cur
	Idle(1)
	s.moves.draining = false
}

// Watch says for whose waiting time moves on by itself only so often, and returns who it was.
//
//go:norace
func Watch(g *G) (was *G) {
	was = s.moves.watched
	s.moves.watched = g
	return was
}
