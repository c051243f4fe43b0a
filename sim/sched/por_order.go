package sched

import (
	"math/bits"

	"batchlab/sim/weave/rt"
)

// order is which steps of a run happen before which, by vector clocks. A moment is a step, counted from 1; what
// a clock has of a goroutine is the last moment of it that is known.
type order struct {
	clocks  []clock // after each step
	of      [goroutinesOfClock]clock
	width   int     // goroutines
	nodes   []int32 // the node at which a step was chosen, from 1
	objects []object
	run     int32
	known   int   // steps of which the last run told the clocks
	again   bool  // the step is one of those, and this run repeats it
	last    []use // of all objects
	racing  []race
	quiet   moment   // all up to it happened before what comes
	all     moment   // the last step that touched everything
	bounded bool     // then what a reversal needs is to be known
	own     clock    // of the goroutine of the step that is looked at, before it
	afters  []moment // what else that step comes after
	found   []reversal
	wants   [goroutinesOfClock]int // the lock to which a goroutine has come, or 0
	pending uint64                 // who waits for the lock that this step takes
}

type moment = int16

// race is with a step, or, if that takes a lock, with what was done up to a later one that gives it.
type race struct{ step, after moment }

const goroutinesOfClock = 64

type clock [goroutinesOfClock]moment

// object is what an object was last used for.
type object struct {
	run   int32
	first int32  // of its uses, in order.last, from 1
	taken moment // of a lock: when it was last taken
}

// use is one of the last uses of an object, which do commute.
type use struct {
	at   moment
	does rt.Effect
	g    int8
	next int32
}

func (c *clock) join(o *clock, width int) {
	for i := range width {
		c[i] = max(c[i], o[i])
	}
}

// races goes through a run up to a step, and has the search go on wherever two steps could have come the other
// way round.
func (o *order) races(d *POR, end int) {
	r := d.record
	o.run++
	o.last, o.quiet, o.all, o.width = o.last[:0], 0, 0, 0
	o.clocks, o.nodes, o.objects = grown(o.clocks, end+1), grown(o.nodes, end), grown(o.objects, r.Objects)
	for i := range end {
		o.nodes[i+1] = 0
		o.width = max(o.width, int(r.Steps[i].G)+1)
		for _, a := range r.Accesses(i) {
			if a.Effect() == rt.Starts {
				o.width = max(o.width, a.Object()+1)
			}
		}
	}
	if o.width > goroutinesOfClock {
		d.Cut = true
		return
	}
	for g := range o.width {
		o.of[g], o.wants[g] = clock{}, 0
	}
	for i := range d.n {
		if b := &d.stack[i]; b.n == 0 {
			o.nodes[b.step+1] = int32(i + 1)
		}
	}
	o.found, o.bounded = o.found[:0], d.Bound >= 0
	for i := range end {
		o.again = i < min(d.from, o.known)-1 // what the last of these does hangs on the next: see rt.Record.Does
		o.step(r, i)
		if i >= d.from {
			for _, e := range o.racing {
				o.reversible(r, reversal{e: e.step, at: moment(i + 1), g: int(r.Steps[i].G)})
			}
			for left := o.pending; left != 0; left &= left - 1 {
				k := bits.TrailingZeros64(left)
				o.own, o.afters = o.of[k], o.afters[:0]
				o.reversible(r, reversal{e: moment(i + 1), at: moment(i + 2), g: k, lock: int32(o.wants[k])})
			}
		}
	}
	o.known = end
	if d.Bound >= 0 {
		d.least.r = nil
	}
	for i := range o.found {
		d.reverse(&o.found[i])
	}
}

