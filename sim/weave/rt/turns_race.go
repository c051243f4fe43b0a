//go:build race

package rt

// turns is how a goroutine gets the turn: under the race detector it waits at a channel,
// out of the detector's sight. (Coroutines would be in its sight: see turns.go.)
type turns struct{ wake chan struct{} }

// done gets a value when the run is over.
var done = make(chan struct{}, 1)

// launch starts a goroutine, which waits for its first turn.
//
//go:norace
func launch(g *G, f func()) {
	if g.wake == nil {
		g.wake = make(chan struct{}, 1)
	}
	go body(g, f)
}

// carry begins a run, and returns when it is over.
func carry(begin func()) {
	begin()
	<-done
}

// Keep does nothing: a goroutine is to be new where it was started, in the eyes of the
// detector.
func Keep() (rest func()) { return func() {} }

// pass gives the turn to g, which is parked or about to be; if it is nil, the run is over.
//
//go:norace
func pass(g *G) {
	s.cur = g
	if g == nil {
		done <- struct{}{}
		return
	}
	raceDisable()
	g.wake <- struct{}{}
	raceEnable()
}

// hand gives the turn to another, and waits to get it back.
//
//go:norace
func hand(g, next *G) {
	if next == nil || s.dying {
		cannot()
	}
	next.run, s.still.on = 0, false
	pass(next)
	if arrive(g); s.dying {
		abandon(g)
	}
}

// arrive waits for the turn.
//
//go:norace
func arrive(g *G) {
	raceDisable()
	<-g.wake
	raceEnable()
}

// leave is the last thing that a goroutine does.
//
//go:norace
func leave(*G) {}
