package sched

import (
	"math/bits"

	"batchlab/sim/weave/rt"
)

// least looks for an order of some steps of a run, the goal, that takes few preemptions, among those in which what does
// not commute comes as it did. What a goroutine would do next after the goal is known, and that it will: so to leave it
// there counts, though not for how long.
type least struct {
	o     *order
	r     *rt.Record // nil as long as nobody has asked of this run
	facts []fact
	first [goroutinesOfClock]moment // step of each goroutine
	born  [goroutinesOfClock]moment // in which step
	locks []lock
	goal  clock // the last step of each goroutine
	over  bool  // the goal is all there is

	// The goal may end in a step before another one, which it does not need.
	at     moment
	by     int    // the goroutine of it, -1 if there is none
	from   moment // its step before that
	past   *clock // what it needs
	lock   int32  // that it takes if it only waited for that, or 0
	before int    // whose next step comes after it

	trail  []clock // from where it is gone on
	seen   [1 << 10]tried
	states int
	query  uint32
}

// fact is what matters of a step.
type fact struct {
	next   moment // of the same goroutine
	holds  uint32 // of the first locks, after it
	yields bool
	mute   bool // it only begins to wait for a lock
	pushes bool // who comes next was not chosen
}

// lock is one that a goroutine comes to.
type lock struct {
	object int32
	by     int32  // who holds it
	wanted uint64 // who comes to it, ever
}

// tried is with how many preemptions it was tried to go on somewhere.
type tried struct {
	key   uint64
	query uint32
	most  int32
}

// mostStates is after how many states the goal is taken to be within the bound.
const mostStates = 5000

// begin takes in the steps of a run, of which the clocks are known, unless it has.
func (l *least) begin(d *POR) {
	if l.r != nil {
		return
	}
	l.o, l.r, l.locks = &d.order, d.record, l.locks[:0]
	end := l.o.known
	l.facts = grown(l.facts, end+1)
	l.first, l.born = [goroutinesOfClock]moment{}, [goroutinesOfClock]moment{}
	var last [goroutinesOfClock]moment
	for i := range end {
		m, g := moment(i+1), l.r.Steps[i].G
		l.facts[m] = l.fact(i)
		if last[g] == 0 {
			l.first[g] = m
		} else {
			l.facts[last[g]].next = m
		}
		last[g] = m
	}
}

func (l *least) fact(step int) (f fact) {
	g, does := l.r.Steps[step].G, l.r.Accesses(step)
	for _, a := range does {
		switch a.Effect() {
		case rt.GivesWay:
			f.yields = true
		case rt.Carries:
			f.pushes = true
		case rt.Wants:
			f.mute = len(does) == 1
		case rt.Starts:
			l.born[a.Object()] = moment(step + 1)
		case rt.Takes:
			l.lockAt(int32(a.Object())).by = g
		case rt.Gives:
			l.lockAt(int32(a.Object())).by = -1
		}
	}
	if at := l.r.Steps[step].Lock; at > 0 {
		l.lockAt(at).wanted |= 1 << g
	}
	for k := range min(len(l.locks), 32) {
		if l.locks[k].by == g {
			f.holds |= 1 << k
		}
	}
	return f
}

func (l *least) lockAt(object int32) *lock {
	for i := range l.locks {
		if l.locks[i].object == object {
			return &l.locks[i]
		}
	}
	l.locks = append(l.locks, lock{object: object, by: -1})
	return &l.locks[len(l.locks)-1]
}

// all has the goal be the first steps of the run.
func (l *least) all(steps int, over bool) {
	l.goal, l.by, l.over = clock{}, -1, over
	l.upTo(steps)
}

func (l *least) upTo(steps int) {
	for i := range steps {
		k := l.r.Steps[i].G
		l.goal[k] = max(l.goal[k], moment(i+1))
	}
}

