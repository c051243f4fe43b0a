package rt

// Waiter is a goroutine that has not ended, and what it waits for.
type Waiter struct {
	Name   string
	What   string // what it waits for
	Site   string // where, "" if that is not known
	Born   string // where it was started, "" if the program did not
	By     string // who holds the lock that it waits for, "" if that is nobody or it is no lock
	BySite string // where that was locked
	Points int    // that it has passed
	Timed  bool   // it waits for time, or need not wait
	Stray  bool   // a goroutine of no run waits at the other end of its channel
}

// waiters lists who has not ended, but for those whom the program did not start.
//
//go:norace
func waiters() []Waiter {
	list := make([]Waiter, s.nlive)
	n := 0
	for i := range s.nlive {
		g := s.live[i]
		if g.over || g.helper {
			continue
		}
		list[n] = g.waiter()
		n++
	}
	return list[:n]
}

//go:norace
func (g *G) waiter() Waiter {
	w := Waiter{Name: g.Name, What: g.waitsFor(), Site: g.site, Born: g.born, Points: g.Points, Timed: g.timed(),
		Stray: g.awaitsStray()}
	if g.state != idle && ready(g) {
		w.What, w.Timed = waitText[running], true
		return w
	}
	switch g.state {
	case forLock, forRead, forOnce:
		if o := (*object)(g.ptr); o.owner != nil {
			w.By, w.BySite = o.owner.Name, o.site
		}
	case forReaders:
		if o := (*object)(g.ptr); o.reader != nil {
			w.By, w.BySite = o.reader.Name, o.readSite
		}
	}
	return w
}

// spinning lists who passed more than a quarter of the points of the run, each with the place of
// its last one.
//
//go:norace
func spinning() []Waiter {
	list := make([]Waiter, 4)
	n := 0
	for i := range s.nlive {
		if g := s.live[i]; g.Points > s.points/4 && n < len(list) && g != s.moves.by {
			list[n] = Waiter{Name: g.Name, What: g.what, Site: g.site, Born: g.born, Points: g.Points}
			n++
		}
	}
	return list[:n]
}

// Left lists the goroutines that have not ended, other than the caller.
//
//go:norace
func Left() []Waiter {
	me := s.cur
	was := me.helper
	me.helper = true
	list := waiters()
	me.helper = was
	return list
}

// Held is a lock that a goroutine which has ended did not unlock.
type Held struct {
	By, Site string // who locked it, and where
	Reading  bool
}

// Abandoned lists the locks that are held by goroutines that have ended. If only somebody who
// reads has a lock, nobody knows who that is as long as somebody else is left.
//
//go:norace
func Abandoned() []Held {
	var list [8]Held
	n := 0
	for i := range s.objects {
		o := &table[i]
		if o.site == "" && o.readSite == "" || n == len(list) {
			continue
		}
		switch {
		case o.owner != nil && o.owner.over:
			list[n] = Held{By: o.owner.Name, Site: o.site}
			n++
		case o.owner == nil && o.readers > 0 && o.reader != nil && o.reader.over:
			list[n] = Held{By: o.reader.Name, Site: o.readSite, Reading: true}
			n++
		}
	}
	all := make([]Held, n)
	for i := range all {
		all[i] = list[i]
	}
	return all
}

// PointsSoFar is how many points the run under way has passed, for whoever watches over the process from outside.
//
//go:norace
func PointsSoFar() int { return s.points }

// Ending reports whether the run is over, and whoever gets the turn is ended.
//
//go:norace
func Ending() bool { return s.dying }

// Aside says that the goroutine is none of the program's: nobody misses its end.
//
//go:norace
func Aside() { s.cur.helper = true }
