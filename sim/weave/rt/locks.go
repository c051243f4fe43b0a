package rt

import (
	"sync"
	"unsafe"
)

// MutexLock is mu.Lock().
//
//go:norace
func MutexLock(site string, mu *sync.Mutex) {
	if !active {
		mu.Lock()
		return
	}
	lock(site, unsafe.Pointer(mu))
	if !mu.TryLock() {
		stale(site)
	}
}

// stale ends a run that came to a lock which is held since an earlier run, or by code that is not
// woven: nobody in this run can unlock it.
//
//go:norace
func stale(site string) {
	s.res.Stale = site
	limit()
}

// lock waits until the lock is free for a writer, and takes it.
//
//go:norace
func lock(site string, p unsafe.Pointer) *object {
	o := comes(p)
	point(site, "lock")
	g := s.cur
	g.wants = nil
	if o.owner != nil {
		visit(p, opLockAwaited)
		g.state, g.ptr = forLock, unsafe.Pointer(o)
		wait(g, site, "lock")
	}
	own(o, g, site)
	if quiet(site) && g.looks {
		visit(p, opTimeSeen)
	} else {
		visit(p, opLocked)
	}
	return o
}

//go:norace
func own(o *object, g *G, site string) {
	o.owner, o.site, o.lent = g, site, false
	g.locks |= o.bit()
}

//go:norace
func disown(o *object) {
	o.owner.locks &^= o.bit()
	o.owner = nil
}

// MutexTryLock is mu.TryLock().
//
//go:norace
func MutexTryLock(site string, mu *sync.Mutex) bool {
	if active {
		o := try(site, "try lock", unsafe.Pointer(mu))
		if o.owner != nil {
			visit(o.at, opTryFailed)
			return false
		}
		o.take(site)
	}
	return mu.TryLock()
}

// MutexUnlock is mu.Unlock(). It is no point at which a schedule may switch: nothing that
// others could see comes between it and the goroutine's next point.
//
//go:norace
func MutexUnlock(site string, mu *sync.Mutex) {
	if !active || stray() {
		mu.Unlock()
		return
	}
	o := before(site, "unlock", unsafe.Pointer(mu))
	if o.owner == nil {
		fatal("sync: unlock of unlocked mutex")
	}
	disown(o)
	o.given(site)
	mu.Unlock()
	after(site, "unlock")
}

// try is the point at which somebody tries to lock. From then on it matters when a lock is
// held: see before.
//
//go:norace
func try(site, what string, p unsafe.Pointer) *object {
	hold()
	meets(p)
	o := objectAt(p)
	if !o.tried {
		visit(unsafe.Add(p, 1), opTriedFirst)
	}
	o.tried = true
	point(site, what)
	return o
}

// before is a point before an unlock, if somebody has tried to lock. Nobody else can tell
// whether the lock was held in between, if nothing happens in between.
//
//go:norace
func before(site, what string, p unsafe.Pointer) *object {
	hold()
	isAt(site)
	o := objectAt(p)
	if !o.tried {
		visit(unsafe.Add(p, 1), opTriedSeen)
	}
	if o.tried && !s.dying {
		point(site, what)
	}
	return o
}

// after is the point after an unlock. A run that is being ended lets the locks go, for
// what others do after it, and there is no point.
//
//go:norace
func after(site, what string) {
	if !s.dying {
		point(site, what)
	}
}

// RWMutexLock is mu.Lock().
//
//go:norace
func RWMutexLock(site string, mu *sync.RWMutex) {
	if active {
		o := lock(site, unsafe.Pointer(mu))
		if o.readers > 0 { // from here on new readers wait
			g := s.cur
			g.state, g.ptr = forReaders, unsafe.Pointer(o)
			wait(g, site, "lock")
		}
		if !mu.TryLock() {
			stale(site)
		}
		return
	}
	mu.Lock()
}

