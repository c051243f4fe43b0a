package oracle

import (
	"slices"

	"batchlab/sim/kind"
)

// laws returns the first breach of the laws of everything, which need no reference:
// nothing hangs, nothing panics, no goroutine is left behind, no data race, and every
// call returns in the end.
func laws(r *kind.Run, h []kind.Event) *kind.Breach {
	var waiting []int // calls that have not returned
	crashed := false
	for i, e := range h {
		if law := r.Kind.Breaks(e); law != "" && !r.Traits.Waived(law) {
			return &kind.Breach{Law: law, At: i, Step: e.Step}
		}
		switch {
		case e.Verb == kind.Crash:
			crashed = true
		case e.Outcome == kind.Waits:
			waiting = append(waiting, i)
		case e.Outcome != 0 && e.Outcome != kind.Skipped:
			waiting = slices.DeleteFunc(waiting, func(i int) bool { return h[i].Source == e.Source })
		}
	}
	if r.Kind.Patient {
		waiting = slices.DeleteFunc(waiting, func(i int) bool { return !r.Kind.Ends(h[i].Verb) })
	}
	if crashed || len(waiting) == 0 || r.Traits.Waived(kind.Progress) {
		return nil
	}
	return &kind.Breach{
		Law: kind.Progress, At: len(h), Of: waiting[0] + 1, Step: len(r.Ops),
		Got: r.Kind.Trimmed(h[waiting[0]]) + ", and it never returned",
	}
}

// EndSkipped reports whether a component was not ended since the lane that was to do so was busy.
func EndSkipped(r *kind.Run) bool {
	skipped := false
	for _, e := range r.Events {
		if r.Kind.IsAnswered(e) && r.Kind.IsOver(e.Verb) {
			if e.Outcome != kind.Skipped {
				return false
			}
			skipped = true
		}
	}
	return skipped
}

// UsedAfterEnd reports whether a call began when one had returned that ends the component. What comes of
// that no law says: who uses what has ended may have to end it again.
func UsedAfterEnd(r *kind.Run) bool { return usedAfter(r, func(int, int) bool { return false }) }

// OnlyAfterEnd is UsedAfterEnd of a call that could not have begun sooner: a schedule that has calls begin as late as
// can be stands for others.
func OnlyAfterEnd(r *kind.Run) bool { return usedAfter(r, beside(r)) }

func usedAfter(r *kind.Run, beside func(end, call int) bool) bool {
	end := -1
	for i, e := range r.Events {
		switch {
		case len(r.Ended) == 0 || !r.Kind.IsAnswered(e) || e.Outcome == kind.Skipped || e.Outcome == kind.Waits:
		case r.Kind.IsOver(e.Verb):
			if end < 0 || r.Ended[i] < r.Ended[end] {
				end = i
			}
		case end >= 0 && !r.Kind.Ops[e.Verb].Looks && r.Began[i] > r.Ended[end] && !beside(end, i):
			return true
		}
	}
	return false
}

// beside returns whether a call could have begun before another had returned: they are of one group, and nothing that
// its lane did before kept it from that.
func beside(r *kind.Run) func(end, call int) bool {
	return func(end, call int) bool {
		from, to := r.Events[end].Step, r.Events[call].Step
		for _, o := range r.Ops[min(from, to):max(from, to)] {
			if !o.And {
				return false
			}
		}
		for i, e := range r.Events[:call] {
			if r.Kind.IsAnswered(e) && r.Ops[e.Step-1].Lane == r.Ops[to-1].Lane && r.Ended[i] >= r.Ended[end] {
				return false
			}
		}
		return true
	}
}
