package body

import (
	"fmt"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/view"
)

// How hard a shrink looks.
const (
	fewest     = 2_000           // schedules for each number of preemptions
	shrinkTime = 4 * time.Second // to look for those, and as much again to leave choices out
)

// shrink looks for a schedule of few preemptions under which the same law breaks, leaves out of it
// what is not needed, and shows it once more.
func (x *explorer) shrink() {
	f := x.r.Find
	if x.o.Rough {
		return
	}
	if x.follow(f, f.Schedule) == nil {
		f.Unsteady = true
		return
	}
	schedule := x.fewest(f, time.Now().Add(shrinkTime))
	until := time.Now().Add(shrinkTime)
	for size := max(1, len(schedule)/2); size > 0; size /= 2 {
		for i := len(schedule) - size; i > -size && time.Now().Before(until); i -= size {
			less := slices.Delete(slices.Clone(schedule), max(i, 0), min(i+size, len(schedule)))
			if x.follow(f, less) != nil {
				schedule = less
			}
		}
	}
	if last := x.follow(f, schedule); last != nil {
		small := last.verdict()
		f.Text, f.Detail, f.Schedule = small.Text, small.Detail, schedule
	}
}

// follow runs the body under another schedule than a find's, and returns what came of it if it breaks
// the same law.
func (x *explorer) follow(f *Find, schedule []program.Decision) *once {
	p := widest
	p.unfair = f.Unfair
	one, again := x.retry(sched.NewReplay(schedule), p)
	if again == nil || again.Law != f.Law {
		return nil
	}
	return one
}

// retry runs the body once more, which counts as no schedule of the exploration.
func (x *explorer) retry(s sched.Strategy, p pace) (*once, *Find) {
	if !s.Begin() {
		return nil, nil
	}
	if x.o.Beat != nil {
		x.o.Beat(x.r.Schedules)
	}
	hasty, full := x.r.Hasty, x.r.Full
	one := x.run(s, p)
	f := x.judge(one)
	x.r.Hasty, x.r.Full = hasty, full
	return one, f
}

// draw runs the body once more under a find's schedule, and draws what happens.
func (x *explorer) draw() {
	f := x.r.Find
	if x.o.Rough || f.Unsteady {
		return
	}
	p := widest
	p.unfair, p.traced = f.Unfair, true
	one, _ := x.retry(sched.NewReplay(f.Schedule), p)
	f.Preempts = sched.Preemptions(one.res.Log)
	f.Table = view.Schedule(one.res.Trace)
	f.Waiting = view.Waiting(slices.Concat(one.res.Stuck, one.left))
}

// fewest looks for a schedule with no preemption, then with one, and so on.
func (x *explorer) fewest(f *Find, until time.Time) []program.Decision {
	for bound := range 3 {
		d := sched.NewDFS(bound)
		for range fewest {
			one, found := x.retry(d, slow)
			if one == nil || time.Now().After(until) {
				break
			}
			if found != nil && found.Law == f.Law {
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
