package program

import "slices"

// together begins the line of an operation that runs together with the one before.
const together = "&"

// Groups cuts operations into the groups that run together: each begins with an
// operation that is not marked, and has the marked ones behind it. Within a group the
// calls of one lane happen in their order, and so do the moves of the clock, which is
// a lane of its own there; otherwise its members are concurrent. Whoever cannot run
// anything together runs the operations one after another, which is one of the orders
// that a group allows.
//
// The groups are pieces of ops, and together they are ops.
func Groups(ops []Op) [][]Op {
	var groups [][]Op
	for len(ops) > 0 {
		n := 1
		for n < len(ops) && ops[n].And {
			n++
		}
		groups = append(groups, ops[:n:n])
		ops = ops[n:]
	}
	return groups
}

// Concurrent reports whether some operations of the program run together.
func (p *Program) Concurrent() bool {
	return slices.ContainsFunc(p.Ops, func(o Op) bool { return o.And })
}

// NeedsSchedule reports whether the program has to be run under a scheduler: operations
// run together, or there are choices to follow, which goroutines of the subject may have to
// make though no two operations do.
func (p *Program) NeedsSchedule() bool { return p.Concurrent() || len(p.Schedule) > 0 }

// mayMark reports whether the operation can be in a group: what the lab tells handlers
// is not something that happens to a subject at some moment.
func (o Op) mayMark() bool { return o.Verb == Advance || o.isCall() }

// markFault is what is wrong with the mark of an operation that follows others.
func markFault(before []Op, o Op) string {
	switch {
	case !o.And:
		return ""
	case len(before) == 0:
		return "the first operation has none before it to run together with"
	case !o.mayMark():
		return "only calls of lanes and moves of the clock run together, not " + o.Verb.String()
	case !before[len(before)-1].mayMark():
		return "only calls of lanes and moves of the clock run together, the operation before it is " + before[len(before)-1].Verb.String()
	}
	return ""
}

// cut removes operations. Of a group that loses its first one, the next is the first.
func (p *Program) cut(from, to int) {
	if to < len(p.Ops) && p.Ops[to].And && slices.ContainsFunc(p.Ops[from:to], func(o Op) bool { return !o.And }) {
		p.Ops[to].And = false
	}
	p.Ops = slices.Delete(p.Ops, from, to)
}