// step sets the clock of a step, and collects the steps with which it races: it does not commute with them, and
// nothing else orders the two.
func (o *order) step(r *rt.Record, i int) {
	at, g, does := moment(i+1), int(r.Steps[i].G), r.Does(i)
	own := o.of[g]
	for _, a := range does {
		if a.Effect() == rt.Quiet {
			for k := range o.width {
				own.join(&o.of[k], o.width)
			}
			o.quiet = at - 1
		}
	}
	o.racing, o.pending, o.wants[g] = o.racing[:0], 0, 0
	c := &o.clocks[at]
	if !o.again {
		o.own, o.afters = own, o.afters[:0]
		*c = own
		c[g] = at
	}
	if o.all > 0 {
		o.conflict(r, &own, c, g, o.all, o.all)
	}
	for _, a := range does {
		switch {
		case a.Effect() >= rt.Starts:
		case a.Object() == rt.Everything:
			for k := range o.width {
				if k != g {
					o.conflict(r, &own, c, g, o.of[k][k], o.of[k][k])
				}
			}
			o.all = at
		default:
			o.use(r, &own, c, g, at, a)
		}
	}
	if at := r.Steps[i].Lock; at > 0 {
		o.wants[g] = int(at)
	}
	o.of[g] = *c
	for _, a := range does {
		if a.Effect() == rt.Starts {
			own := &o.of[a.Object()]
			own.join(c, o.width)
		}
	}
	o.immediate(r)
}

// conflict says that a step comes after another, and that the two could have come the other way round, if that
// step or another one were later.
func (o *order) conflict(r *rt.Record, own, c *clock, g int, after, with moment) {
	if after <= 0 || o.again {
		return
	}
	c.join(&o.clocks[after], o.width)
	o.afters = append(o.afters, after)
	o.race(r, own, g, after, with)
}

func (o *order) race(r *rt.Record, own *clock, g int, after, with moment) {
	if o.again {
		return
	}
	for r.Carried(int(with) - 1) { // it could not have come later than the step before
		with--
	}
	if by := int(r.Steps[with-1].G); by != g && with > o.quiet && own[by] < with {
		o.racing = append(o.racing, race{with, after})
	}
}

// use takes in an access of an object.
func (o *order) use(r *rt.Record, own, c *clock, g int, at moment, a rt.Access) {
	x, e := &o.objects[a.Object()], a.Effect()
	if x.run != o.run {
		*x = object{run: o.run}
	}
	if e == rt.Wants {
		if x.taken > 0 {
			o.race(r, c, g, x.taken, x.taken)
		}
		o.wants[g] = a.Object()
		return
	}
	same := false
	for p := &x.first; *p != 0; {
		u := &o.last[*p-1]
		switch {
		case rt.Commute(u.does, e):
			if int(u.g) == g && u.does == e {
				u.at, same = at, true
			}
			p = &u.next
			continue
		case u.at == at:
		case e == rt.Takes && u.does == rt.Gives && x.taken > 0:
			o.conflict(r, own, c, g, u.at, x.taken)
		default:
			o.conflict(r, own, c, g, u.at, u.at)
		}
		if e.Shared() {
			p = &u.next
		} else {
			*p = u.next
		}
	}
	if e == rt.Takes {
		x.taken = at
		for k := range o.width {
			if o.wants[k] == a.Object() {
				o.pending |= 1 << k
			}
		}
	}
	if !same {
		o.last = append(o.last, use{at: at, does: e, g: int8(g), next: x.first})
		x.first = int32(len(o.last))
	}
}

// immediate leaves those of the racing with nothing between them and this step: of a lock, before it was taken,
// what was done as long as it was held is no place where this step could come. With a bound, the others stay as well.
func (o *order) immediate(r *rt.Record) {
	n := 0
	for _, e := range o.racing {
		by, between := r.Steps[e.step-1].G, false
		for _, f := range o.racing {
			between = between || f.step != e.step && (o.clocks[f.after][by] >= e.step && f.after > f.step ||
				o.clocks[f.step][by] >= e.step && e.after == e.step)
		}
		for _, f := range o.racing[:n] {
			between = between || f.step == e.step
		}
		if !between || o.bounded {
			o.racing[n] = e
			n++
		}
	}
	o.racing = o.racing[:n]
}
