package rt

import "unsafe"

// Passed is a point that a goroutine passed, one at which it began to wait, or a choice there that
// was not the default.
type Passed struct {
	G     string // its name
	Site  string
	What  string
	Waits bool
	To    string // of a preemption: who went on instead
	Alt   int    // of a choice between other things than goroutines: which, from 1; else 0
	Seq   int64  // see Seq
	Place int    // where Site is, of Seen.Places, from 1; 0 if that is not known
	Now   int64  // of a look at the clock: how late it is, in nanoseconds since the run began
}

// MostTraced is how many points a Trace has at most, the first ones.
const MostTraced = 1 << 16

// trace writes down a point, if the run is to be traced.
//
//go:norace
func trace(g *G, site, what string, waits bool) {
	if s.traced != nil && !s.unseen && site != "" && !quiet(site) {
		g.hushed = false
		s.clock++
		write(Passed{G: g.Name, Site: site, What: what, Waits: waits, Seq: s.clock, Place: place(site)})
	}
}

// write makes room as it is needed: by append the race detector would be told.
//
//go:norace
func write(p Passed) {
	if s.ntraced == MostTraced {
		return
	}
	if s.ntraced == len(s.traced) {
		old := s.traced
		s.traced = make([]Passed, 2*len(old))
		//lint:ignore S1001 copy is reported by the race detector from within the runtime
		for i := range old {
			s.traced[i] = old[i]
		}
	}
	s.traced[s.ntraced] = p
	s.ntraced++
}

// traceChoice writes down a choice, if it is one that a person has to know of: who waits lets
// somebody else go on anyway.
//
//go:norace
func traceChoice(d Decision) {
	if d.Plain || d.To != nil && (d.Forced || d.To == d.G) {
		return
	}
	s.clock++
	p := Passed{G: d.G.Name, Site: d.Site, What: d.What, Alt: d.Alt + 1, Seq: s.clock}
	if d.Site != "" && !quiet(d.Site) {
		p.Place = place(d.Site)
	}
	if d.To != nil {
		p.To, p.Alt = d.To.Name, 0
	}
	write(p)
}

// Say writes down, in a run that is traced, what the goroutine that has the turn does.
//
//go:norace
func Say(what string) {
	if Tracing() && !s.dying {
		s.clock++
		write(Passed{G: s.cur.Name, What: what, Seq: s.clock})
	}
}

// Tracing reports whether what happens now is written down.
//
//go:norace
func Tracing() bool { return active && s.traced != nil && !s.unseen }

// Unseen says that nothing that happens is written down, of a run that is traced, but choices, up to
// Unseen(false).
//
//go:norace
func Unseen(yes bool) { s.unseen = yes }

// spellTime says for a person what the clock says at the point that was passed last.
//
//go:norace
func spellTime(site string) {
	if n := s.ntraced; Tracing() && n > 0 && s.traced[n-1].Site == site {
		s.traced[n-1].Now = s.now - s.cfg.Epoch
	}
}

// Touch is At, and says for a person what follows: the schedule knows only that something is touched.
func Touch[P any](site, does string, p P) P {
	if active {
		if examining() {
			s.exam.look(p)
		}
		var at unsafe.Pointer
		var as Sort
		if record.on {
			at = pointee(p)
			if Tracing() {
				as = sortOf(p)
			}
		}
		touch(site, does, at, as)
	}
	return p
}

// spell says for a person what the point is that was passed last, if it was written down.
//
//go:norace
func spell(does string) {
	if n := s.ntraced; does != "" && n > 0 && s.traced[n-1].Seq == s.clock {
		s.traced[n-1].What = does
	}
}

// Again is Touch of what At has come to, after the last argument that has points of its own, which it passes on.
func Again[V any](site, does string, v V) V {
	if active {
		if examining() {
			s.exam.look(v)
		}
		var at unsafe.Pointer
		if record.on {
			at = s.cur.cameTo(site)
		}
		touch(site, does, at, 0)
	}
	return v
}

//go:norace
func touch(site, does string, at unsafe.Pointer, as Sort) {
	if record.on {
		meets(at)
	}
	point(site, "touch")
	spell(does)
	if record.on {
		if as == 0 {
			visitTouched(site, does, at)
			return
		}
		s.seen.was = as.at(at)
		visitTouched(site, does, at)
		s.seen.was = Value{}
	}
}
