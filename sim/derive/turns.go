package derive

import (
	"slices"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// How far turns are looked for. The points are those of all runs, and of a run beyond which time goes no further.
const (
	turnScenes = 32
	turnPoints = 300_000
	turnLong   = 1_500
	mostTurns  = 6
)

// Turns are moments at which what a component answers becomes another, though no timer need be set to them: an entry
// has expired, a window is over. Calls are made before and after more and more time, and where that makes a
// difference the moment is found by halving. run runs a program, and returns a digest of what was seen that knows no
// time, the points that it took, and whether it came to its end.
func (d *Derived) Turns(seed uint64, run func(*program.Program) (uint64, int, bool)) {
	source, left := d.Programs(seed), turnPoints
	for n := 0; n < turnScenes && left > 0 && len(d.turns) < mostTurns; n++ {
		p, move := source.around()
		if p.Validate() != nil {
			continue
		}
		cost := 0
		after := func(at time.Duration) (seen uint64, ok bool) {
			p.Ops[move] = kind.Move(at)
			seen, cost, ok = run(p)
			left -= cost
			return seen, ok && left > 0
		}
		from := time.Microsecond
		seen, ok := after(from)
		for to := 10 * from; ok && cost < turnLong && to <= kind.MaxMove; to *= 10 {
			var next uint64
			next, ok = after(to)
			long := cost
			if ok && next != seen {
				ok = d.turn(from, to, seen, next, after)
			}
			from, seen, cost = to, next, long
		}
	}
}

// turn looks for the moment between two at which what is seen changes first, and reports whether it may go on looking
// for others. What changes all the time has none.
func (d *Derived) turn(from, to time.Duration, first, last uint64, after func(time.Duration) (uint64, bool)) bool {
	for _, at := range d.turns {
		if from < at && at <= to {
			before, _ := after(at - 1)
			if then, ok := after(at); before == first && then == last {
				return ok
			}
		}
	}
	low, high := from, to
	for high-low > 1 {
		mid := low + (high-low)/2
		seen, ok := after(mid)
		switch {
		case !ok:
			return false
		case seen == first:
			low = mid
		default:
			high = mid
		}
	}
	if low > from && !d.expected(high) && !slices.Contains(d.turns, high) {
		d.turns = append(d.turns, high)
	}
	return true
}

// expected reports whether programs move the clock to a moment anyway.
func (d *Derived) expected(at time.Duration) bool {
	for _, s := range d.Seen {
		for _, n := range periods {
			if off := at - n*s; -1 <= off && off <= 1 {
				return true
			}
		}
	}
	return false
}

// around draws calls with some time in their middle, and where that is.
func (s *Source) around() (p *program.Program, move int) {
	d := &draft{Source: s, group: -1, p: &program.Program{Kind: s.d.Kind}, lanes: 1, words: 2}
	d.swarm()
	few := func() {
		for range 1 + s.rng.IntN(2) {
			d.add(kind.Pick(s.rng, d.verbs...), 0, false)
		}
	}
	few()
	move = len(d.p.Ops)
	d.p.Ops = append(d.p.Ops, kind.Move(1))
	few()
	d.look()
	return d.p, move
}
