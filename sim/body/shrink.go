package body

import (
	"fmt"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// How hard a shrink looks.
const (
	fewest     = 2_000           // schedules for each number of preemptions
	shrinkTime = 4 * time.Second // to look for those, and as much again to leave choices out
)

// shrink looks for a schedule of few preemptions under which the same law breaks, leaves out of it what is
// not needed, and has it shown once more: by a process of its own, if there is one, for here others were before.
func (x *explorer) shrink(f *Find) {
	if x.o.Rough {
		return
	}
	found := *f
	f.Unsteady = !x.reduce(f)
	if x.o.Again == nil {
		x.show(f, false)
		return
	}
	if x.show(f, true) {
		return
	}
	if f.Schedule, f.Unfair = found.Schedule, found.Unfair; !x.show(f, true) {
		f.Unsteady = true
		return
	}
	defer func(apart bool) { x.apart = apart }(x.apart)
	x.apart = true
	x.reduce(f)
	x.show(f, true)
}

// reduce makes a find's schedule as short as it gets, and reports whether it breaks the law at all.
func (x *explorer) reduce(f *Find) bool {
	if f.Known { // it was shrunk before
		return true
	}
	if x.follow(f, f.Schedule, false) == nil {
		return false
	}
	most := shrinkTime
	if len(x.finds) > 0 {
		most /= 4
	}
	schedule := f.Schedule
	if !x.apart {
		schedule = x.fewest(f, time.Now().Add(most))
	}
	until := time.Now().Add(most)
	for size := max(1, len(schedule)/2); size > 0; size /= 2 {
		for i := len(schedule) - size; i > -size && time.Now().Before(until); i -= size {
			less := slices.Delete(slices.Clone(schedule), max(i, 0), min(i+size, len(schedule)))
			if x.follow(f, less, false) != nil {
				schedule = less
			}
		}
	}
	f.Schedule = schedule
	return true
}

// show has a find's schedule show it once more, in a process of its own or here, and takes in what is seen.
func (x *explorer) show(f *Find, apart bool) bool {
	defer func(was bool) { x.apart = was }(x.apart)
	x.apart = apart
	again := x.follow(f, f.Schedule, true)
	if again == nil {
		return false
	}
	if !f.Known && len(again.Schedule) <= len(f.Schedule) { // where nobody was before, points may come otherwise
		f.Schedule, again.Amiss = again.Schedule, nil
	}
	f.Text, f.Detail, f.Unsteady, f.Ahead = again.Text, again.Detail, false, again.Ahead
	f.Table, f.Waiting, f.Timeline, f.Preempts = again.Table, again.Waiting, again.Timeline, again.Preempts
	f.Amiss = again.Amiss
	return true
}

// follow runs the body under another schedule than a find's, and returns what it breaks if that is
// the same law.
func (x *explorer) follow(f *Find, schedule []program.Decision, traced bool) *Find {
	var again *Find
	if x.apart {
		r, ok := x.send(errand{Find: &Find{Schedule: schedule, Unfair: f.Unfair}})
		if !ok {
			return nil
		}
		again = r.Find
	} else {
		p := widest
		p.unfair, p.traced = f.Unfair, traced
		again = x.replayed(schedule, p)
	}
	if x.isLike(again, f) {
		return again
	}
	return nil
}

// replayed runs the body under a schedule, and returns what it breaks.
func (x *explorer) replayed(schedule []program.Decision, p pace) *Find {
	s := sched.NewReplay(schedule)
	f, _ := x.retry(s, p)
	if f != nil {
		f.Amiss = append(s.Notes(), sched.Moved(schedule, f.Schedule)...)
	}
	return f
}

// isLike reports whether what was found stands for a find: it breaks the same law, and is none of those known.
func (x *explorer) isLike(found, f *Find) bool {
	return found != nil && found.Law == f.Law && !x.knows(found)
}

// retry runs the body once more, which counts as no schedule of the exploration; ok is false if the
// strategy has no more.
func (x *explorer) retry(s sched.Strategy, p pace) (f *Find, ok bool) {
	if !s.Begin() {
		return nil, false
	}
	if x.o.Beat != nil {
		x.o.Beat(x.r.Schedules)
	}
	hasty, full := x.r.Hasty, x.r.Full
	f = x.judge(x.run(s, p))
	x.r.Hasty, x.r.Full = hasty, full
	return f, true
}

// fewest looks for a schedule with no preemption, then with one, and so on.
func (x *explorer) fewest(f *Find, until time.Time) []program.Decision {
	for bound := range 3 {
		d := sched.NewDFS(bound)
		for range fewest {
			found, ok := x.retry(d, slow)
			if !ok || time.Now().After(until) {
				break
			}
			if x.isLike(found, f) {
				if f.Unfair == 0 || len(found.Schedule) < len(f.Schedule) {
					f.Unfair = 0
					return fewer(found.Schedule, f.Schedule)
				}
				return f.Schedule
			}
		}
	}
	return f.Schedule
}

// fewer is the shorter one of two schedules.
func fewer(a, b []program.Decision) []program.Decision {
	if len(b) < len(a) {
		return b
	}
	return a
}

// Switches says how many choices of a schedule are not the default.
func (f *Find) Switches() string {
	switch n := len(f.Schedule); n {
	case 0:
		return "who is at it goes on until it waits"
	case 1:
		return "one choice is not the default"
	default:
		return fmt.Sprintf("%d choices are not the default", n)
	}
}
