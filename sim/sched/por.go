package sched

import (
	"fmt"
	"math/bits"

	"batchlab/sim/weave/rt"
)

// POR takes schedules such that each other one is, up to the order of steps that commute, one of them: source
// sets with sleep sets (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 2017). Which steps commute, package
// rt knows: see rt.Effect. It begins with one schedule. Where two steps of it do not commute and could come the
// other way round, it goes on, there, with somebody who leads to that; and it leaves alone whoever would lead
// only to what was seen, who is said to sleep.
type POR struct {
	record   *rt.Record
	stack    []node // with room for more
	n        int    // of the stack
	at       int    // in the run under way
	from     int    // first step that is new in this run
	runs     int
	blocked  int // step from which on this run shows nothing new; or 0
	sleepers sleepers
	order    order
	least    *least // with a bound
	paid     int    // for the run under way, as the plain search counts
	beyond   bool   // see Beyond
	Search
}

// node is a choice of the run: of a goroutine, or, if n is not 0, among n alternatives of which c is taken.
type node struct {
	n, c    int16
	step    int32  // which step is chosen, or makes the choice
	enabled uint64 // goroutines that can go on, by Index
	todo    uint64 // of these, with whom to go on here, done or not
	asleep  uint64 // with whom not to, since that was done, here or above
	now     int8   // who goes on in this run
	objects int32  // that have a number
	sleep   span   // of sleepers
}

// NewPOR returns the strategy before its first schedule. It takes what stands for all schedules of at most so many
// preemptions, or, if that is negative, of any number: see por_bound.go.
func NewPOR(bound int) *POR {
	d := &POR{Search: Search{Bound: bound}}
	if bound >= 0 {
		d.least = new(least)
	}
	return d
}

// Watch tells where the steps are written down, and has them written down.
//
//go:norace
func (d *POR) Watch(r *rt.Record) bool {
	d.record = r
	return true
}

// Begin goes back to the last choice of which something is left to do.
func (d *POR) Begin() bool {
	if d.runs > 0 && !d.advance() {
		d.complete = true
		return false
	}
	d.runs++
	d.at, d.blocked, d.paid = 0, 0, 0
	return true
}

func (d *POR) advance() bool {
	for ; d.n > 0; d.n-- {
		b := &d.stack[d.n-1]
		d.from = int(b.step)
		if b.n > 0 {
			if b.c++; b.c < b.n && d.affordsValue(b) {
				return true
			}
			continue
		}
		b.asleep |= 1 << b.now
		if left := b.todo &^ b.asleep; left != 0 {
			d.run(b, bits.TrailingZeros64(left))
			return true
		}
	}
	return false
}

// run has a goroutine go on at a node from now on.
//
//go:norace
func (d *POR) run(b *node, index int) {
	b.now = int8(index)
	b.todo |= 1 << index
	d.sleepers.push(b, index)
}

// End looks for steps that could have come in another order.
func (d *POR) End(r rt.Result) {
	if r.Spun || r.Full || d.record.Lost {
		d.Cut = true
	}
	if d.at < d.n {
		d.Diverged = true
		d.n = d.at
		return
	}
	end := d.record.N
	if d.blocked > 0 {
		end = d.blocked
	}
	d.order.races(d, end)
	d.cutShort(end)
	d.beyond = d.Bound >= 0 && (d.blocked > 0 || d.paid > d.Bound && !d.affordsAll())
	for i := range d.n {
		if b := &d.stack[i]; b.n == 0 && int(b.step) >= d.from {
			d.sleepers.tell(b, d.record.Does(int(b.step)))
		}
	}
}

// Covered says whether it was all of them.
func (d *POR) Covered(n int) string {
	switch {
	case !d.Complete():
		return fmt.Sprintf("no violation in %d schedules, which do not stand for all", n)
	case d.Bound >= 0:
		const meant = "no violation in %d schedules, which are meant to stand for all with at most %d preemptions"
		return fmt.Sprintf(meant, n, d.Bound)
	}
	return fmt.Sprintf("no violation in %d schedules, which stand for all", n)
}

// Next has somebody go on.
//
//go:norace
func (d *POR) Next(p *rt.Point) int {
	i := d.follow(p)
	if p.Self >= 0 && i != p.Default {
		d.paid++
	}
	return i
}

//go:norace
func (d *POR) follow(p *rt.Point) int {
	if p.Self >= 0 && p.G.GoesOn() {
		return p.Self
	}
	enabled, only := d.enabled(p)
	if only >= 0 {
		return only
	}
	i := d.at
	d.at++
	if i < d.n {
		if b := &d.stack[i]; b.n == 0 && b.enabled == enabled && int(b.step) == d.record.N {
			return index(p, int(b.now))
		}
		d.Diverged = true
		d.n = i
	}
	if i >= depth {
		d.Cut = true
	}
	if i >= depth || d.blocked > 0 || !d.open(p, i, enabled) {
		d.at = d.n
		return p.Default
	}
	d.n = i + 1
	return index(p, int(d.stack[i].now))
}

// open makes a node, and reports whether there is somebody with whom to go on.
//
//go:norace
func (d *POR) open(p *rt.Point, i int, enabled uint64) bool {
	b, first := d.push(i, node{step: int32(d.record.N), enabled: enabled}), p.Enabled[p.Default].Index
	d.inherit(i)
	awake := enabled &^ b.asleep
	if awake == 0 {
		d.block(d.record.N)
	}
	if d.blocked > 0 {
		return false
	}
	if first >= goroutinesOfClock || awake>>first&1 == 0 {
		first = bits.TrailingZeros64(awake)
	}
	d.run(b, first)
	return true
}

// push puts a node on the stack, in a place.
//
//go:norace
func (d *POR) push(i int, b node) *node {
	d.stack = grown(d.stack, i)
	d.stack[i] = b
	return &d.stack[i]
}

// grown is a list with room for an element.
//
//go:norace
func grown[T any](list []T, i int) []T {
	if i < len(list) {
		return list
	}
	more := make([]T, max(1<<8, 2*i))
	//lint:ignore S1001 copy is reported by the race detector from within the runtime
	for k := range list {
		more[k] = list[k]
	}
	return more
}

// enabled are those who can go on, and the place of the only one, or of any if all would only wait, or -1.
//
//go:norace
func (d *POR) enabled(p *rt.Point) (set uint64, only int) {
	only = -1
	for i := range p.Enabled {
		g := p.Enabled[i]
		switch {
		case g.Blocked():
		case g.Index >= goroutinesOfClock:
			d.Cut = true
		default:
			set |= 1 << g.Index
			only = i
		}
	}
	switch {
	case set == 0:
		return 0, p.Default
	case set&(set-1) == 0:
		return set, only
	}
	return set, -1
}

// index is where a goroutine is among those who can go on.
//
//go:norace
func index(p *rt.Point, g int) int {
	for i := range p.Enabled {
		if p.Enabled[i].Index == g {
			return i
		}
	}
	return p.Default
}

//go:norace
func (d *POR) Value(p *rt.Point) int {
	i, n := d.at, int16(len(p.Alts))
	if d.blocked > 0 {
		return 0
	}
	if i >= depth {
		d.Cut = true
		return 0
	}
	d.at++
	if i < d.n && d.stack[i].n == n {
		if d.stack[i].c > 0 {
			d.paid++
		}
		return int(d.stack[i].c)
	}
	if i < d.n {
		d.Diverged = true
	}
	d.push(i, node{n: n, step: int32(d.record.N - 1)})
	d.n = i + 1
	d.inherit(i)
	return 0
}
