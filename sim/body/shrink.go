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
	if small := x.follow(f, schedule); small != nil {
		f.Text, f.Detail, f.Schedule = small.Text, small.Detail, schedule
	}
}

// follow runs the body under another schedule than a find's, and returns what it breaks if that is
// the same law.
func (x *explorer) follow(f *Find, schedule []program.Decision) *Find {
	p := widest
	p.unfair = f.Unfair
	if again, _ := x.retry(sched.NewReplay(schedule), p); again != nil && again.Law == f.Law {
		return again
	}
	return nil
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

// draw runs the body once more under a find's schedule, and draws what happens.
func (x *explorer) draw() {
	f := x.r.Find
	if x.o.Rough || f.Unsteady {
		return
	}
	p := widest
	p.unfair, p.traced = f.Unfair, true
	s := sched.NewReplay(f.Schedule)
	s.Begin()
	one := x.run(s, p)
	f.Preempts = sched.Preemptions(one.res.Log)
	f.Table = view.Schedule(one.res.Trace)
	f.Waiting = view.Waiting(slices.Concat(one.res.Stuck, one.left))
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
