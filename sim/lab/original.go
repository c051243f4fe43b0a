package lab

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// original is the reference that a component's original is: its schedules, in which nobody
// is preempted inside a call, and then those with at most two preemptions, in which case the
// search is called whole; and, before it says no, some of the others. What one trace of
// the component took is there for all the following.
type original struct {
	p     *program.Program
	s     kind.Subject // the original
	lanes []byte
	alive func() bool // tells others that work goes on, and whether it should
	runs  int         // schedules so far
	left  int         // schedules that the strategies, or one that looks besides, may still run

	seen   oracle.Shown
	traces map[uint64]bool       // that were taken in
	broken map[oracle.Cause]bool // what it breaks itself
	asked  map[oracle.Cause]int  // how many schedules were run to see whether it does
	ends   [][]kind.Event        // its outcomes, for the nearest
	stages []string              // strategies that have not begun
	now    sched.Strategy        // that is under way
	partly bool                  // one of them could not take all its schedules
	whole  bool                  // all did up to two preemptions, and others look besides
}

// How far an original is searched.
const (
	mostOriginal = 30_000 // schedules, until it is whole,
	perSchedule  = 50     // and no more than these for each that is to be judged,
	mostBesides  = 3_000  // and then so many of each other strategy
	mostBreaches = 1_000  // to see whether it breaks a law at one cause as well
	mostEnds     = 1_000  // outcomes that are kept to show the nearest
	mostFailures = 20     // schedules, after which one that has come to no end is no reference
)

func newOriginal(p *program.Program, s, first kind.Subject, alive func() bool) *original {
	first.LawsOnly, first.Waives = s.Traits().LawsOnly, s.Waives // it is judged as the component is
	return &original{
		p: p, s: first, lanes: oracle.Lanes(p.Ops), alive: alive, left: mostOriginal,
		seen: oracle.Shown{}, traces: map[uint64]bool{}, broken: map[oracle.Cause]bool{}, asked: map[oracle.Cause]int{},
		stages: []string{"coarse", "dfs2", "portfolio", "por", "dfs3"},
	}
}

func (r *original) Name() string { return "the original " + r.s.Title() }

func (r *original) Law() kind.LawID { return kind.SameHistory }

// Shows searches on until an outcome is there.
func (r *original) Shows(o oracle.Observed) (oracle.Answer, error) {
	for !r.seen.Has(o) {
		if err := r.fails(); err != nil {
			return oracle.Answer{}, err
		}
		if more, err := r.next(); err != nil {
			return oracle.Answer{}, err
		} else if !more {
			whole := r.whole && r.now == nil
			a := oracle.Answer{Whole: whole, Nearest: r.nearest(o), Why: oracle.NotByOriginal}
			a.Always = r.always(a.Nearest, kind.Agree(a.Nearest, o.Events))
			return a, nil
		}
	}
	return oracle.Answer{Shown: true}, nil
}

// fails is the error of an original that has come to the end of the program in none of many schedules, since it
// breaks a law in each.
func (r *original) fails() error {
	if len(r.ends) > 0 || len(r.broken) == 0 || r.runs < mostFailures {
		return nil
	}
	c := slices.MinFunc(slices.Collect(maps.Keys(r.broken)), func(a, b oracle.Cause) int {
		return cmp.Or(a.Step-b.Step, cmp.Compare(a.Law, b.Law), cmp.Compare(a.Call, b.Call))
	})
	return unfit(r.s, fmt.Sprintf("breaks %s itself in each of %d schedules (%s)", c.Law, r.runs, c.Call))
}

// breaks searches on until a law is seen broken at a cause: then it is the specification's fault.
func (r *original) breaks(c oracle.Cause) (bool, error) {
	for ; !r.broken[c]; r.asked[c]++ {
		if r.asked[c] == mostBreaches {
			return false, nil
		}
		if more, err := r.next(); err != nil || !more {
			return false, err
		}
	}
	return true, nil
}

