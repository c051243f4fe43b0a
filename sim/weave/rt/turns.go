//go:build !race

package rt

import "iter"

// turns is how a goroutine gets the turn. Each is a coroutine of package iter: to go over
// to another one costs a third of what it costs to wake one at a channel. Whoever gives
// the turn to a goroutine resumes it, and is inside until it yields; so those inside are a
// chain, and the way to one of them is to yield until it is reached. Each resumption is
// yielded from once, so a turn costs two switches at most, and one if two take turns.
//
// The race detector sees what package iter does there, and would take a turn for
// synchronization: see turns_race.go.
type turns struct {
	resume func() (struct{}, bool)
	yield  func(struct{}) bool
	f      func()
	inside bool // it has the turn, or waits for whom it resumed
	torn   bool // it has not returned, but panicked or called Goexit, and yields for the last time
}

// keeps is how many want ended goroutines to be kept.
var keeps int

// Keep has the goroutines of runs kept when they have ended, for the next runs, until rest
// is called: a new one costs a third of a short run, for its stack has to grow. All runs
// until then are to be in one bubble, or in none.
func Keep() (rest func()) {
	keeps++
	return func() {
		if keeps--; keeps > 0 {
			return
		}
		apart(func() {
			for _, g := range s.gs {
				if g != nil && g.resume != nil {
					g.resume()
				}
			}
		})
	}
}

// launch starts a goroutine, which waits for its first turn.
func launch(g *G, f func()) {
	if g.f, g.inside = f, false; g.resume != nil {
		return
	}
	g.resume, _ = iter.Pull(func(yield func(struct{}) bool) {
		defer func() { g.resume = nil }()
		g.yield = yield
		for g.f != nil {
			body(g, g.f)
			if g.f = nil; keeps > 0 {
				g.inside = false
				yield(struct{}{})
			}
		}
	})
}

// carry begins a run, and returns when it is over. It does so on a goroutine of its own:
// coroutines are bound to the thread of who makes them, if he has one to himself.
func carry(begin func()) {
	apart(func() {
		begin()
		for s.cur != nil {
			s.cur.enter()
		}
	})
	for i := range s.n {
		if g := s.gs[i]; g.torn {
			g.torn = false
			apart(g.enter) // Goexit ends who resumes as well
		}
	}
}

// apart calls a function on a goroutine of its own.
func apart(f func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f()
	}()
	<-ended
}

//go:norace
func (g *G) enter() {
	g.inside = true
	g.resume()
}

// pass gives the turn to g, which is parked or about to be; if it is nil, the run is over.
//
//go:norace
func pass(g *G) { s.cur = g }

// hand gives the turn to another, and waits to get it back.
//
//go:norace
func hand(g, next *G) {
	if next == nil || s.dying {
		cannot()
	}
	next.run, s.still.on, s.cur = 0, false, next
	for s.cur != g {
		if o := s.cur; o != nil && !o.inside {
			o.inside = true
			o.resume()
		} else {
			g.inside = false
			g.yield(struct{}{})
		}
	}
	if s.dying {
		abandon(g)
	}
}

// arrive waits for the first turn, which a coroutine has when it is resumed.
//
//go:norace
func arrive(*G) {}

// leave is the last thing that a goroutine does. What it does not return from would end
// who resumed it as well.
//
//go:norace
func leave(g *G) {
	if !g.returned {
		g.torn, g.inside = true, false
		g.yield(struct{}{})
	}
}
