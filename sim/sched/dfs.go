package sched

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

// depth is how many decisions of a run DFS varies. What comes after takes the default.
const depth = 1 << 14

// DFS takes every schedule within a bound, one after another. The bound counts
// preemptions: another goroutine goes on although the one at the point could. Choosing
// otherwise than by default where a goroutine gives way, or among cases, orders and pooled
// items, counts like one. Who goes on when somebody has to wait is free.
// (Musuvathi, Qadeer: Iterative Context Bounding, PLDI 2007.)
type DFS struct {
	stack [depth]branch
	n     int // of the stack
	at    int // in the run under way
	used  int // of the bound, in the run under way
	runs  int
	Search
}

// Search is how far one came that goes on until all is seen.
type Search struct {
	Bound    int // preemptions, as DFS counts them; -1: any
	complete bool
	Cut      bool // some run was longer than what is varied, or stopped before its end
	Diverged bool // some run did not repeat its prefix: it depends on more than the choices
}

// Searched is the search itself.
func (s *Search) Searched() *Search { return s }

// Complete reports whether all was seen that there is within the bound.
func (s *Search) Complete() bool { return s.complete && !s.Cut && !s.Diverged }

type branch struct {
	n    int16 // alternatives
	c    int16 // the one taken: 0 is the default, the others follow
	cost int16 // of all but the default
}

// NewDFS returns a DFS with at most so many preemptions in a schedule.
func NewDFS(bound int) *DFS { return &DFS{Search: Search{Bound: bound}} }

// Begin finds the last decision that has another alternative within the bound.
func (d *DFS) Begin() bool {
	if d.runs > 0 && !d.advance() {
		d.complete = true
		return false
	}
	d.runs++
	d.at, d.used = 0, 0
	return true
}

func (d *DFS) advance() bool {
	used := 0
	for i := range d.n {
		used += d.stack[i].paid()
	}
	for d.n > 0 {
		b := &d.stack[d.n-1]
		used -= b.paid()
		if b.c+1 < b.n && used+int(b.cost) <= d.Bound {
			b.c++
			return true
		}
		d.n--
	}
	return false
}

func (b *branch) paid() int {
	if b.c == 0 {
		return 0
	}
	return int(b.cost)
}

// End notes what kept the search from being whole.
func (d *DFS) End(r rt.Result) {
	if r.Spun || r.Full {
		d.Cut = true
	}
	if d.at < d.n {
		d.Diverged = true
		d.n = d.at
	}
}

// Covered says whether it was all of them.
func (d *DFS) Covered(n int) string {
	if d.Complete() {
		return fmt.Sprintf("no violation in all %d schedules with at most %d preemptions", n, d.Bound)
	}
	return fmt.Sprintf("no violation in %d schedules with at most %d preemptions, not all there are", n, d.Bound)
}

//go:norace
func (d *DFS) Next(p *rt.Point) int {
	if p.Self < 0 {
		return d.among(p, p.Default, 0)
	}
	return d.among(p, p.Default, 1)
}

// among takes one of the goroutines that can go on, in one schedule after another: first
// the one named, then the others.
//
//go:norace
func (d *DFS) among(p *rt.Point, first int, cost int16) int {
	c := d.take(len(p.Enabled), cost)
	switch {
	case c == 0:
		return first
	case c <= first:
		return c - 1
	}
	return c
}

//go:norace
func (d *DFS) Value(p *rt.Point) int { return d.take(len(p.Alts), 1) }

// take returns which alternative this decision takes.
//
//go:norace
func (d *DFS) take(n int, cost int16) int {
	i := d.at
	d.at++
	if i >= depth {
		d.Cut = true
		return 0
	}
	b := &d.stack[i]
	if i >= d.n {
		*b = branch{n: int16(n), cost: cost}
		d.n = i + 1
		return 0
	}
	if int(b.n) != n || b.cost != cost {
		d.Diverged = true
		*b = branch{n: int16(n), cost: cost}
		d.n = i + 1
		return 0
	}
	return int(b.c)
}
