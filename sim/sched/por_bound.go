package sched

import "batchlab/sim/weave/rt"

// A bound takes from the reduction what relied on preemptions that there are not: the schedule that stands for
// others may have more of them. So where two steps could come the other way round, a bounded search goes on before
// the first of them, and also where its goroutine was switched to, for there it costs less (Coons, Musuvathi,
// McKinley: Bounded Partial-Order Reduction, OOPSLA 2013). And only he sleeps who could have gone on at no cost: to
// have his step first costs no more than what it is moved past.

//go:norace
func (d *POR) within(used int) bool { return d.bound < 0 || used <= d.bound }

// costs is what a choice costs.
//
//go:norace
func (b *node) costs() int {
	if b.n > 0 && b.c > 0 || b.n == 0 && b.free >= 0 && b.now != b.free {
		return 1
	}
	return 0
}

// affordable are those who can go on at a node within the bound.
//
//go:norace
func (d *POR) affordable(b *node, used int) uint64 {
	if b.free < 0 || d.within(used+1) {
		return b.enabled
	}
	return b.enabled & (1 << b.free)
}

// widen has a bounded search go on with a goroutine before a step, and where that step's was switched to.
func (d *POR) widen(at moment, g int) {
	d.choose(at, g)
	for at > 1 && d.record.Steps[at-2].G == d.record.Steps[at-1].G {
		at--
	}
	d.choose(at, g)
}

// choose has the search go on with a goroutine at the node of a step, or, if that cannot go on there, with everybody.
func (d *POR) choose(at moment, g int) {
	if d.order.nodes[at] == 0 {
		return
	}
	b := &d.stack[d.order.nodes[at]-1]
	if one := b.enabled & (1 << g); one != 0 {
		b.todo |= one
	} else {
		b.todo |= b.enabled
	}
}

// loosen has the search go on with everybody, where that is free, before a goroutine gives way or is made to: who goes
// on then at no cost is another one after another order.
func (d *POR) loosen() {
	for i, later := d.n-1, false; i >= 0; i-- {
		b := &d.stack[i]
		here := b.yields || d.carried(int(b.step)-1)
		if later = later || here; later && b.n == 0 && (b.free < 0 || here) {
			b.todo |= b.enabled
		}
	}
}

func (d *POR) carried(step int) bool {
	if step < 0 || step >= d.record.N {
		return false
	}
	for _, a := range d.record.Accesses(step) {
		if a.Effect() == rt.Carries {
			return true
		}
	}
	return false
}
