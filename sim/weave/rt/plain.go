package rt

import "unsafe"

// Plain reads and writes, of a run with Config.Plain, are counted among the points of a goroutine, so that
// a schedule can name each of them. Few are worth a choice: a line is, if it touches memory that another
// goroutine touched beside it, one of them writing, with no lock that both held (Savage et al.: Eraser,
// TOCS 1997). What channels or atomics order is taken in as well: that costs points, and shows nothing that cannot
// be. Which lines those are, the runs tell; Heed makes points of them, between two searches.

// Plains says what plain accesses are.
type Plains uint8

const (
	Unheard Plains = iota // nothing
	Counted               // counted
	Heeded                // points, on the lines of which Heed knows
	Choices               // points, all of them: for a schedule that is followed
)

// Limits of what is kept in mind of plain accesses.
const (
	mostLines  = 64
	accessed   = 1 << 12 // places in a run
	plainSpin  = 1 << 17 // accesses after which a goroutine gives way that passes no point: it may wait for one of them
	spinWeight = 16      // so often, and it spins
)

// unlocked are those that touch memory which others touch beside them.
var unlocked struct {
	list   [mostLines]string
	n      int
	heeded int // those that are points
}

// access is what is known of a place since the step began.
type access struct {
	at    unsafe.Pointer // kept, so that nothing else takes its address
	step  int64
	by    *G
	locks uint64 // that all had who touched it
	wrote bool
	by2   bool // more than one did
	sites [3]string
}

// stepBits are those of a step in its run.
const stepBits = 20

var (
	touches [2 * accessed]access
	plainly bool // plain accesses are seen
)

// Heed makes points of the lines that were found since the last time, and returns how many there are.
//
//go:norace
func Heed() int {
	n := unlocked.n - unlocked.heeded
	unlocked.heeded = unlocked.n
	return n
}

// Lines are the lines that touch memory which others touch beside them, without a common lock.
//
//go:norace
func Lines() []string {
	list := make([]string, unlocked.n)
	for i := range list {
		list[i] = unlocked.list[i]
	}
	return list
}

// Learn takes in lines that runs of another process have found: see Lines.
//
//go:norace
func Learn(lines []string) {
	for i := range lines {
		found(lines[i])
	}
}

// Chances is how many points the goroutine that has the turn has passed at which another could have gone on, and how
// many it has started.
//
//go:norace
func Chances() int {
	if !active {
		return 0
	}
	return s.cur.Met() + s.cur.children
}

// Met is how many points a goroutine has passed, but for plain accesses at which nobody was asked.
//
//go:norace
func (g *G) Met() int { return g.Points - g.plains }

// Read is before a place is read.
func Read[T any](site, what string, p *T) *T {
	if plainly {
		plain(site, what, unsafe.Pointer(p), false, true)
	}
	return p
}

// Write is before a place is written with what needs no computing, and Wrote before what is written is
// computed, behind which Then is called.
func Write[T any](site, what string, p *T) *T {
	if plainly {
		plain(site, what, unsafe.Pointer(p), true, true)
	}
	return p
}

// Wrote: see Write.
func Wrote[T any](site, what string, p *T) *T {
	if plainly {
		plain(site, what, unsafe.Pointer(p), true, false)
	}
	return p
}

// Then is between what is computed and its place.
func Then[T any](site, what string, v T) T {
	if plainly {
		plain(site, what, nil, true, true)
	}
	return v
}

// ReadMap is Read for what is in a map.
func ReadMap[M any](site, what string, m M) M {
	if plainly {
		plain(site, what, *(*unsafe.Pointer)(unsafe.Pointer(&m)), false, true)
	}
	return m
}

// WriteMap is Write for what is in a map.
func WriteMap[M any](site, what string, m M) M {
	if plainly {
		plain(site, what, *(*unsafe.Pointer)(unsafe.Pointer(&m)), true, true)
	}
	return m
}

// WroteMap is Wrote for what is in a map.
func WroteMap[M any](site, what string, m M) M {
	if plainly {
		plain(site, what, *(*unsafe.Pointer)(unsafe.Pointer(&m)), true, false)
	}
	return m
}

// plain is a plain access, or a moment before one.
//
//go:norace
func plain(site, what string, p unsafe.Pointer, writes, point bool) {
	if strays && stray() || s.dying {
		return
	}
	g := s.cur
	line := heeds(site)
	s.exam.much = s.exam.much || writes
	if point {
		g.Points++
		s.plains++
		switch {
		case s.plains%plainSpin == 0 && s.unmoved():
			s.points += s.cfg.Steps / spinWeight
			yield(site, "plain")
		case line && s.cfg.Plain != Counted, s.cfg.Plain == Choices && !s.free:
			plainPoint(g, site, what, writes, line)
		default:
			g.plains++
		}
	}
	if p != nil && !s.free && s.cfg.Plain != Counted && s.nplaces < accessed {
		touched(g, site, p, writes)
	}
}

// plainPoint is point, for what is named by what it touches.
//
//go:norace
func plainPoint(g *G, site, what string, writes, line bool) {
	does := "read"
	if writes {
		does = "write"
	}
	g.site, g.what = site, does
	if line {
		count(g)
	}
	g.run++
	yields := g.run > s.cfg.Unfair
	switch {
	case yields || !s.still.alone():
		turn(g, s.choose(g, site, does, yields))
	case record.on:
		s.still.recorded(g)
	}
	visitFixed(Everything, opUnknown)
	if line && s.traced != nil {
		trace(g, site, does+" "+what, false)
	}
}

// unmoved reports whether no point was passed since it was last asked.
//
//go:norace
func (s *state) unmoved() bool {
	was := s.plainly
	s.plainly = s.points
	return was == s.points
}

// heeds reports whether a line is one that is a point.
//
//go:norace
func heeds(site string) bool {
	n := unlocked.heeded
	if s.cfg.Plain == Choices { // all are points, and this is one to show
		n = unlocked.n
	}
	for i := range n {
		if unlocked.list[i] == site {
			return true
		}
	}
	return false
}

// touched takes in an access.
//
//go:norace
func touched(g *G, site string, p unsafe.Pointer, writes bool) {
	a, locks := accessTo(p), g.locks
	if !writes {
		locks |= g.reads
	}
	if a.at != p || a.step != s.step {
		if a.step>>stepBits != s.gen {
			s.nplaces++
		}
		*a = access{at: p, step: s.step, by: g, locks: locks}
	}
	a.by2 = a.by2 || a.by != g
	a.locks &= locks
	a.wrote = a.wrote || writes
	for i := range a.sites {
		if a.sites[i] == site {
			break
		}
		if a.sites[i] == "" {
			a.sites[i] = site
			break
		}
	}
	if !a.by2 || !a.wrote || a.locks != 0 {
		return
	}
	found(site)
	for i := range a.sites {
		found(a.sites[i])
	}
}

// accessTo is where what is known of a place is, or is to be.
//
//go:norace
func accessTo(p unsafe.Pointer) *access {
	h := uintptr(p) >> 3
	for h ^= h >> 12; ; h++ {
		a := &touches[h%uintptr(len(touches))]
		if a.at == p || a.step>>stepBits != s.gen {
			return a
		}
	}
}

// found adds a line.
//
//go:norace
func found(site string) {
	for i := range unlocked.n {
		if unlocked.list[i] == site {
			return
		}
	}
	if site != "" && unlocked.n < mostLines {
		unlocked.list[unlocked.n] = site
		unlocked.n++
	}
}
