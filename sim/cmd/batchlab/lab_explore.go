package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"batchlab/stress/gate"
)

// explore runs the seeds that need a schedule, under their own or under all of at most two
// preemptions, generated programs under the portfolio, and if there is a race detector's
// build, those seeds once more under that.
func (l *labRun) explore(ctx context.Context) (gate.Record, error) {
	r := gate.Record{Stage: gate.Explore, Covered: map[string]int{}, Subjects: map[string]string{}, Seed: l.f.seed}
	f := exploreFlags{seed: l.f.seed, programs: l.f.explore, schedules: l.f.schedules, corpora: l.f.corpora,
		workers: runtime.NumCPU()}
	plain, err := runExplore(ctx, l.t, f, nil, io.Discard, l.err)
	if err != nil && !errors.Is(err, errFound) {
		return r, err
	}
	all, each := "all schedules", 100
	if f.schedules > 0 {
		all, each = fmt.Sprintf("up to %d schedules", f.schedules), f.schedules
	}
	r.Strategies = []string{
		fmt.Sprintf("por2: %s that stand for those of at most 2 preemptions of each seed without one", all),
		fmt.Sprintf("portfolio: random, PCT d=2, PCT d=3, URW, %d schedules of each generated program", each),
	}
	l.covered(&r, plain, "")
	l.page.line("explore", "%d seeds in %d searches, %d of them whole, with %d schedules that stand for all of at most "+
		"2 preemptions; %d generated programs with %d schedules; %d outcomes, %d not as expected",
		plain.seeds, plain.searches, plain.complete, plain.ofSeeds, plain.programs-plain.seeds,
		plain.schedules-plain.ofSeeds, plain.outcomes, len(plain.broken))
	for _, text := range plain.findings {
		l.page.line("", "the baseline or the specification has a new fault: %s", text)
	}
	if l.f.raceBinary == "" {
		return r, nil
	}
	f.race, f.strategy, f.programs = true, "portfolio", 0
	f.schedules = min(cmp.Or(l.f.schedules, raceSchedules), raceSchedules)
	f.raceOnly = true
	raced, err := runExplore(ctx, l.t, f, nil, io.Discard, l.err)
	if err != nil && !errors.Is(err, errFound) {
		return r, err
	}
	r.Race = true
	r.Strategies = append(r.Strategies,
		fmt.Sprintf("portfolio under the race detector, %d schedules of each seed", f.schedules))
	l.covered(&r, raced, "race ")
	l.page.line("", "under the race detector %d schedules, %d races", raced.schedules, len(raced.broken))
	return r, nil
}

// raceSchedules is how many schedules of each seed the lab runs under the race
// detector.
const raceSchedules = 100

func (l *labRun) covered(r *gate.Record, t *exploreTotals, how string) {
	r.Covered[how+"programs"] += t.programs
	r.Covered[how+"schedules"] += t.schedules
	r.Covered[how+"decisions"] += t.decisions
	r.Covered[how+"outcomes"] += t.outcomes
	r.Covered[how+"complete searches"] += t.complete
	r.Covered[how+"unjudged traces"] += t.unjudged
	r.Found = append(r.Found, t.broken...)
	for _, s := range l.lab.Subjects {
		x := t.subjects[s.Title()]
		if x == nil {
			continue
		}
		text := fmt.Sprintf("no new violation in %d %sschedules, %d outcomes that the baseline does not have", x.schedules,
			how, x.fresh)
		if how != "" {
			text = fmt.Sprintf("no race in %d schedules", x.schedules)
		}
		for _, b := range t.broken {
			if strings.Contains(b, s.Title()+": ") {
				text = "broken when explored"
			}
		}
		if old := r.Subjects[s.Title()]; old != "" {
			text = old + "; " + text
		}
		r.Subjects[s.Title()] = text
	}
}
