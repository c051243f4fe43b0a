package rt

import "runtime"

// value chooses among n alternatives; which of them they are stands in s.alts.
//
//go:norace
func value(g *G, site, what string, n int) int {
	if n == 1 || s.free || quiet(site) {
		return s.alts[0]
	}
	g.Points++
	p := &s.p
	p.G, p.Site, p.What, p.Enabled, p.Alts, p.Self, p.Yields, p.Default = g, site, what, nil, s.alts[:n], -1, false, 0
	i := s.cfg.Chooser.Value(p)
	s.record(Decision{G: g, Nth: g.Points, Site: site, What: what, Alt: s.alts[i], N: n, Plain: i == 0})
	if s.dying {
		runtime.Goexit()
	}
	return s.alts[i]
}

// record adds to the log. If that is full, it ends the run: who chose sees to it, because
// who has ended already cannot be stopped.
//
//go:norace
func (s *state) record(d Decision) {
	if s.traced != nil {
		traceChoice(d)
	}
	if d.Plain && s.cfg.Timed && s.nlog > maxLog/2 { // long runs keep what makes them another than the default
		return
	}
	if s.nlog == len(s.log) && !s.moreLog() {
		if !s.dying {
			s.res.Full = true
			end(s.cur)
		}
		return
	}
	s.log[s.nlog] = d
	s.nlog++
}

// moreLog makes room in the log, where a run may be as long as that.
//
//go:norace
func (s *state) moreLog() bool {
	if !s.cfg.Timed || len(s.log) == maxTimedLog {
		return false
	}
	old := s.log
	s.log = make([]Decision, 2*len(old))
	for i := range old { // copy would be seen by the race detector
		d := &old[i]
		s.log[i] = *d
	}
	return true
}
