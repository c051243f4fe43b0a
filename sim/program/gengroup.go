package program

import (
	"math/rand/v2"
	"time"
)

// GenerateConcurrent draws a small program in which operations run together: a few
// that set the scene, then one or two groups of two to eight operations in all, made
// by two or three lanes and now and then by the clock. Small, because every order of a
// group is somebody's to explore, and because most faults of this kind need few
// threads and few operations (Lu et al., "Learning from Mistakes", ASPLOS 2008).
//
// As in Generate, each program has only some of the operations, and time is moved to
// the boundaries of the configuration: before a group to just short of one, in a group
// across it.
func GenerateConcurrent(rng *rand.Rand, kind string) *Program {
	g := &generator{rng: rng, p: &Program{Kind: kind}}
	g.config()
	g.small()
	g.budget = newBudget(g.p)
	g.timers = g.budget.total() + pick[int64](rng, 5, 15, 40) // act 2 is the first part
	for range rng.IntN(4) {
		g.keep(g.scene(), false)
	}
	groups := 1 + rng.IntN(2)
	for i := range groups {
		if i > 0 && rng.IntN(2) == 0 {
			g.keep(g.scene(), false)
		}
		g.group(2 + rng.IntN(8/groups-1))
	}
	return g.p
}

// small narrows what config drew: full queues, large batches and many keys cost orders
// and show little.
func (g *generator) small() {
	c := &g.p.Config
	if HasBatcher(g.p.Kind) {
		c.Size = pick(g.rng, 1, 1, 2, 2, 2, 3)
	}
	g.lanes, g.keys, g.hot = 2+g.rng.IntN(2), 1+g.rng.IntN(2), 1
	g.most = 6
	if g.rng.IntN(12) == 0 {
		g.most = 65*c.Size + 2 // the queue may be full
	}
	g.modes = []Mode{Returns, Returns, Takes, Blocks, Puts}
}

// keep adds an operation, if there is one and it fits.
func (g *generator) keep(o Op, and bool) bool {
	if o.N < 1 && o.Verb == Put || o.D < 1 && (o.Verb == Advance || o.Verb == Handler && o.Mode == Takes) {
		return false
	}
	o.And = and && markFault(g.p.Ops, o) == ""
	g.budget.add(o)
	g.items += o.N
	g.p.Ops = append(g.p.Ops, o)
	return true
}

// scene draws an operation for before a group.
func (g *generator) scene() Op {
	verbs := []Verb{Put, Put, Handler, Advance, Release, Trigger}
	if g.p.Kind == KindDedup {
		verbs = []Verb{Set, Set, Set, Advance, Advance, Delete}
	}
	return g.draw(pick(g.rng, verbs...), 'a'+byte(g.rng.IntN(g.lanes)))
}

// group draws operations that run together. Neighbours are of different lanes more
// often than not.
func (g *generator) group(n int) {
	first, others := Put, []Verb{Trigger, Trigger, Close, Advance}
	if g.p.Kind == KindDedup {
		first, others = Set, []Verb{Get, Get, Delete, Count, Close, Advance, Advance}
	}
	verbs := []Verb{first, first}
	for _, v := range others {
		if g.rng.IntN(2) == 0 {
			verbs = append(verbs, v)
		}
	}
	and := false
	lane := g.rng.IntN(g.lanes)
	for range n {
		if g.keep(g.draw(pick(g.rng, verbs...), 'a'+byte(lane)), and) {
			and = true
		}
		lane = (lane + pick(g.rng, 0, 1, 1, 2)) % g.lanes
	}
}

// draw draws the rest of an operation.
func (g *generator) draw(v Verb, lane byte) Op {
	o := Op{Verb: v}
	if o.isCall() {
		o.Lane = lane
	}
	switch v {
	case Advance:
		o.D = min(g.duration(), g.budget.room(g.timers))
	case Put:
		o.N = 1
		switch room := g.most - g.items; {
		case room > 64 && g.rng.IntN(2) == 0:
			o.N = 64*g.p.Config.Size + g.rng.IntN(2)
		case g.rng.IntN(3) == 0:
			o.N = min(1+g.rng.IntN(g.p.Config.Size+1), room)
		default:
			o.N = min(1, room)
		}
		o.Nil = g.rng.IntN(30) == 0
		if g.p.Kind == KindDedupBatcher {
			o.Key = 1 + g.key()
		}
	case Get, Set, Delete:
		o.Key = 1 + g.key()
		if v == Set {
			o.Value = 1 + g.rng.IntN(9)
		}
	case Handler:
		if o.Mode = pick(g.rng, g.modes...); o.Mode == Takes {
			o.D = min(g.duration(), g.budget.room(g.timers), time.Hour)
		}
	}
	return o
}
