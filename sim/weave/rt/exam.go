package rt

import (
	"sync/atomic"
	"unsafe"
)

// exam looks at a run that has got nowhere for long: does it pass the same few points again and
// again, and see the same there, or does it do much? What locks may do much, for what it does under
// the lock nobody sees.
type exam struct {
	on    bool
	since int // see state.got
	n     int // points so far
	few   [fewest]uint64
	nfew  int
	sees  uint64 // what the operation at the next point is about to see
	much  bool
}

const (
	examined = 1 << 10 // points
	fewest   = 24      // different ones; more are much
)

// see takes in a point.
//
//go:norace
func (x *exam) see(g *G, site, what string) {
	x.n++
	if what == "lock" || what == "read lock" || what == "unlock" {
		x.much = true
	}
	p := uint64(g.Index)<<48 ^ uint64(uintptr(unsafe.Pointer(unsafe.StringData(site)))) ^ x.sees*0x9e3779b97f4a7c15
	x.sees = 0
	for i := range x.nfew {
		if x.few[i] == p {
			return
		}
	}
	if x.nfew == fewest {
		x.much = true
		return
	}
	x.few[x.nfew] = p
	x.nfew++
}

// look adds to the next point what its operation is about to see: where, and if it is a number which.
//
//go:norace
func (x *exam) look(p any) {
	at := (*interfaceHeader)(unsafe.Pointer(&p)).data
	v := uint64(uintptr(at))
	switch p := p.(type) {
	case *atomic.Int32:
		v ^= uint64(p.Load()) << 20
	case *atomic.Int64:
		v ^= uint64(p.Load()) << 20
	case *atomic.Uint32:
		v ^= uint64(p.Load()) << 20
	case *atomic.Bool:
		if p.Load() {
			v ^= 1 << 20
		}
	case *atomic.Uint64:
		v ^= p.Load() << 20
	case *int32:
		v ^= uint64(atomic.LoadInt32(p)) << 20
	case *int64:
		v ^= uint64(atomic.LoadInt64(p)) << 20
	case *uint32:
		v ^= uint64(atomic.LoadUint32(p)) << 20
	case *uint64:
		v ^= atomic.LoadUint64(p) << 20
	}
	x.sees = v
}

// lonely is how many points that lead nowhere the only goroutine that can go on passes before it is looked at.
const lonely = 500

// repeats reports whether a run whose plain accesses are seen passes the same points again and again, sees
// the same there and writes nothing, while nobody else can go on or everybody who could has had the turn.
//
//go:norace
func repeats(g *G) bool {
	x, nowhere := &s.exam, s.points-s.got
	x.on = x.on && x.since == s.got
	switch {
	case s.cfg.Plain == Unheard:
		return false
	case !x.on && nowhere%64 != 0, x.on && x.n < examined:
		return false
	case nowhere < 3*s.cfg.Unfair && others(g):
		x.on = false
		return false
	case !x.on:
		*x = exam{on: true, since: s.got}
		return false
	case x.much:
		s.got = s.points
		return false
	}
	return true
}

// others reports whether somebody else can go on, but for the clock.
//
//go:norace
func others(g *G) bool {
	for i := range s.nlive {
		if o := s.live[i]; o != g && o != s.moves.by && o.state != idle && ready(o) {
			return true
		}
	}
	return false
}

// spun reports whether a run that got nowhere for so long spins, as far as is known; one that
// does much is let go on.
//
//go:norace
func spun() bool {
	x := &s.exam
	switch {
	case s.points <= s.got+s.cfg.Spin:
		x.on = false
		return false
	case !x.on:
		s.exam = exam{on: true}
		return false
	case x.n < examined && s.points <= s.got+s.cfg.Spin+64*examined:
		return false
	case x.much:
		x.on = false
		s.got = s.points
		return false
	}
	return true
}
