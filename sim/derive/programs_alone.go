package derive

import (
	"slices"

	"batchlab/sim/kind"
)

// alone draws one call after another. A component that uses time has goroutines of its own, and its schedules
// are many: beside calls its original can seldom be searched whole. One call after another costs next to
// nothing, and shows what time does.
func (d *draft) alone() {
	d.scene(1 + d.rng.IntN(5))
	ends := d.endings()
	if len(ends) == 0 {
		ends = d.endings()
	}
	for _, v := range ends {
		once := slices.Contains(d.d.opts.Once, d.d.methods[v].name)
		if d.add(v, 0, false) && !once && !d.last() && d.rng.IntN(2) == 0 {
			d.p.Ops = append(d.p.Ops, d.p.Ops[len(d.p.Ops)-1]) // the original says what becomes of it
		}
		if !d.last() {
			d.scene(d.rng.IntN(3))
		}
	}
	d.invariant()
	d.look()
}

// scene adds calls, and between some of them time passes.
func (d *draft) scene(calls int) {
	for range calls {
		d.add(kind.Pick(d.rng, d.verbs...), 0, false)
		if d.d.timed() && d.rng.IntN(3) == 0 {
			d.p.Ops = append(d.p.Ops, d.move(false))
		}
	}
}
