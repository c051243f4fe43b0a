package rt

import "unsafe"

// Watcher is a Chooser that is shown what the steps of a run do, if it says so when the run begins.
type Watcher interface {
	Chooser
	Watch(*Record) bool
}

// Record is what a run has done so far, as far as the Chooser is asked: step by step, each what one goroutine
// did from one point to the next. It is valid until the next run, and grows as that goes on.
type Record struct {
	Steps    [MostSteps]Step
	N        int // steps
	accesses [mostAccesses]Access
	n        int
	Objects  int  // that have a number; those that get one later have a higher one
	Lost     bool // there was more than there is room for
	Clock    int  // the goroutine that is time, if there is one, or -1
	on       bool

	// Where an object's number is, places tells, as it does for what objectAt finds.
	places [MostObjects]int64
	at     [MostObjects]unsafe.Pointer
}

// Step is what one goroutine did from one point to the next.
type Step struct {
	G    int32 // its Index
	from int32
	Site string // of the point, "" if it is nobody's
	// How it ends: the goroutine waits, or has ended; or has come to a lock, or once, that is Lock, and waits if that
	// is held.
	Waits bool
	Lock  int32
}

// Access is what a step did to an object: its number, and the effect below.
type Access uint32

// Limits of a Record.
const (
	MostSteps    = 1 << 13
	mostAccesses = 1 << 15
	MostObjects  = 1 << 13
)

// Objects that have no address.
const (
	Everything = iota
	calls
	theTime
	goroutines
	fixed
)

// Object is the number of what was accessed.
//
//go:norace
func (a Access) Object() int { return int(a >> 4) }

// Effect is what was done to it.
//
//go:norace
func (a Access) Effect() Effect { return Effect(a & 15) }

// Accesses returns those of a step.
//
//go:norace
func (r *Record) Accesses(step int) []Access {
	to := r.n
	if step+1 < r.N {
		to = int(r.Steps[step+1].from)
	}
	return r.accesses[r.Steps[step].from:to]
}

// Does returns what is to be taken for the accesses of a step in a run that is over: a step that does nothing but
// end a call is one with the step before, if the same goroutine did that right before.
//
//go:norace
func (r *Record) Does(step int) []Access {
	switch {
	case r.ends(step):
		return nil
	case step+1 < r.N && r.ends(step+1):
		return r.accesses[r.Steps[step].from : int(r.Steps[step+1].from)+1]
	}
	return r.Accesses(step)
}

//go:norace
func (r *Record) ends(step int) bool {
	if step == 0 || r.Steps[step-1].G != r.Steps[step].G {
		return false
	}
	does := r.Accesses(step)
	return len(does) == 1 && does[0] == Access(calls)<<4|Access(Counts)
}

// record is that of the run under way.
var record = new(Record)

//go:norace
func watch(c Chooser) {
	w, ok := c.(Watcher)
	s.watched = ok && w.Watch(record) || s.traced != nil
	record.Clock = -1
	record.on, record.N, record.n, record.Objects, record.Lost = s.watched, 0, 0, fixed, false
}

// step begins a step of a goroutine.
//
//go:norace
func (r *Record) step(g *G) {
	if s.traced != nil { // it is shown to a person, and to nobody else
		return
	}
	if r.N == MostSteps {
		r.Lost, r.on = true, false
		return
	}
	r.Steps[r.N] = Step{G: int32(g.Index), from: int32(r.n), Site: g.site}
	r.N++
}

// stop says how the last step ends.
//
//go:norace
func (r *Record) stop(g *G) {
	if r.N == 0 || s.traced != nil {
		return
	}
	lock := g.wants
	if g.state == forLock || g.state == forOnce {
		lock = (*object)(g.ptr)
	}
	step := &r.Steps[r.N-1]
	if step.Waits, step.Lock = lock == nil && g.state != running, 0; lock != nil {
		step.Lock = int32(r.number(lock.at))
	}
}

// carry begins a step of a goroutine that nobody chose.
//
//go:norace
func (r *Record) carry(g *G) {
	if order(Carries, g.Index); r.on {
		r.step(g)
	}
}

// Carried says whether a step is one that nobody chose: see Carries.
//
//go:norace
func (r *Record) Carried(step int) bool {
	if step > 0 && step < r.N {
		for _, a := range r.Accesses(step - 1) {
			if a.Effect() == Carries {
				return true
			}
		}
	}
	return false
}

//go:norace
func (r *Record) add(object int, e Effect) {
	if s.traced != nil {
		return
	}
	if r.n == mostAccesses {
		r.Lost, r.on = true, false
		return
	}
	r.accesses[r.n] = Access(object)<<4 | Access(e)
	r.n++
	if s.cur != nil {
		s.cur.begins = 0 // if its call had only begun, it has done something now
	}
}

// number returns the number of an object, by its address, which no other takes during the run.
//
//go:norace
func (r *Record) number(p unsafe.Pointer) int {
	h := uintptr(p) >> 3
	h ^= h >> 9
	for i := range uintptr(MostObjects) {
		place := &r.places[(h+i)%MostObjects]
		if *place/MostObjects != s.gen {
			if r.Objects == MostObjects {
				break
			}
			*place = s.gen*MostObjects + int64(r.Objects)
			r.at[r.Objects] = p
			r.Objects++
			return r.Objects - 1
		}
		if n := int(*place % MostObjects); r.at[n] == p {
			return n
		}
	}
	r.Lost, r.on = true, false
	return Everything
}
