package rt

// still is what has to stay as it is for nobody to go on who cannot go on now: channels in which there is
// nothing, and flags that are not set. Most points are passed while all others wait for a tick, an operation or
// quiet, and this is faster to look at than they are. Who waits for anything else is restless.
type still struct {
	restless int               // goroutines that are not watched, whoever has the turn among them
	idle     [maxLevel + 1]int // goroutines that wait for quiet, by level
	list     [32]watched
	n        int
	on       bool // see recorded
}

// watched is a channel, or a flag, for which a goroutine waits.
type watched struct {
	by   *G
	ch   *header
	flag *bool
}

// there reports whether what is waited for is there.
//
//go:norace
func (e *watched) there() bool {
	return e.ch != nil && (e.ch.count != 0 || e.ch.closed != 0) || e.flag != nil && *e.flag
}

// alone reports whether whoever has the turn, and waits for nothing, is known to be the only one that can go on.
//
//go:norace
func (w *still) alone() bool {
	if w.restless != 1 {
		return false
	}
	for i := range w.n {
		if w.list[i].there() {
			return false
		}
	}
	return true
}

// next is the only one that can go on, if that is known.
//
//go:norace
func (w *still) next(g *G) (next *G) {
	if s.moves.by != nil || w.restless > 1 || w.restless == 1 && g.state != running {
		return nil
	}
	if w.restless == 1 {
		next = g
	}
	for i := range w.n {
		if e := &w.list[i]; next != e.by && e.there() {
			if next != nil {
				return nil
			}
			next = e.by
		}
	}
	if next != nil {
		return next
	}
	level := 1
	if w.idle[1] == 0 {
		level = 2
	}
	if w.idle[level] != 1 {
		return nil
	}
	for i := range s.nlive {
		if o := s.live[i]; o.state == idle && o.level == level {
			return o
		}
	}
	return nil
}

// recorded sees to it that a Record has no step for each of the points that a goroutine passes alone, but for the
// first ones.
//
//go:norace
func (w *still) recorded(g *G) {
	if !w.on {
		w.on = g.run > 2
		if !g.GoesOn() {
			record.step(g)
		}
	}
}

// watch begins to watch what a goroutine waits for, unless that is something else or too much.
//
//go:norace
func (w *still) watch(g *G) {
	from := w.n
	switch {
	case g.logger != nil:
		return
	case g.state == idle:
		w.idle[g.level]++
	case g.state == forFlag:
		w.add(watched{by: g, flag: (*bool)(g.ptr)})
	case g.state == toReceive:
		w.add(watched{by: g, ch: (*header)(g.ptr)})
	case g.state == inSelect && !g.sends:
		for i := range g.ncases {
			w.add(watched{by: g, ch: (*header)(g.cases[i].ch)})
		}
	default:
		return
	}
	if w.n > len(w.list) {
		w.n = from
		return
	}
	g.watched = true
	w.restless--
}

//go:norace
func (w *still) add(e watched) {
	if w.n < len(w.list) {
		w.list[w.n] = e
	}
	w.n++
}

// rouse ends that.
//
//go:norace
func (w *still) rouse(g *G) {
	if !g.watched {
		return
	}
	g.watched = false
	w.restless++
	if g.state == idle {
		w.idle[g.level]--
		return
	}
	n := 0
	for i := range w.n {
		if e := w.list[i]; e.by != g {
			w.list[n] = e
			n++
		}
	}
	w.n = n
}
