package body

import (
	"cmp"
	"slices"
	"time"

	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// explorer explores one body.
type explorer struct {
	name  string
	body  func(*T)
	o     Options
	begun time.Time
	r     *Report

	choices int     // that the schedules had so far
	finds   []*Find // the gravest first
	first   int     // the points before the first was found
	ahead   *Find   // see Find.Ahead
	news    int     // the schedule that showed the newest
	apart   bool    // each schedule has a process of its own: see apart.go
}

// Explore runs a body under many schedules: those that are kept first, then the ones at random, then all
// within the bound on preemptions. Finds of other laws and causes are looked for beside the first, but not for
// long. What it finds is shrunk to few preemptions and kept.
func Explore(name string, body func(*T), o Options) (*Report, error) {
	if rt.Woven == "" {
		return nil, ErrNotWoven
	}
	x := &explorer{name: name, body: body, o: o, begun: time.Now(), r: &Report{Name: name, Raced: rt.RaceEnabled}}
	err := x.explore()
	x.told()
	x.r.Seconds = time.Since(x.begun).Seconds()
	return x.r, err
}

func (x *explorer) explore() error {
	if asked != "" {
		return x.answer(asked)
	}
	if done, err := x.replay(); done || err != nil {
		return err
	}
	strategies, err := x.strategies(x.o.Seed)
	if err != nil {
		return err
	}
	for n := range cmp.Or(x.o.Schedules, 1000) {
		x.take(x.next(strategies, n))
		if n == len(paces) && x.choices == 0 && !x.apart {
			x.r.Complete, x.r.Bound = true, cmp.Or(x.o.Preemptions, 2) // nothing is to be chosen
			return nil
		}
		if x.r.Skipped != "" || x.enough() || !x.more() {
			break
		}
	}
	if len(x.finds) == 0 && !x.apart {
		x.whole()
	}
	return nil
}

// next runs the next schedule of one of the strategies, which are used in turn.
func (x *explorer) next(strategies []*strategy, n int) *Find {
	s, p := strategies[n%len(strategies)], paces[n%len(paces)]
	if s.full == mostFull { // what it begins it does not end
		return nil
	}
	if n%unfairly == 5 {
		p.unfair = unfair
	}
	if x.apart {
		return x.nextApart(n)
	}
	x.heed()
	full := x.r.Full
	f, _ := x.search(s.Strategy, p) // which may have to be shown what the run does
	s.full += x.r.Full - full
	return f
}

// strategy is one that is used in turn with others.
type strategy struct {
	sched.Strategy
	full int // schedules that were too long to be judged
}

// mostFull is how many schedules of a strategy may be too long.
const mostFull = 2

func (x *explorer) strategies(seed uint64) ([]*strategy, error) {
	names := []string{"random", "pct2", "pct3", "urw"}
	if x.o.Strategy != "" {
		names = []string{x.o.Strategy}
	}
	var list []*strategy
	for i, name := range names {
		s, err := sched.New(name, seed+uint64(i))
		if err != nil {
			return nil, err
		}
		list = append(list, &strategy{Strategy: s})
	}
	return list, nil
}

// pace says how time may run ahead in a schedule.
type pace struct {
	early  int
	ahead  time.Duration
	unfair int // see rt.Config
	traced bool
}

// One schedule in so many lets a goroutine pass so many points while others could go on.
const (
	unfairly = 8
	unfair   = 500_000
)

// paces are tried in turn: a number of them that is prime to that of the strategies in a portfolio.
var (
	paces  = []pace{{early: 64, ahead: hasty}, {early: 64, ahead: 1 << 62}, {}}
	slow   = pace{early: 2, ahead: hasty}
	widest = pace{early: 1 << 20, ahead: 1 << 62}
)

// hasty is by how much time may run ahead in a schedule in which the test fails.
const hasty = 100 * time.Microsecond

// more reports whether there is time for another schedule.
func (x *explorer) more() bool {
	return (x.o.Budget == 0 || time.Since(x.begun) < x.o.Budget) && (x.o.Beat == nil || x.o.Beat(x.r.Schedules))
}

// search runs the next schedule of a strategy, and returns what it breaks; ok is false if there is none.
func (x *explorer) search(strategy sched.Strategy, p pace) (f *Find, ok bool) {
	if !strategy.Begin() {
		return nil, false
	}
	x.r.Schedules++
	one := x.run(strategy, p)
	f = x.judge(one)
	x.count(one)
	if one.res.Stale != "" && x.o.Again != nil {
		x.dirty("the lock at " + one.res.Stale + " is held since an earlier one")
	}
	if f != nil {
		f.Unfair, f.At = p.unfair, x.r.Schedules
	}
	x.choices += len(one.res.Log)
	return f, true
}

// whole takes all schedules within the bound, if there are not too many.
func (x *explorer) whole() {
	most := cmp.Or(x.o.Whole, 10_000)
	if most < 0 || x.r.Skipped != "" || x.r.Schedules == 0 || !x.more() {
		return
	}
	bound := cmp.Or(x.o.Preemptions, 2)
	x.r.Bound = bound
	x.heed()
	d, last := sched.NewDFS(bound), x.r.Schedules+most
	for x.r.Schedules < last {
		f, ok := x.search(d, slow)
		if !ok && x.heed() > 0 { // with more points, once more
			d = sched.NewDFS(bound)
			continue
		} else if !ok {
			break
		}
		x.take(f)
		if x.apart || x.enough() || !x.more() {
			return
		}
	}
	if d.Diverged {
		x.note("the same choices led to another run: it depends on more than the schedule")
	}
	x.r.Complete = len(x.finds) == 0 && x.r.Schedules < last && d.Complete() && x.r.Full == 0
}

// heed makes points of the lines that were seen to touch memory which others touch, and returns how many are new. The
// race detector sees what is not in order, whoever is preempted.
func (x *explorer) heed() int {
	if rt.RaceEnabled {
		return 0
	}
	return rt.Heed()
}

func (x *explorer) note(text string) {
	if !slices.Contains(x.r.Notes, text) {
		x.r.Notes = append(x.r.Notes, text)
	}
}

// count takes in what a schedule came upon.
func (x *explorer) count(one *once) {
	x.r.Points += one.res.Points
	x.r.Uncontrolled = union(x.r.Uncontrolled, slices.Concat(one.res.Uncontrolled, one.upon))
	if one.cannot != "" {
		x.r.Cannot, x.r.Skipped = one.cannot, one.cannot
		return
	}
	if one.root.skipped && !one.root.failed {
		x.r.Skipped = cmp.Or(one.said(), "it says so")
	}
}

// Plainly runs a body once where nothing is woven, for the lines that it covers. Nobody asks
// what came of it.
func Plainly(name string, body func(*T)) {
	x := &explorer{name: name, body: body, r: &Report{Name: name}}
	if s, err := sched.New("random", 1); err == nil && s.Begin() {
		x.run(s, pace{})
	}
}
