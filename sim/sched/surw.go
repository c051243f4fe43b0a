package sched

import (
	"fmt"
	"slices"

	"batchlab/sim/weave/rt"
)

// surw is a uniform random walk over the points that matter alone: those at which one object is accessed, another in
// each schedule. Somebody is drawn to be the next at such a point, with a probability proportional to how many of them
// he has ahead, as far as the schedules before tell; others pass none until he has, and all else is chosen with the
// same probability. (Zhao et al., Selectively Uniform Concurrency Testing, ASPLOS 2025.) An object is known
// by the sites at which goroutines were seen to meet there.
type surw struct {
	dice
	record *rt.Record
	groups []group
	now    *group // nil: nothing is known yet, and each choice is taken with the same probability
	next   int    // Index of who is drawn, -1 if nobody is
	seen   int    // steps of the run under way
	done   [goroutines]int32
	runs   int
}

// group is the sites of an object, and how often each goroutine was at one of them, the most seen.
type group struct {
	sites []string
	total [goroutines]int32
}

// Objects are looked for in the first schedules, and no more than there is room for.
const (
	learned    = 8
	mostGroups = 64
)

func newSURW(seed uint64) *surw { return &surw{dice: dice{seed}} }

// Watch tells where the steps are written down.
//
//go:norace
func (u *surw) Watch(r *rt.Record) bool {
	u.record = r
	return true
}

func (u *surw) Begin() bool {
	u.now, u.next, u.seen = nil, -1, 0
	clear(u.done[:])
	if len(u.groups) > 0 {
		u.now = &u.groups[u.below(len(u.groups))]
	}
	u.runs++
	return true
}

func (u *surw) End(rt.Result) {
	if u.record == nil {
		return
	}
	if u.runs <= learned {
		u.learn()
	}
	for i := range u.groups {
		g := &u.groups[i]
		if u.runs > learned && g != u.now {
			continue
		}
		var n [goroutines]int32
		for _, s := range u.record.Steps[:u.record.N] {
			if g.has(s.Site) {
				k := s.G % goroutines
				n[k]++
				g.total[k] = max(g.total[k], n[k])
			}
		}
	}
}

// learn takes in the sites of the objects of a run at which two goroutines met, one of which changed it.
func (u *surw) learn() {
	type object struct {
		by    int32 // who accessed it last
		does  rt.Effect
		met   bool
		sites []string
	}
	objects := make([]object, u.record.Objects)
	for i, step := range u.record.Steps[:u.record.N] {
		for _, a := range u.record.Accesses(i) {
			e := a.Effect()
			if e >= rt.Starts || a.Object() == rt.Everything || step.Site == "" {
				continue
			}
			o := &objects[a.Object()]
			o.met = o.met || o.by != step.G && !rt.Commute(o.does, e)
			o.by, o.does = step.G, e
			if !slices.Contains(o.sites, step.Site) {
				o.sites = append(o.sites, step.Site)
			}
		}
	}
	for _, o := range objects {
		s := o.sites
		if !o.met || slices.ContainsFunc(u.groups, func(g group) bool { return subset(s, g.sites) }) {
			continue
		}
		u.groups = slices.DeleteFunc(u.groups, func(g group) bool { return subset(g.sites, s) })
		if len(u.groups) < mostGroups {
			u.groups = append(u.groups, group{sites: s})
		}
	}
}

// subset reports whether all sites are among others.
func subset(sites, others []string) bool {
	return !slices.ContainsFunc(sites, func(s string) bool { return !slices.Contains(others, s) })
}

func (u *surw) Covered(n int) string {
	return fmt.Sprintf("no violation in %d schedules (selectively uniform random walk)", n)
}

//go:norace
func (g *group) has(site string) bool {
	for i := range g.sites {
		if g.sites[i] == site {
			return true
		}
	}
	return false
}

//go:norace
func (u *surw) Next(p *rt.Point) int {
	if u.now == nil {
		return u.below(len(p.Enabled))
	}
	for ; u.seen < u.record.N; u.seen++ {
		if s := &u.record.Steps[u.seen]; u.now.has(s.Site) {
			u.done[s.G%goroutines]++
			u.next = -1
		}
	}
	if u.next < 0 {
		u.draw(p)
	}
	n := 0
	for i := range p.Enabled {
		if u.may(p.Enabled[i]) {
			n++
		}
	}
	if n == 0 { // who is drawn waits for one of the others
		u.draw(p)
		return u.below(len(p.Enabled))
	}
	n = u.below(n)
	for i := range p.Enabled {
		if u.may(p.Enabled[i]) {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return 0
}

// may reports whether a goroutine is the one that is drawn, or comes to nothing that matters.
//
//go:norace
func (u *surw) may(g *rt.G) bool { return u.next < 0 || g.Index == u.next || !u.now.has(g.At()) }

// draw draws who is next at a point that matters.
//
//go:norace
func (u *surw) draw(p *rt.Point) {
	sum := int32(0)
	for i := range p.Enabled {
		sum += u.ahead(p.Enabled[i])
	}
	u.next = -1
	if sum == 0 {
		return
	}
	x := int32(u.below(int(sum)))
	for i := range p.Enabled {
		if x -= u.ahead(p.Enabled[i]); x < 0 {
			u.next = p.Enabled[i].Index
			return
		}
	}
}

//go:norace
func (u *surw) ahead(g *rt.G) int32 {
	n := u.now.total[g.Index%goroutines] - u.done[g.Index%goroutines]
	if n < 1 && u.now.has(g.At()) {
		return 1
	}
	return max(n, 0)
}

//go:norace
func (u *surw) Value(p *rt.Point) int { return u.below(len(p.Alts)) }
