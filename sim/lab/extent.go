package lab

import (
	"fmt"
	"strings"

	"batchlab/sim/sched"
)

// searched is the search that a strategy is, if it takes all schedules one after another.
func searched(strategy sched.Strategy) *sched.Search {
	if d, ok := strategy.(interface{ Searched() *sched.Search }); ok {
		return d.Searched()
	}
	return nil
}

// beyondBound reports whether the schedule under way may be one that a search with a bound would not take.
func beyondBound(strategy sched.Strategy) bool {
	d, ok := strategy.(interface{ Deep() bool })
	return ok && d.Deep()
}

// left reports whether a search leaves the schedule that is over to another one with a higher bound.
func left(strategy sched.Strategy) bool {
	d, ok := strategy.(interface{ Beyond() bool })
	return ok && d.Beyond()
}

// covers notes of how much the schedules are that were taken, and reports whether one did not repeat what it began
// with.
func (e *Exploration) covers(strategy sched.Strategy) (diverged bool) {
	if d := searched(strategy); d != nil {
		e.Complete, e.Bound, diverged = d.Complete() || !strategy.Begin() && d.Complete(), d.Bound, d.Diverged
	}
	if e.Complete && e.Bound < 0 {
		for i := range e.Outcomes {
			e.Outcomes[i].Deep = false
		}
	}
	e.Covered = strategy.Covered(e.Schedules)
	return diverged
}

// Extent says of how much of all there is the schedules are.
func (e *Exploration) Extent() string {
	how := e.Search.Strategy
	by := " of " + how
	if how == "whole" {
		by = ""
	}
	text := fmt.Sprintf("%d schedules%s", e.Schedules, by)
	switch {
	case how == Replaying:
		return text
	case !e.Complete:
		return fmt.Sprintf("%d of many schedules%s", e.Schedules, by)
	case e.Bound < 0:
		return text + ", which stand for all there are"
	case how == "coarse":
		return text + ", all in which nobody is preempted inside a call"
	case strings.HasPrefix(how, "dfs"):
		return fmt.Sprintf("%s, all of at most %d preemptions", text, e.Bound)
	case strings.HasPrefix(how, "por"): // see package sched
		return fmt.Sprintf("%s, which are meant to stand for all of at most %d preemptions", text, e.Bound)
	}
	return fmt.Sprintf("%s, all of at most %d preemptions among them", text, e.Bound)
}