// within reports whether the goal takes at most so many preemptions.
func (l *least) within(most int) bool {
	l.query++
	l.states = 0
	l.trail = grown(l.trail, l.r.N+1)
	l.trail[0] = clock{}
	return most >= 0 && l.search(0, -1, 0, most)
}

// search goes on after some steps, the last of which is of a goroutine p; those left behind are at a lock to which they
// came when it was free.
func (l *least) search(depth, p int, left uint64, most int) bool {
	done := &l.trail[depth]
	key, reached, able := (uint64(p+2)^left<<8)*0xbf58476d1ce4e5b9, true, uint64(0)
	for k := range l.o.width {
		key = (key ^ uint64(done[k])) * 0x9e3779b97f4a7c15
		key ^= key >> 29
		reached = reached && done[k] >= l.goal[k]
	}
	at := &l.seen[key>>54]
	if l.states++; reached || l.states > mostStates {
		return true
	} else if at.query == l.query && at.key == key && int(at.most) >= most {
		return false
	}
	*at = tried{key, l.query, int32(most)}
	for k := range l.o.width {
		if n := l.next(done, k); n > 0 && l.allowed(done, k, n) {
			able |= 1 << k
		}
	}
	for able != 0 {
		t := l.earliest(done, able)
		able &^= 1 << t
		costs, still := l.costs(done, p, t, left)
		if costs > most {
			continue
		}
		l.trail[depth+1] = *done
		if by := l.advance(&l.trail[depth+1], t); l.search(depth+1, by, still&^(1<<t|1<<by), most-costs) {
			return true
		}
	}
	return false
}

// earliest is, of some goroutines, whose next step came first in the run: that order is tried first.
func (l *least) earliest(done *clock, some uint64) (first int) {
	at := moment(0)
	for ; some != 0; some &= some - 1 {
		t := bits.TrailingZeros64(some)
		if n := l.next(done, t); at == 0 || n < at {
			first, at = t, n
		}
	}
	return first
}

// next is the next step of a goroutine that is part of the goal, or the first one after that, or 0.
func (l *least) next(done *clock, t int) moment {
	c := done[t]
	switch {
	case t == l.by && c == l.from:
		return l.at
	case t == l.by && c == l.at, c > l.goal[t], l.over && c == l.goal[t]:
		return 0
	case c == 0:
		return l.first[t]
	}
	return l.facts[c].next
}

// allowed reports whether all that a step needs is done; what a step after the goal needs that is not part of it is
// left out.
func (l *least) allowed(done *clock, t int, n moment) bool {
	c, beyond := &l.o.clocks[n], n > l.goal[t]
	if t == l.by && n == l.at {
		c = l.past
	}
	for k := range l.o.width {
		if k != t && c[k] > done[k] && (!beyond || l.goal[k] > done[k]) {
			return false
		}
	}
	return !beyond || l.by < 0 || t != l.before || done[l.by] == l.at
}

// advance has a goroutine go on as far as it can, or to where it may be better to leave it: before and after it gives
// way, and with a lock to which others come. It returns who has the turn then.
func (l *least) advance(done *clock, t int) int {
	for n := l.next(done, t); n > 0; {
		if done[t] = n; n > l.goal[t] || t == l.by && n == l.at {
			return t
		}
		f := &l.facts[n]
		if f.pushes && int(n) < l.r.N {
			if t, n = int(l.r.Steps[n].G), n+1; n > l.goal[t] {
				return t
			}
			continue
		}
		for f.next > 0 && f.next <= l.goal[t] && l.facts[f.next].mute {
			done[t] = f.next
			f = &l.facts[f.next]
		}
		n = l.next(done, t)
		if f.yields || l.contended(f.holds, t) || n > 0 && (l.facts[n].yields || !l.allowed(done, t, n)) {
			return t
		}
	}
	return t
}

func (l *least) contended(holds uint32, t int) bool {
	for ; holds != 0; holds &= holds - 1 {
		if l.locks[bits.TrailingZeros32(holds)].wanted&^(1<<t) != 0 {
			return true
		}
	}
	return false
}
