package rt

import "runtime"

// point lets the Chooser say who goes on before the goroutine does what it is about to.
//
//go:norace
func point(site, what string) {
	hold()
	g := s.cur
	if quiet(site) {
		g.hushed = true
		count(g)
		return
	}
	g.site, g.what, g.looks = site, what, false
	count(g)
	if s.exam.on {
		s.exam.see(g, site, what)
	}
	g.Points++
	g.run++
	yields := g.run > s.cfg.Unfair
	switch {
	case yields || !s.still.alone():
		turn(g, s.choose(g, site, what, yields))
	case record.on:
		s.still.recorded(g)
	}
	if s.traced != nil {
		trace(g, site, what, false)
	}
}

// quiet reports whether a site is in a package woven quietly.
//
//go:norace
func quiet(site string) bool { return site != "" && site[0] == '~' }

// turn gives the turn to another, if it is another, and waits to get it back. It is inlined, and calls what does the
// work itself: when stacks are switched a processor mispredicts each return from a call that was made before.
//
//go:norace
func turn(g, next *G) {
	if next != g || s.dying {
		hand(g, next)
	}
}

// cannot is what a goroutine does that cannot give the turn away: the run is over, or nobody can take it.
//
//go:norace
func cannot() {
	if !s.dying {
		deadlock()
	}
	runtime.Goexit()
}

// count counts a step and stops a run that has taken too many.
//
//go:norace
func count(g *G) {
	if s.points++; s.points >= s.check {
		checked(g)
	}
}

// checked is what count does at few points: those from which on something may be wrong, and all of a run that is
// ending or looked at.
//
//go:norace
func checked(g *G) {
	if s.dying {
		s.points--
		stop(g)
	}
	from := s.got + lonely
	if s.cfg.Plain == Unheard {
		from = s.cfg.Steps
	}
	switch {
	case s.cfg.Spin == 0 && s.points <= s.cfg.Steps && (s.points < from || !repeats(g)):
	case s.cfg.Spin > 0 && s.points > s.cfg.Steps:
		limit()
	case s.cfg.Spin > 0 && !spun():
		from = s.got + s.cfg.Spin + 1
	default:
		s.res.Spun, s.res.Spinning = true, spinning()
		stop(g)
	}
	if s.check = min(from, s.cfg.Steps+1); s.exam.on {
		s.check = 0
	}
}

// yield is a point at which the goroutine gives way.
//
//go:norace
func yield(site, what string) {
	hold()
	g := s.cur
	g.site, g.what = site, what
	count(g)
	g.Points++
	turn(g, s.choose(g, site, what, true))
	trace(g, site, what, false)
}

// wait gives the turn away until the goroutine's state says that it can go on.
//
//go:norace
func wait(g *G, site, what string) {
	count(g)
	g.Points++
	g.site, g.what = site, what
	s.clock++
	g.queued = s.clock
	if s.traced != nil {
		trace(g, site, what, true)
	}
	if g.sends {
		s.senders++
	}
	s.still.watch(g)
	turn(g, s.choose(g, site, what, false))
	s.still.rouse(g)
	if g.sends {
		s.senders--
	}
	if record.on {
		g.woken()
	}
	g.state, g.granted, g.ptr, g.sends = running, false, nil, false
	if g != s.moves.by {
		s.got = s.points
	}
}

// choose returns who goes on, nil if nobody can.
//
//go:norace
func (s *state) choose(g *G, site, what string, yields bool) *G {
	if yields {
		order(GivesWay, 0)
	}
	if record.on {
		record.stop(g)
	}
	next := s.pick(g, site, what, yields)
	if record.on && next != nil && (next != g || !g.GoesOn()) {
		record.step(next)
	}
	return next
}

//go:norace
func (s *state) pick(g *G, site, what string, yields bool) *G {
	if g.logger != nil {
		g.writes = heldForReal(g.logger) // it was free, or this goroutine's, when this got the turn
	}
	if s.moves.by != nil && s.moves.busily(g) {
		return s.moves.by
	}
	s.still.on = false
	if next := s.still.next(g); next != nil {
		s.still.on = next == g && g.run > 2
		return next
	}
	p := &s.p
	n, self, after, level := s.gather(g, nil)
	if s.moves.by != nil {
		n, self, after = s.moves.among(g, n, self, after, level)
	}
	if n < 2 {
		if n == 0 {
			return nil
		}
		return s.enabled[0]
	}
	p.G, p.Site, p.What, p.Enabled, p.Alts, p.Self, p.Yields = g, site, what, s.enabled[:n], nil, self, yields
	switch {
	case self >= 0 && !yields:
		p.Default = self
	case after >= 0:
		p.Default = after
	case s.enabled[0] == s.moves.by: // time is the last to move
		p.Default = 1
	default:
		p.Default = 0
	}
	if s.free {
		return s.enabled[p.Default]
	}
	s.moves.beside = true
	i := s.cfg.Chooser.Next(p)
	s.record(Decision{G: g, Nth: g.Points, Site: site, What: what, To: s.enabled[i], N: n, Forced: self < 0 || yields,
		Plain: i == p.Default})
	return s.enabled[i]
}

// gather puts those who can go on into enabled, but for one of them, and returns how many they
// are, where among them g is and the first that was started after it, or -1, and the level
// of quiet for which they waited, if they did.
//
//go:norace
func (s *state) gather(g, but *G) (n, self, after, level int) {
	self, after, level = -1, -1, maxLevel
	for i := range s.nlive {
		o, quiet := s.live[i], 0
		if o.barred() {
			continue
		}
		switch o.state {
		case running:
		case idle:
			quiet = o.level
		default:
			if o == but || !ready(o) {
				continue
			}
		}
		if quiet > level {
			continue
		}
		if quiet < level {
			n, self, after, level = 0, -1, -1, quiet
		}
		if o == g && o != s.moves.by { // of the clock: whoever else can go on does, if nothing is chosen
			self = n
		} else if after < 0 && o.Index > g.Index && o != s.moves.by {
			after = n
		}
		s.enabled[n] = o
		n++
	}
	return n, self, after, level
}

// Control says whether the Chooser is asked, as it is at first; if not, everything takes
// the default. What was done before it comes before what is done from then on.
//
//go:norace
func Control(on bool) { control(s.cur, on) }

//go:norace
func control(g *G, on bool) {
	s.free = !on
	s.step++
	if record.on = on && s.watched && !record.Lost; record.on {
		record.step(g)
	}
}
