package lab

import (
	"context"
	"slices"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// How hard a shrink looks for the schedule of a smaller program.
const (
	shrinkSchedules = 300    // of each program that is tried,
	shrinkPlainly   = 20     // if the one without a preemption shows it
	fewestSchedules = 20_000 // for each number of preemptions
)

// ShrinkScheduled simplifies a program that breaks a law in a subject under some schedule,
// and returns it with a schedule of as few preemptions as were found to be enough, and
// its violation. It keeps to what is like the sighting, as the search that had it saw it. If that
// does not show again, the program is returned as it is.
func (l *Lab) ShrinkScheduled(ctx context.Context, p *program.Program, s kind.Subject, like Like,
	beside string) (*program.Program, *oracle.Violation, error) {
	var failed error
	try := func(q *program.Program, search Search) *Sighting {
		search.Until, search.Beside = &like, beside
		e, err := l.Explore(ctx, q, s, search)
		if err != nil && ctx.Err() == nil {
			failed = err
		}
		if err != nil {
			return nil
		}
		return e.like(like)
	}
	best := p.Bare()
	replays := func(q *program.Program) bool { return try(q, Search{Strategy: Replaying}) != nil }
	many := shrinkSchedules
	if len(best.Schedule) == 0 && replays(best) {
		many = shrinkPlainly
	}
	breaks := func(q *program.Program) bool {
		return replays(q) || try(q, Search{Strategy: "portfolio", Seed: 1, Schedules: many}) != nil
	}
	if !breaks(best) {
		return best, nil, failed
	}
	best = program.Shrink(best, breaks, shrinkBudget)
	schedule, found := l.fewest(best, try)
	if !found {
		return best, nil, failed
	}
	best.Schedule = drop(best, schedule, replays)
	e, err := l.Explore(context.WithoutCancel(ctx), best, s, Search{Strategy: Replaying, Beside: beside})
	if err != nil {
		return best, nil, err
	}
	if f := e.like(like); f != nil {
		return best, f.Violation, nil
	}
	return best, e.Violation, nil
}

// fewest looks for a schedule with no preemption, then with one, and so on.
func (l *Lab) fewest(p *program.Program, try func(*program.Program, Search) *Sighting) ([]program.Decision, bool) {
	for _, strategy := range []string{"dfs0", "dfs1", "dfs2", "dfs3"} {
		if f := try(p, Search{Strategy: strategy, Schedules: fewestSchedules}); f != nil {
			return f.Schedule, true
		}
	}
	if f := try(p, Search{Strategy: Replaying}); f != nil {
		return p.Schedule, true
	}
	if f := try(p, Search{Strategy: "portfolio", Seed: 1, Schedules: shrinkSchedules}); f != nil {
		return f.Schedule, true
	}
	return nil, false
}

// drop leaves out of a schedule what is not needed, the last decisions first.
func drop(p *program.Program, schedule []program.Decision, breaks func(*program.Program) bool) []program.Decision {
	for n := 1; len(schedule) > 100 && n < len(schedule); n *= 2 { // of a run that spins, how it came to that
		q := p.Bare()
		if q.Schedule = schedule[:n]; breaks(q) {
			schedule = q.Schedule
		}
	}
	for i := len(schedule) - 1; i >= 0; i-- {
		q := p.Bare()
		q.Schedule = slices.Delete(slices.Clone(schedule), i, i+1)
		if breaks(q) {
			schedule = q.Schedule
		}
	}
	return schedule
}
