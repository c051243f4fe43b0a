package sched

import (
	"cmp"
	"fmt"
	"slices"

	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// Replay follows a schedule from a seed file. Where the schedule says nothing, or what
// cannot be done, the default goes on: so a schedule stays of use when it was edited, or
// the code under it was.
type Replay struct {
	schedule []program.Decision
	order    []int // of the schedule, by Nth
	fate     []fate
	done     bool
}

// fate is what became of a decision of the schedule.
type fate uint8

const (
	unmet  fate = iota // its point did not come
	taken              // it was followed
	cannot             // its choice was not there
)

// NewReplay returns a strategy with one schedule.
func NewReplay(schedule []program.Decision) *Replay {
	r := &Replay{schedule: schedule, order: make([]int, len(schedule)), fate: make([]fate, len(schedule))}
	for i := range r.order {
		r.order[i] = i
	}
	slices.SortStableFunc(r.order, func(a, b int) int { return cmp.Compare(schedule[a].Nth, schedule[b].Nth) })
	return r
}

// Begin reports true once.
func (r *Replay) Begin() bool {
	first := !r.done
	r.done = true
	return first
}

// End does nothing.
func (r *Replay) End(rt.Result) {}

// Covered says that it was one schedule.
func (r *Replay) Covered(int) string { return "no violation in the schedule of the seed" }

// Notes says which decisions could not be followed.
func (r *Replay) Notes() []string {
	var notes []string
	for i, f := range r.fate {
		switch f {
		case unmet:
			notes = append(notes, fmt.Sprintf("schedule: %s: this point was not reached", r.schedule[i]))
		case cannot:
			notes = append(notes, fmt.Sprintf("schedule: %s: this could not be chosen, and the default was", r.schedule[i]))
		}
	}
	return notes
}

//go:norace
func (r *Replay) Next(p *rt.Point) int {
	i := r.find(p)
	if i < 0 {
		return p.Default
	}
	to := r.schedule[i].To
	for j := range p.Enabled {
		if p.Enabled[j].Name == to {
			r.fate[i] = taken
			return j
		}
	}
	r.fate[i] = cannot
	return p.Default
}

//go:norace
func (r *Replay) Value(p *rt.Point) int {
	i := r.find(p)
	if i < 0 {
		return 0
	}
	for j := range p.Alts {
		if r.schedule[i].To == "" && p.Alts[j] == r.schedule[i].Alt {
			r.fate[i] = taken
			return j
		}
	}
	r.fate[i] = cannot
	return 0
}

//go:norace
func (r *Replay) find(p *rt.Point) int {
	low, high := 0, len(r.order)
	for low < high {
		if m := (low + high) / 2; r.schedule[r.order[m]].Nth < p.G.Points {
			low = m + 1
		} else {
			high = m
		}
	}
	for ; low < len(r.order) && r.schedule[r.order[low]].Nth == p.G.Points; low++ {
		if i := r.order[low]; r.schedule[i].Who == p.G.Name {
			return i
		}
	}
	return -1
}

// Deviations is a decision log without what the default would have chosen: what is left
// is the schedule.
func Deviations(log []rt.Decision) []program.Decision {
	var list []program.Decision
	for _, d := range log {
		if d.Plain {
			continue
		}
		e := program.Decision{Who: d.G.Name, Nth: d.Nth, Where: where(d), Alt: d.Alt}
		if d.To != nil {
			e.To, e.Alt = d.To.Name, -1
		}
		list = append(list, e)
	}
	return list
}

func where(d rt.Decision) string {
	if d.Site == "" {
		return d.What
	}
	return d.Site + " " + d.What
}

// Preemptions counts the decisions by which another goroutine went on although the one at
// the point could have.
func Preemptions(log []rt.Decision) int {
	n := 0
	for _, d := range log {
		if d.To != nil && !d.Plain && !d.Forced {
			n++
		}
	}
	return n
}

// Moved says which decisions of a schedule are made elsewhere in the source than it says, by what the choices were
// when it was followed.
func Moved(schedule, made []program.Decision) []string {
	var list []string
	for _, was := range schedule {
		for _, is := range made {
			same := was.Who == is.Who && was.Nth == is.Nth && was.To == is.To && was.Alt == is.Alt
			if same && was.Where != "" && was.Where != is.Where {
				list = append(list, fmt.Sprintf("%s is at %s where the file says %s", is.Who, is.Where, was.Where))
			}
		}
	}
	return list
}
