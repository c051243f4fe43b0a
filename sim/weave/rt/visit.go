package rt

import (
	"context"
	"reflect"
	"unsafe"
)

// What operations tell a Record.

// visit writes down that the goroutine which has the turn did something to an object.
//
//go:norace
func visit(p unsafe.Pointer, o operation) {
	if record.on && p != nil {
		visited(p, o)
	}
}

//go:norace
func visited(p unsafe.Pointer, o operation) {
	if Effects[o].Does != Nothing {
		n := record.number(p)
		if s.traced != nil {
			traceAccess(n, p, o)
		}
		record.add(n, Effects[o].Does)
	}
}

// visitFixed is visit, of an object without an address.
//
//go:norace
func visitFixed(object int, o operation) {
	if record.on && Effects[o].Does != Nothing {
		record.add(object, Effects[o].Does)
	}
}

// meets numbers an object to which somebody comes. Who comes to a point does so before anybody is chosen
// there, so it has the same number whoever is.
//
//go:norace
func meets(p unsafe.Pointer) {
	if record.on && p != nil {
		record.number(p)
	}
}

// pointee is what an operation touches, nil if that is more than one address: then nothing is known of it.
func pointee[P any](p P) unsafe.Pointer {
	v := any(p)
	if _, more := v.(context.Context); more || v == nil {
		return nil
	}
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Struct && t.NumField() == 1 { // such as a clock that is made of another
		t = t.Field(0).Type
	}
	if t.Kind() != reflect.Pointer {
		return nil
	}
	return (*interfaceHeader)(unsafe.Pointer(&v)).data
}

// visitTouched is visit, of what a person reads as what is done: a load, a look at a clock, or else.
//
//go:norace
func visitTouched(site, does string, at unsafe.Pointer) {
	switch {
	case site == "": // of the lab
	case at == nil:
		visitFixed(Everything, opUnknown)
	case does == "load" || len(does) > 5 && does[:5] == "load ":
		visit(at, opLoaded)
	case looksAtClock(does):
		s.cur.looks = true
		visit(at, opTimeSeen)
	default:
		visit(at, opTouched)
	}
}

// looksAtClock reports whether a method of a mocked clock only looks.
//
//go:norace
func looksAtClock(does string) bool {
	for _, name := range [...]string{"now", "since", "until"} {
		if n := len(name); len(does) >= n && does[:n] == name && (len(does) == n || does[n] == ' ') {
			return true
		}
	}
	return false
}

// order writes down an order that is not between accesses of one object.
//
//go:norace
func order(e Effect, of int) {
	if record.on {
		record.add(of, e)
	}
}

// grant lets a goroutine go on which waits.
//
//go:norace
func (g *G) grant() {
	g.granted = true
	s.still.rouse(g)
	visit(unsafe.Pointer(g), opGranted)
}

// At is the site of the point that the goroutine has come to.
//
//go:norace
func (g *G) At() string { return g.site }

// Blocked reports whether the goroutine, which has come to a lock or a once, would wait if it went on.
//
//go:norace
func (g *G) Blocked() bool { return g.state == running && g.wants != nil && g.wants.owner != nil }

// Begins, Ends and Notes say that a call of the program begins or is over, or that something else happens
// that is judged by its place among calls.
//
//go:norace
func Begins() {
	if record.on {
		visitFixed(calls, opCallBegun)
		s.cur.begins = s.cur.Points + 1
	}
}

// GoesOn reports whether a goroutine is not to be left at the point that it has come to. One that finds a lock held
// waits, and then there is a choice; and a call begins right before it does something, if it has not yet: the later it
// begins, the less it may answer.
//
//go:norace
func (g *G) GoesOn() bool { return g.Blocked() || g.begins == g.Points }

// Ends: see Begins.
//
//go:norace
func Ends() { visitFixed(calls, opCallOver) }

// Notes: see Begins.
//
//go:norace
func Notes() { visitFixed(calls, opNoticed) }

// Set sets a flag that somebody may wait for: see Await.
//
//go:norace
func Set(done *bool) {
	visit(unsafe.Pointer(done), opFlagSet)
	*done = true
}

// woken writes down why a goroutine that waited goes on.
//
//go:norace
func (g *G) woken() {
	switch {
	case g.granted || g.state == forSignal:
		visit(unsafe.Pointer(g), opGranted)
	case g.state == idle:
		order(Quiet, 0)
	case g.state == toSend, g.state == toReceive:
		visit(g.ptr, opChannelUsed)
	case g.state == forReaders:
		visit((*object)(g.ptr).at, opLocked)
	case g.state == asleep:
		visitFixed(theTime, opSlept)
	case g.state == forFlag:
		visit(g.ptr, opFlagSeen)
	}
}

// comes says that the goroutine has come to a lock or a once, for which it may have to wait.
//
//go:norace
func comes(p unsafe.Pointer) *object {
	hold()
	meets(p)
	o := objectAt(p)
	s.cur.wants = o
	return o
}

// take is what a try that succeeds does.
//
//go:norace
func (o *object) take(site string) {
	own(o, s.cur, site)
	visit(o.at, opTryLocked)
	visit(o.at, opLocked)
}

//go:norace
func (o *object) given(site string) {
	if !quiet(site) || !s.cur.looks {
		visit(o.at, opUnlocked)
	}
}