// RWMutexTryLock is mu.TryLock().
//
//go:norace
func RWMutexTryLock(site string, mu *sync.RWMutex) bool {
	if active {
		o := try(site, "try lock", unsafe.Pointer(mu))
		if o.owner != nil || o.readers > 0 {
			visit(o.at, opTryFailed)
			return false
		}
		o.take(site)
	}
	return mu.TryLock()
}

// RWMutexUnlock is mu.Unlock(). Readers that wait have the lock before any writer.
//
//go:norace
func RWMutexUnlock(site string, mu *sync.RWMutex) {
	if !active || stray() {
		mu.Unlock()
		return
	}
	o := before(site, "unlock", unsafe.Pointer(mu))
	if o.owner == nil || o.owner.state == forReaders {
		fatal("sync: Unlock of unlocked RWMutex")
	}
	disown(o)
	for i := range s.nlive {
		if g := s.live[i]; g.state == forRead && g.ptr == unsafe.Pointer(o) && !g.granted {
			g.grant()
			o.readers++
		}
	}
	o.given(site)
	mu.Unlock()
	after(site, "unlock")
}

// RWMutexRLock is mu.RLock().
//
//go:norace
func RWMutexRLock(site string, mu *sync.RWMutex) {
	if active {
		meets(unsafe.Pointer(mu))
		point(site, "read lock")
		g, o := s.cur, objectAt(unsafe.Pointer(mu))
		if o.owner == nil {
			visit(o.at, opReadLocked)
			o.readers++
		} else {
			visit(o.at, opReadQueued)
			g.state, g.ptr = forRead, unsafe.Pointer(o)
			wait(g, site, "read lock") // whoever unlocks counts it
		}
		o.reader, o.readSite = g, site
		g.reads |= o.bit()
	}
	mu.RLock()
}

// RWMutexTryRLock is mu.TryRLock().
//
//go:norace
func RWMutexTryRLock(site string, mu *sync.RWMutex) bool {
	if active {
		o := try(site, "try read lock", unsafe.Pointer(mu))
		if o.owner != nil {
			visit(o.at, opTryFailed)
			return false
		}
		visit(o.at, opReadLocked)
		o.readers++
		o.reader, o.readSite = s.cur, site
		s.cur.reads |= o.bit()
	}
	return mu.TryRLock()
}

// RWMutexRUnlock is mu.RUnlock().
//
//go:norace
func RWMutexRUnlock(site string, mu *sync.RWMutex) {
	if !active || stray() {
		mu.RUnlock()
		return
	}
	o := before(site, "read unlock", unsafe.Pointer(mu))
	if o.readers == 0 {
		fatal("sync: RUnlock of unlocked RWMutex")
	}
	o.readers--
	s.cur.reads &^= o.bit()
	visit(o.at, opReadUnlocked)
	mu.RUnlock()
	after(site, "read unlock")
}

// readLocker is what RWMutexRLocker returns.
type readLocker struct {
	mu   *sync.RWMutex
	site string
}

func (r readLocker) Lock()   { RWMutexRLock(r.site, r.mu) }
func (r readLocker) Unlock() { RWMutexRUnlock(r.site, r.mu) }

// RWMutexRLocker is mu.RLocker().
func RWMutexRLocker(site string, mu *sync.RWMutex) sync.Locker { return readLocker{mu, site} }

// LockerLock is l.Lock(), of a lock known or one whose own code was woven.
func LockerLock(site string, l sync.Locker) {
	switch l := l.(type) {
	case *sync.Mutex:
		MutexLock(site, l)
	case *sync.RWMutex:
		RWMutexLock(site, l)
	default:
		l.Lock()
	}
}

// LockerUnlock is l.Unlock().
func LockerUnlock(site string, l sync.Locker) {
	switch l := l.(type) {
	case *sync.Mutex:
		MutexUnlock(site, l)
	case *sync.RWMutex:
		RWMutexUnlock(site, l)
	default:
		l.Unlock()
	}
}

// Bound is a method value: f of p, called later.
func Bound[P any](site string, f func(string, P), p P) func() { return func() { f(site, p) } }
