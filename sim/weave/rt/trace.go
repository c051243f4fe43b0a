package rt

// Passed is a point that a goroutine passed, or one at which it began to wait.
type Passed struct {
	G     string // its name
	Site  string
	What  string
	Waits bool
	Seq   int64 // see Seq
}

// trace writes down a point, if the run is to be traced.
//
//go:norace
func trace(g *G, site, what string, waits bool) {
	if s.ntraced == len(s.traced) || site == "" || quiet(site) {
		return
	}
	s.clock++
	s.traced[s.ntraced] = Passed{g.Name, site, what, waits, s.clock}
	s.ntraced++
}
