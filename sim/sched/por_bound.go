package sched

// A bound takes from the reduction what relied on preemptions that there are not: the schedule that stands for
// others may have more of them. So where two steps could come the other way round, a bounded search goes on before
// the first of them, and also where its goroutine was switched to, for there it costs less (Coons, Musuvathi,
// McKinley: Bounded Partial-Order Reduction, OOPSLA 2013), with all who lead to the other order, since some may sleep.
// And only he sleeps who could have gone on at no cost: to have his step first costs no more than what it is moved
// past, if nobody gives way or comes to a held lock in between.

//go:norace
func (d *POR) within(used int) bool { return d.Bound < 0 || used <= d.Bound }

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

// widen has a bounded search go on with some before a step, and where that step's goroutine was switched to. If none
// of them can go on there, everybody is to.
func (d *POR) widen(at moment, some uint64) {
	r, last := d.record, true
	for ; at > 0; at-- {
		first := at == 1 || r.Steps[at-2].G != r.Steps[at-1].G && !r.Carried(int(at)-1)
		if i := d.order.nodes[at] - 1; i >= 0 && (first || last || d.stack[i].free < 0 || d.stack[i].yields) {
			b := &d.stack[i]
			if able := some & b.enabled; able != 0 {
				b.todo |= able
			} else {
				b.todo |= b.enabled
			}
		}
		if last = false; first {
			return
		}
	}
}

// loosen has the search go on with everybody before a goroutine gives way: who goes on then at no cost is another one
// after another order, so nothing is left out up to there.
func (d *POR) loosen() {
	for i, later := d.n-1, false; i >= 0; i-- {
		b := &d.stack[i]
		if later = later || b.yields; later && b.n == 0 {
			b.todo |= b.enabled
		}
	}
}
