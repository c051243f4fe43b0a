package rt

import (
	"reflect"
	"sync"
	"unsafe"
)

// WaitGroupAdd is wg.Add(n).
//
//go:norace
func WaitGroupAdd(site string, wg *sync.WaitGroup, n int) {
	if active {
		meets(unsafe.Pointer(wg))
		point(site, "group add")
		addTo(objectAt(unsafe.Pointer(wg)), n)
	}
	wg.Add(n)
}

// addTo counts. Whoever waits for zero when it is reached can go on, if only to panic
// because somebody has added again before that.
//
//go:norace
func addTo(o *object, n int) {
	o.count += n
	switch {
	case o.count < 0:
		visit(o.at, opGroupWaited) // the group itself panics, and counts so as well
	case n < 0 && o.count > 0:
		visit(o.at, opDoneOne)
	case n < 0:
		visit(o.at, opDoneLast)
	default:
		visit(o.at, opAdded)
	}
	if o.count > 0 {
		return
	}
	for i := range s.nlive {
		if g := s.live[i]; g.state == forGroup && g.ptr == unsafe.Pointer(o) {
			g.grant()
		}
	}
}

// WaitGroupDone is wg.Done(). Like an unlock, it is no point at which a schedule may switch.
//
//go:norace
func WaitGroupDone(site string, wg *sync.WaitGroup) {
	if !active || stray() {
		wg.Done()
		return
	}
	count(s.cur)
	isAt(site)
	addTo(objectAt(unsafe.Pointer(wg)), -1)
	wg.Done()
}

// WaitGroupWait is wg.Wait().
//
//go:norace
func WaitGroupWait(site string, wg *sync.WaitGroup) {
	if active {
		meets(unsafe.Pointer(wg))
		point(site, "group wait")
		g, o := s.cur, objectAt(unsafe.Pointer(wg))
		visit(o.at, opGroupWaited)
		if o.count > 0 {
			raceWait(wg, o)
			g.state, g.ptr = forGroup, unsafe.Pointer(o)
			wait(g, site, "group wait")
			visit(o.at, opGroupWaited)
			if o.count > 0 {
				panic("sync: WaitGroup is reused before previous Wait has returned")
			}
		}
	}
	wg.Wait()
}

// raceWait is what the first who waits does in the eyes of the race detector: it races with an Add from zero
// that nothing orders.
//
//go:norace
func raceWait(wg *sync.WaitGroup, o *object) {
	for i := range s.nlive {
		if g := s.live[i]; g.state == forGroup && g.ptr == unsafe.Pointer(o) {
			return
		}
	}
	raceWrite(unsafe.Add(unsafe.Pointer(wg), semaOfGroup))
}

// semaOfGroup is where in a group package sync has the Add from zero read.
var semaOfGroup = func() uintptr {
	f, _ := reflect.TypeFor[sync.WaitGroup]().FieldByName("sema")
	return f.Offset
}()

// WaitGroupGo is wg.Go(f).
func WaitGroupGo(site string, wg *sync.WaitGroup, f func()) {
	if !active {
		wg.Go(astray(f))
		return
	}
	WaitGroupAdd(site, wg, 1)
	Go(site, func() {
		defer func() {
			if r := recover(); r != nil {
				panic(r) // and nobody goes on because of a Done
			}
			WaitGroupDone(site, wg)
		}()
		f()
	})
}

// OnceDo is once.Do(f).
//
//go:norace
func OnceDo(site string, once *sync.Once, f func()) {
	if !active {
		once.Do(f)
		return
	}
	o := comes(unsafe.Pointer(once))
	point(site, "once")
	g := s.cur
	g.wants = nil
	if o.owner != nil {
		visit(o.at, opLockAwaited)
		g.state, g.ptr = forOnce, unsafe.Pointer(o)
		wait(g, site, "once")
	}
	// Whether the function is still to be run, only the once knows: it may have been
	// overwritten with a new one.
	o.owner = g
	visit(o.at, opOnceTaken)
	defer onceDone(o)
	once.Do(f)
}

//go:norace
func onceDone(o *object) {
	o.owner = nil
	visit(o.at, opOnceGiven)
}

// SyncOnceFunc is sync.OnceFunc(f).
func SyncOnceFunc(site string, f func()) func() {
	g := SyncOnceValue(site, func() struct{} { f(); return struct{}{} })
	return func() { g() }
}

// SyncOnceValue is sync.OnceValue(f).
func SyncOnceValue[T any](site string, f func() T) func() T {
	once, g := new(sync.Once), sync.OnceValue(f)
	return func() T {
		// A panic in f is kept by g and raised anew by each call.
		OnceDo(site, once, func() {
			defer func() { _ = recover() }()
			g()
		})
		return g()
	}
}

// SyncOnceValues is sync.OnceValues(f).
func SyncOnceValues[A, B any](site string, f func() (A, B)) func() (A, B) {
	type both struct {
		a A
		b B
	}
	g := SyncOnceValue(site, func() both { a, b := f(); return both{a, b} })
	return func() (A, B) { v := g(); return v.a, v.b }
}

// SyncNewCond is sync.NewCond(l).
func SyncNewCond(_ string, l sync.Locker) *sync.Cond { return sync.NewCond(l) }

// CondWait is c.Wait().
func CondWait(site string, c *sync.Cond) {
	if !active {
		c.Wait()
		return
	}
	isAt(site)
	enlist(c)
	LockerUnlock(site, c.L)
	condWait(site)
	LockerLock(site, c.L)
}

// enlist makes the goroutine one of those that a signal reaches, before it unlocks.
//
//go:norace
func enlist(c *sync.Cond) {
	s.clock++
	g := s.cur
	visit(unsafe.Pointer(c), opCondEnlisted)
	g.cond, g.condSince, g.signalled = unsafe.Pointer(c), s.clock, false
}

//go:norace
func condWait(site string) {
	g := s.cur
	if !g.signalled {
		g.state = forSignal
		wait(g, site, "cond wait")
	}
	raceAcquire(unsafe.Pointer(&g.edge[0])) // a signal synchronizes before the wait that it ends
	g.cond = nil
}

// CondSignal is c.Signal(): of those who wait, the first is woken.
//
//go:norace
func CondSignal(site string, c *sync.Cond) {
	if !active {
		c.Signal()
		return
	}
	meets(unsafe.Pointer(c))
	point(site, "signal")
	visit(unsafe.Pointer(c), opSignals)
	var first *G
	for i := range s.nlive {
		if g := s.live[i]; g.cond == unsafe.Pointer(c) && !g.signalled && (first == nil || g.condSince < first.condSince) {
			first = g
		}
	}
	if first != nil {
		first.signal()
	}
}

// CondBroadcast is c.Broadcast().
//
//go:norace
func CondBroadcast(site string, c *sync.Cond) {
	if !active {
		c.Broadcast()
		return
	}
	meets(unsafe.Pointer(c))
	point(site, "broadcast")
	visit(unsafe.Pointer(c), opSignals)
	for i := range s.nlive {
		if g := s.live[i]; g.cond == unsafe.Pointer(c) && !g.signalled {
			g.signal()
		}
	}
}

//go:norace
func (g *G) signal() {
	g.signalled = true
	visit(unsafe.Pointer(g), opGranted)
	raceRelease(unsafe.Pointer(&g.edge[0]))
}
