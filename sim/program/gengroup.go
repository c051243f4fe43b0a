package program

import (
	"math/rand/v2"
	"slices"

	"batchlab/sim/kind"
)

// GenerateConcurrent draws a small program in which operations run together: a few
// that set the scene, then one or two groups of two to eight operations in all, made
// by two or three lanes and now and then by the clock. Small, because every order of a
// group is somebody's to explore, and because most faults of this kind need few
// threads and few operations (Lu et al., "Learning from Mistakes", ASPLOS 2008).
//
// As in Generate, each program has only some of the operations, and time is moved to
// the boundaries of the settings: before a group to just short of one, in a group
// across it.
func GenerateConcurrent(rng *rand.Rand, k *kind.Kind) *Program {
	g := newGenerator(rng, k, true)
	g.timers += g.budget.total() // act 2 is the first part
	scene := g.often(func(o kind.Operation) int { return o.Scene })
	g.beside = g.often(func(o kind.Operation) int { return o.Beside })
	for range rng.IntN(4) {
		g.scene(scene)
	}
	groups := 1 + rng.IntN(2)
	for i := range groups {
		if i > 0 && rng.IntN(2) == 0 {
			g.scene(scene)
		}
		g.group(2 + rng.IntN(8/groups-1))
	}
	return g.p
}

// often lists each operation as often as a column of the table says, and each call once if
// the column is empty of calls.
func (g *generator) often(column func(kind.Operation) int) []kind.Verb {
	said := slices.ContainsFunc(g.kind.Ops, func(o kind.Operation) bool { return o.Lane && column(o) > 0 })
	var list []kind.Verb
	for v, op := range g.kind.Ops {
		n := column(op)
		if op.Lane && !said {
			n = 1
		}
		for range n {
			list = append(list, kind.Verb(v))
		}
	}
	return list
}

// scene adds an operation for before a group.
func (g *generator) scene(verbs []kind.Verb) {
	if len(verbs) == 0 {
		return
	}
	if o, ok := g.draw(kind.Pick(g.Rand, verbs...), 'a'+byte(g.Rand.IntN(g.Lanes))); ok {
		g.add(o)
	}
}

// group adds operations that run together. Neighbours are of different lanes more
// often than not.
func (g *generator) group(n int) {
	var verbs []kind.Verb
	for _, v := range g.beside {
		if g.kind.Ops[v].Always || g.Rand.IntN(2) == 0 {
			verbs = append(verbs, v)
		}
	}
	if len(verbs) == 0 {
		verbs = g.beside
	}
	and := false
	lane := g.Rand.IntN(g.Lanes)
	for range n {
		if o, ok := g.draw(kind.Pick(g.Rand, verbs...), 'a'+byte(lane)); ok {
			o.And = and && markFault(g.kind, g.p.Ops, o) == ""
			g.add(o)
			and = true
		}
		lane = (lane + kind.Pick(g.Rand, 0, 1, 1, 2)) % g.Lanes
	}
}