// next runs one more schedule, and reports whether there was one.
func (r *original) next() (bool, error) {
	if !r.alive() {
		return false, nil
	}
	for r.now == nil || r.left == 0 || !r.now.Begin() {
		if more, err := r.turn(); !more {
			return false, err
		}
	}
	r.left--
	r.runs++
	x, err := engine.Woven(r.p, r.s, r.now)
	if wild(err) {
		return true, nil // End has told the strategy that this one was cut short
	} else if err != nil {
		return false, err
	}
	return true, r.take(&x.Run)
}

// turn goes on with the next strategy, and reports whether there is one.
func (r *original) turn() (bool, error) {
	if d := searched(r.now); d != nil {
		if d.Diverged {
			why := "does otherwise after the same choices: it depends on more than the schedule"
			if differs := fickle(r.p, r.s); differs != "" {
				why += " (" + differs + ")"
			}
			return false, unfit(r.s, why)
		}
		switch {
		case !d.Complete():
			r.partly = true
		case d.Bound < 0: // nothing is left to be seen
			r.stages = nil
		}
	}
	if len(r.stages) == 0 || r.partly && !r.whole {
		r.now, r.stages = nil, nil
		return false, nil
	}
	name := r.stages[0]
	r.stages = r.stages[1:]
	if name == "portfolio" {
		r.whole = true
	}
	if r.whole {
		r.left = mostBesides
	}
	var err error
	r.now, err = sched.New(name, 1)
	return err == nil, err
}

func (r *original) take(run *kind.Run) error {
	key := oracle.OrderKey(run)
	if r.traces[key] {
		return nil
	}
	r.traces[key] = true
	v, err := oracle.Judge(run)
	if err != nil {
		return err
	}
	for _, v := range append(oracle.Sighted(run), v) {
		if v.Violation != nil {
			r.broken[v.Violation.Cause()] = true
		}
	}
	if !ended(run) {
		return nil
	}
	o := oracle.Observe(run, r.lanes)
	if _, known := r.seen[o.Digest]; !known && len(r.ends) < mostEnds {
		r.ends = append(r.ends, o.Events)
	}
	r.seen.Add(o)
	return nil
}

// nearest is the outcome that agrees longest with an observed one.
func (r *original) nearest(o oracle.Observed) []kind.Event {
	if len(r.ends) == 0 {
		return nil
	}
	return slices.MaxFunc(r.ends, func(a, b []kind.Event) int { return kind.Agree(a, o.Events) - kind.Agree(b, o.Events) })
}

// always reports whether all its outcomes have an event of one of them.
func (r *original) always(of []kind.Event, at int) bool {
	return at < len(of) && len(r.ends) < mostEnds && !slices.ContainsFunc(r.ends, func(o []kind.Event) bool {
		return !slices.ContainsFunc(o, func(e kind.Event) bool { return e.Same(&of[at]) })
	})
}

// unfit says that an original is no reference, and why.
func unfit(s kind.Subject, why string) error {
	const form = "kind %s: the original %s %s, and is no reference: mend it, or name another"
	return &kind.LabError{Msg: fmt.Sprintf(form, s.Kind.Name, s.Title(), why)}
}

type runner func(*program.Program, kind.Subject) (kind.Run, error)

// compared judges a run by the original as well, if the subject has one that can run the
// program.
func (j *judged) compared(r *kind.Run, p *program.Program, s kind.Subject, run runner) (oracle.Verdict, error) {
	v, err := j.judge(r)
	if err != nil || s.Original == nil || !engine.Applies(p, *s.Original) {
		return v, err
	}
	of, err := run(p, *s.Original)
	if err != nil {
		return v, err
	}
	before := v.Violation
	if v, err = oracle.Compare(r, &of, v); err != nil || v.Violation == before {
		return v, err
	}
	again, err := run(p, *s.Original)
	if err != nil {
		return v, err
	}
	if a, b := history.Of(&of), history.Of(&again); v.Stable(a) != v.Stable(b) {
		return v, unfit(*s.Original, "gave two histories of one program: it depends on more than the program")
	}
	return v, nil
}
