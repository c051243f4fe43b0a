package derive

import (
	"slices"

	"batchlab/sim/kind"
)

// alone draws one call after another. A component that uses time has goroutines of its own, and its schedules
// are many: beside calls its original can seldom be searched whole. One call after another costs next to
// nothing, and shows what time does. Who ends the component is another at times: the first may wait.
func (d *draft) alone() {
	others := min(d.lanes, 2)
	d.lanes = 1
	d.scene(1 + d.rng.IntN(5))
	ends := d.endings()
	if len(ends) == 0 {
		ends = d.endings()
	}
	for _, v := range ends {
		once := slices.Contains(d.d.opts.Once, d.d.methods[v].name)
		if d.add(v, d.rng.IntN(others), false) && !once && !d.last() && d.rng.IntN(2) == 0 {
			again := d.p.Ops[len(d.p.Ops)-1] // the original says what becomes of it
			if d.d.methods[v].lane == 0 {
				again.Lane = 'a' + byte(d.rng.IntN(others))
			}
			d.p.Ops = append(d.p.Ops, again)
		}
		if !d.last() {
			d.scene(d.rng.IntN(3))
		}
	}
	d.invariant()
	d.look()
}

// sequential reports whether the next program is to be of one call after another.
func (s *Source) sequential(lanes int) bool {
	switch {
	case !s.d.opts.Original:
		return false
	case s.d.timed():
		return lanes == 1 || s.rng.IntN(2) > 0
	}
	return s.d.Room > 0 && s.rng.IntN(4) == 0
}

// scene adds calls, and between some of them time passes.
func (d *draft) scene(calls int) {
	for range calls {
		v := kind.Pick(d.rng, d.verbs...)
		d.add(v, 0, false)
		if d.lanes == 1 && d.d.Room > 0 && d.rng.IntN(8) == 0 { // until a buffer is full, and then some
			for range d.d.Room + d.rng.IntN(3) {
				d.add(v, 0, false)
			}
		}
		if d.d.timed() && d.rng.IntN(3) == 0 {
			d.p.Ops = append(d.p.Ops, d.move(false))
		}
	}
}
