package derive

import (
	"slices"
	"time"

	"batchlab/sim/kind"
)

// timed reports whether the component itself uses time, and not contexts and callbacks alone.
func (d *Derived) timed() bool {
	return len(d.turns) > 0 ||
		slices.ContainsFunc(d.Seen, func(at time.Duration) bool { return at != timeout && at != slow })
}

// moves reports whether it makes a difference that time passes.
func (d *Derived) moves() bool { return len(d.turns)+len(d.Seen) > 0 }

// seldom is how many programs there are to one whose clock moves beside calls.
func (d *Derived) seldom() int {
	if d.timed() {
		return 2
	}
	return 6
}

// passTime moves the clock now and then, if the component was seen to use it.
func (d *draft) passTime() {
	if d.d.moves() && d.rng.IntN(2) == 0 {
		d.p.Ops = append(d.p.Ops, d.move(false))
	}
}

// periods are how often a moment is taken.
var periods = []time.Duration{1, 1, 1, 2, 3, 5}

// move moves the clock to a moment at which the component has something to do, just before it or
// just after. Beside no calls that is at times the third or the fifth such moment: what is kept for a while
// is kept for some periods.
func (d *draft) move(and bool) kind.Op {
	var at time.Duration
	if turns := d.d.turns; len(turns) > 0 && (len(d.d.Seen) == 0 || d.rng.IntN(3) == 0) {
		at = kind.Pick(d.rng, turns...)
	} else if at = kind.Pick(d.rng, d.d.Seen...); !and && d.d.timed() {
		at = min(at, kind.MaxMove/5) * kind.Pick(d.rng, periods...)
	}
	at += kind.Pick[time.Duration](d.rng, 0, 0, -1, 1)
	o := kind.Move(min(max(at, 1), kind.MaxMove))
	o.And = and
	return o
}
