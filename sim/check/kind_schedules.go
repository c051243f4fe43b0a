package check

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"batchlab/sim/engine"
	"batchlab/sim/lab"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// testSchedules explores generated programs. What is found under one law does not hide what
// breaks another: each law's first find is shrunk and kept.
func testSchedules(t *testing.T, l *lab.Lab, o KindOptions, again string) {
	t.Helper()
	t.Logf("batchlab: exploration seed %d", o.Seed)
	programs, schedules := cmp.Or(o.Concurrent, 100), cmp.Or(o.Schedules, 100)
	s, sum := l.Subjects[0], explorations{}
	for i := range programs {
		p := program.GenerateConcurrent(rand.New(rand.NewPCG(o.Seed, uint64(i))), s.Kind)
		if s.Clockless && s.Kind.Dated {
			p.Config.Epoch = engine.BubbleEpoch
		}
		e, err := l.Explore(t.Context(), p, s, lab.Search{Strategy: "portfolio", Seed: o.Seed, Schedules: schedules})
		if err != nil {
			t.Fatalf("%v in\n\n%s", err, p)
		}
		sum.add(p, e)
	}
	for _, u := range sum.upon {
		t.Logf("batchlab: no schedule decides %s", u)
	}
	for _, f := range sum.finds {
		t.Error(keepSighting(t, l, f.program, f.Sighting, o.Corpora, again))
	}
	if sum.judged() == 0 {
		t.Errorf("batchlab: nothing was judged: all %d traces are more than the specification can follow", sum.unjudged)
	}
	t.Log("batchlab: " + sum.String())
}

// explorations sums up what came of several programs.
type explorations struct {
	coverage
	finds []foundIn
}

// foundIn is the first find of a law, with its program.
type foundIn struct {
	lab.Sighting
	program *program.Program
}

func (x *explorations) add(p *program.Program, e *lab.Exploration) {
	x.coverage.add(e)
	for _, f := range e.Finds {
		known := slices.ContainsFunc(x.finds, func(o foundIn) bool { return o.Violation.Law == f.Violation.Law })
		if !f.Specified && !known {
			x.finds = append(x.finds, foundIn{f, p})
		}
	}
}

// String says what was found, and what it means that there was no more.
func (x *explorations) String() string {
	text := fmt.Sprintf("no violation in %d schedules of %d programs (random, PCT d=2, PCT d=3 and URW in turn)",
		x.schedules, x.programs)
	if n := len(x.finds); n > 0 {
		text = fmt.Sprintf("%d laws broken in %d schedules of %d programs", n, x.schedules, x.programs)
	}
	return text + x.judges()
}

// keepSighting shrinks what an exploration found, writes it to the corpora, and says so.
func keepSighting(t *testing.T, l *lab.Lab, p *program.Program, f lab.Sighting, dir, again string) string {
	t.Helper()
	seed, err := l.PromoteSighting(t.Context(), p, l.Subjects[0], f, "", nil, dir)
	return kept(t, seed, err, again)
}

// testSchedule replays a seed under its schedule, or under many if it has none, if that can
// be done here. Goroutines of a subject run beside operations that do not run together.
func testSchedule(t *testing.T, l *lab.Lab, file string, p *program.Program, dir, again string) {
	t.Helper()
	if rt.Woven == "" {
		t.Logf("batchlab: %s needs a woven binary, and was left out: see batchlab explore --test", file)
		return
	}
	search := lab.Search{Strategy: lab.Replaying}
	switch {
	case len(p.Schedule) == 0 && p.Concurrent():
		search = lab.Search{Strategy: "portfolio", Seed: 1, Schedules: 1000}
	case len(p.Schedule) == 0:
		search = lab.Search{Strategy: "portfolio", Seed: 1, Schedules: 100}
	}
	st, err := l.Study(t.Context(), p, l.Subjects, search)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, line := range st.Broken() {
		t.Errorf("%s: %s", file, line)
	}
	e := st.Explorations[0]
	t.Logf("batchlab: %s: %d schedules, %s", file, e.Schedules, e.Judged)
	for _, f := range e.News(p) {
		if search.Strategy == lab.Replaying {
			t.Error(shown(f.Violation, p, again))
			continue
		}
		t.Error(keepSighting(t, l, p, f, dir, again))
	}
}
