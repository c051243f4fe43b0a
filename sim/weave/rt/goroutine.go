package rt

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"unsafe"
)

// G is a goroutine of a run.
type G struct {
	turns
	cases  [maxCases]Case
	ncases int
	gone   bool    // the goroutine has ended, and this can be used again
	edge   [2]byte // addresses for the race detector
	Status
}

// Status is what a goroutine is and does at present.
type Status struct {
	Name     string // its spawn path: the name of a lane, or its parent's path and its number among the children
	Index    int    // in the order of starting, from 0
	Points   int    // passed so far
	children int
	run      int // points since it got the turn

	stream, drawn uint64 // of its random numbers, and how many it drew
	met           int    // addresses that it met first

	locks, reads uint64 // that it holds, and those for reading: see bit
	plains       int    // of its points: those at which nobody was asked

	state    waitKind
	ptr      unsafe.Pointer // the object or channel waited for
	site     string
	what     string
	sends    bool       // it waits to send, perhaps among others
	hushed   bool       // of a traced run: what it does is in a package woven quietly
	looks    bool       // what it does up to its next point only looks at a mocked clock
	begins   int        // at this one of its points the last call began, as far as is known to a Record
	wants    *object    // the lock or once that it has come to
	awaited  [4]awaited // the last ones, innermost last
	nawaited int
	queued   int64 // when it began to wait, for what is first come first served
	until    int64 // state asleep: when it may go on
	level    int   // state idle: the higher, the later it goes on
	granted  bool  // what it waits for is there
	watched  bool  // see still
	given    bool  // and was handed over

	slot   unsafe.Pointer // a value on its way: the sender's
	tmp    any            // a channel that stands in for an unbuffered one
	chosen int            // the case of a select that was handed over
	commit int            // the case of a select, from 1, that it must take

	cond      unsafe.Pointer // the condition that it waits for, since
	condSince int64
	signalled bool

	logger unsafe.Pointer // it logs: the lock of the logger
	writes bool           // and has that lock

	born   string // where it was started
	waits  int64  // when the wait for time began that moves saw last
	rounds int    // how many such waits

	helper   bool // the program did not start it, so it is not left behind
	returned bool // its function has
	over     bool // has it, or will not any more
	ending   bool // it was told to
}

//go:norace
func newG(name string) *G {
	if s.n == maxGoroutines {
		limit()
	}
	g := s.gs[s.n]
	if g == nil || !g.gone { // one that could not be ended keeps what it has
		g = new(G)
		s.gs[s.n] = g
	}
	g.gone, g.Status = false, Status{Name: name, Index: s.n}
	s.n++
	s.still.restless++
	s.live[s.nlive] = g
	s.nlive++
	s.got = s.points
	visitFixed(goroutines, opGoroutineBorn)
	order(Starts, g.Index)
	return g
}

// bury takes a goroutine that has ended from the living.
//
//go:norace
func bury(g *G) {
	s.got = s.points
	s.still.rouse(g)
	s.still.restless--
	n := 0
	for i := range s.nlive {
		if o := s.live[i]; o != g {
			s.live[n] = o
			n++
		}
	}
	s.nlive = n
}

// body is a goroutine from its beginning to its end.
func body(g *G, f func()) {
	defer exit(g)
	defer caught(g)
	park(g)
	f()
	finish(g)
}

//go:norace
func finish(g *G) { g.returned, g.over = true, true }

// caught ends the run if the goroutine panics. It is not part of exit, because what the
// panic says of itself may be the program's code, and reach a point.
//
//go:norace
func caught(g *G) {
	if r := recover(); r != nil && !s.dying {
		text, stack := fmt.Sprint(r), string(debug.Stack())
		s.res.Panic, s.res.Stack, s.res.Panicked = text, stack, g.Name
		s.res.Woken = g.until != 0 || g.born == ""
		end(g)
	} else if !g.over && !s.dying && g.Index == 0 {
		s.res.Panic = "the main function ended its goroutine"
	}
}

// exit passes the turn on for the last time.
//
//go:norace
func exit(g *G) {
	g.over, g.state = true, ended
	visitFixed(goroutines, opGoroutineGone)
	bury(g)
	var next *G
	if g.Index == 0 {
		end(g)
	}
	if !s.dying {
		g.Points++
		if next = s.choose(g, "", "end", false); next == nil && !s.dying {
			deadlock()
		}
	}
	if s.dying {
		next = anyLeft()
	}
	raceRelease(unsafe.Pointer(&s.gen))
	g.gone = true
	pass(next)
	leave(g)
}

//go:norace
func anyLeft() *G {
	for i := range s.nlive {
		if g := s.live[i]; !g.over && !g.ending {
			g.ending = true
			return g
		}
	}
	return nil
}

// park waits for the first turn.
//
//go:norace
func park(g *G) {
	if arrive(g); s.dying {
		abandon(g)
	}
}

// abandon ends a goroutine that gets the turn because the run is over, and takes back what was granted to it: it will
// not come to take that.
//
//go:norace
func abandon(g *G) {
	switch {
	case g.state == forRead && g.granted:
		(*object)(g.ptr).readers--
	case g.state == forReaders:
		(*object)(g.ptr).owner = nil
	}
	runtime.Goexit()
}
