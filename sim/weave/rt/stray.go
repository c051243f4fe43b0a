package rt

import (
	"runtime"
	"runtime/debug"
)

// Goroutines that were started when no run was under way, such as by the initialization of a package or by
// TestMain, belong to no run. One that comes to a point while a run is under way stops there for
// good: no schedule decides when it comes, and it must not pass for who has the turn. What it
// does that nobody waits for, an unlock, it may do.
//
// They are told by a flag that package runtime keeps for each goroutine, and nobody else uses.

// strays is whether there are any, and fresh whether any came since the last run.
var strays, fresh bool

// astray is a function that is about to run on a goroutine of no run.
func astray(f func()) func() {
	someStray()
	return func() {
		debug.SetPanicOnFault(true)
		f()
	}
}

//go:norace
func someStray() { strays, fresh = true, true }

// settleStrays lets those that have just been started come to where they wait, before a run begins.
//
//go:norace
func settleStrays() {
	for i := 0; fresh && i < 1000; i++ {
		runtime.Gosched()
	}
	fresh = false
}

// stray reports whether the caller is of no run.
//
//go:norace
func stray() bool {
	if !strays || !debug.SetPanicOnFault(false) {
		return false
	}
	debug.SetPanicOnFault(true)
	return true
}

// hold stops who is of no run.
//
//go:norace
func hold() {
	if strays {
		holdStray()
	}
}

//go:norace
func holdStray() {
	if stray() {
		select {}
	}
}

// awaitsStray reports whether a goroutine of no run waits at the other end of the channel that g
// waits at.
//
//go:norace
func (g *G) awaitsStray() bool {
	switch {
	case !strays:
	case g.state == toSend:
		return g.ptr != nil && (*header)(g.ptr).recvq[0] != 0
	case g.state == toReceive:
		return g.ptr != nil && (*header)(g.ptr).sendq[0] != 0
	case g.state == inSelect:
		for i := range g.ncases {
			c := &g.cases[i]
			if c.ch != nil && (c.send && (*header)(c.ch).recvq[0] != 0 || !c.send && (*header)(c.ch).sendq[0] != 0) {
				return true
			}
		}
	}
	return false
}
