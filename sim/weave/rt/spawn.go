package rt

import (
	"runtime"
	"strconv"
	"unsafe"
)

// Go is go f().
//
//go:norace
func Go(site string, f func()) {
	if !active {
		go astray(f)()
		return
	}
	hold()
	count(s.cur)
	g := spawn(childName(s.cur), f)
	g.born = site
	if s.traced != nil {
		trace(s.cur, site, "go "+g.Name, false)
	}
	if s.cfg.Timed && s.cfg.Unfair == unfair && site != "" { // it may be faster than what nobody orders after it
		point(site, "go")
	}
}

//go:norace
func childName(g *G) string {
	g.children++
	return g.Name + "/" + strconv.Itoa(g.children)
}

//go:norace
func spawn(name string, f func()) *G {
	g := newG(name)
	launch(g, f)
	return g
}

// Spawn starts a goroutine with a name of its own. Only what runs under Run may call it.
//
//go:norace
func Spawn(name string, f func()) { spawn(name, f) }

// RuntimeGosched is runtime.Gosched().
//
//go:norace
func RuntimeGosched(site string) {
	if !active {
		runtime.Gosched()
		return
	}
	yield(site, "yield")
}

// At passes a value on, after a scheduling point. If what is done to it has arguments with points of their own, Again
// follows.
func At[P any](site string, p P) P {
	if active {
		if examining() {
			s.exam.look(p)
		}
		var at unsafe.Pointer
		if record.on && site != "" {
			at = pointee(p)
			s.cur.comesTo(site, at)
		}
		touch(site, "", at, 0)
	}
	return p
}

//go:norace
func examining() bool { return s.exam.on }

// Idle waits until nobody can go on whose level is below the given one: 1 waits for all
// who do not wait for quiet themselves, 2 for those at level 1 as well.
//
//go:norace
func Idle(level int) {
	g := s.cur
	g.state, g.level = idle, level
	wait(g, "", "quiet")
}

// Active reports whether a run is under way.
func Active() bool { return active }

// Yield lets another goroutine go on if the Chooser wants.
//
//go:norace
func Yield(what string) { yield("", what) }

// Await waits until *done, which somebody sets who has the turn.
//
//go:norace
func Await(done *bool, what string) {
	g := s.cur
	if *done {
		return
	}
	g.state, g.ptr = forFlag, unsafe.Pointer(done)
	wait(g, "", what)
}

// Self is the goroutine that has the turn. Only what runs under Run may call it.
//
//go:norace
func Self() *G { return s.cur }

// Seq counts everything that happens in a run: a later call returns a greater number.
//
//go:norace
func Seq() int64 {
	s.clock++
	return s.clock
}

// Acquire and Release make what one goroutine did before its Release happen before what
// another does after its Acquire of the same address, for the race detector.
func Acquire(p unsafe.Pointer) { raceAcquire(p) }

// Release: see Acquire.
func Release(p unsafe.Pointer) { raceRelease(p) }
