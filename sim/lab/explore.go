package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// Replaying is the strategy that follows the schedule in the program itself.
const Replaying = "replay"

// Search says which schedules of a program are run.
type Search struct {
	Strategy  string // one of sched.Names, or Replaying
	Seed      uint64
	Schedules int    // at most so many; 0: 1,000
	Blind     bool   // judge nothing
	Beside    string // kind/name: what this one breaks as well is the specification's fault; "": the original, if any
	Until     *Like  // if not nil: stop when this is seen
}

// mostUnjudged is how many traces that cannot be judged end an exploration: each costs what
// thousands of others do.
const mostUnjudged = 20

// maxOutcomes is how many outcomes are kept.
const maxOutcomes = 100_000

// Exploration is what came of a program on a subject under many schedules.
type Exploration struct {
	Subject   string // kind/name
	Search    Search
	Schedules int
	Points    int       // scheduling points passed, in all
	Decisions int       // those at which there was a choice
	Traces    int       // schedules that could be told apart from outside
	Unjudged  int       // traces that the specification could not follow
	Complete  bool      // all within a bound were among them, or as many as stand for all
	Bound     int       // of preemptions, if Complete; -1: any
	Covered   string    // what the schedules mean if nothing was found
	Outcomes  []Outcome // different histories, by digest
	Met       Met       `json:",omitempty"` // in the schedules that could be told apart
	Seconds   float64
	Notes     []string // what of the program's schedule could not be followed
	// Uncontrolled is what the runs came upon that no schedule decides, each with its place.
	Uncontrolled []string

	Judged string // by whom: what it means that nothing was found
	Beyond int    // traces of which the reference, as far as it was searched, does not know: no violations

	Sighting            // the first, if there is one
	Finds    []Sighting // the first of each Like

	Run kind.Run // of the last schedule, if it was one only
}

func (s Search) strategy(p *program.Program) (sched.Strategy, error) {
	switch s.Strategy {
	case Replaying:
		return sched.NewReplay(p.Schedule), nil
	case "whole":
		return sched.NewWhole(s.Seed, cmp.Or(s.Schedules, 1000)), nil
	}
	return sched.New(s.Strategy, s.Seed)
}

// Explore runs a program on a subject under many schedules and judges each. The
// subject's code must be woven: the lab's worker, or this process if it has none, is to be
// a binary that `batchlab explore` has built.
func (l *Lab) Explore(ctx context.Context, p *program.Program, s kind.Subject, search Search) (*Exploration, error) {
	if err := engine.CanRun(p, s); err != nil {
		return nil, err
	}
	if l.Spawn == nil {
		return l.explore(p, s, search, func(int) bool {
			if l.Beat != nil {
				l.Beat()
			}
			return ctx.Err() == nil
		})
	}
	n, err := l.ask(ctx, job{Unit: Unit{Subjects: []string{s.Title()}, Program: p.String(), Search: &search}})
	if err != nil {
		return nil, err
	}
	e := n.Exploration
	e.Run.Kind = s.Kind // which is not told
	if f := e.Find(kind.NoRace); f != nil {
		f.Violation.Detail = l.worker.stderr.String()
		l.end() // what the next one writes on standard error is of another race
		if e.Violation.Law == kind.NoRace {
			e.Sighting = *f
		}
	}
	return e, nil
}

// answer waits for what a worker explores.
func (c *child) answer(ctx context.Context) (note, error) {
	for {
		if ctx.Err() != nil {
			return note{}, ctx.Err()
		}
		n, err := c.next()
		switch {
		case errors.Is(err, errSilent), n.Hung != "":
			return n, &kind.LabError{Msg: cmp.Or(n.Hung, "the worker is silent") +
				": the code waits for what the scheduler does not know, or loops without a scheduling point"}
		case err != nil:
			return n, &kind.LabError{Msg: "the worker died: " + c.death()}
		case n.Err != "":
			return n, &kind.LabError{Msg: n.Err}
		case n.Exploration != nil, n.Hunted != nil, n.Conformed != nil:
			return n, nil
		}
	}
}

// alive returns a function that tells the watchdog, and now and then the parent, how many
// schedules are done.
func (w *worker) alive() func(n int) bool {
	last := time.Now()
	return func(n int) bool {
		if w.beats.Add(1); n%64 == 0 && time.Since(last) > time.Second {
			last = time.Now()
			w.write(note{Schedules: n})
		}
		return true
	}
}

// explore does an exploration in a worker.
func (w *worker) explore(p *program.Program, s kind.Subject, search Search) (note, error) {
	e, err := (&Lab{Subjects: w.subjects}).explore(p, s, search, w.alive())
	return note{Exploration: e, Grown: w.grown(p, []kind.Subject{s})}, err
}

// explore explores in this process, as long as more says so.
func (l *Lab) explore(p *program.Program, s kind.Subject, search Search, more func(n int) bool) (*Exploration, error) {
	var beside *kind.Subject
	if search.Beside != "" {
		if beside = titled(l.Subjects, search.Beside); beside == nil {
			return nil, &kind.LabError{Msg: search.Beside + " is to stand beside " + s.Title() +
				", and the lab does not know it"}
		}
	}
	strategy, err := search.strategy(p)
	if err != nil {
		return nil, &kind.LabError{Msg: err.Error()}
	}
	e := &Exploration{Subject: s.Title(), Search: search, Met: Met{}}
	schedules := cmp.Or(search.Schedules, 1000)
	by, err := newJudges(p, s, beside, schedules, func() bool { return more(e.Schedules) })
	if err != nil {
		return nil, err
	}
	defer rt.Keep()()
	if !rt.RaceEnabled { // the detector sees what is not in order, whoever is preempted
		rt.Heed()
	}
	begun := time.Now()
	// Traces that cannot be told apart are judged once, and have one outcome.
	traces, outcomes := map[uint64]int{}, map[string]int{}
	for n := range schedules {
		if e.Unjudged == mostUnjudged || !more(n) || !strategy.Begin() {
			break
		}
		x, err := engine.Woven(p, s, strategy)
		if wild(err) {
			e.Schedules++
			e.Unjudged++
			continue
		} else if err != nil {
			return nil, err
		}
		if e.count(x); left(strategy) {
			continue
		}
		deep := beyondBound(strategy)
		k := by.key(x)
		outcome, known := traces[k]
		if !known {
			if outcome, err = e.judge(by, x, outcomes); err != nil {
				return nil, err
			}
			traces[k] = outcome
		}
		if outcome >= 0 {
			o := &e.Outcomes[outcome]
			o.Count++
			o.Deep = deep && (o.Deep || o.Count == 1)
		}
		if search.Until != nil && e.like(*search.Until) != nil {
			break
		}
	}
	e.Beyond = by.beyond
	if !search.Blind {
		e.Judged = by.String()
	}
	if e.covers(strategy) {
		return nil, &kind.LabError{Msg: fmt.Sprintf("%s: the same choices led to another run: it depends on more than the "+
			"schedule%s", s.Title(), e.upon(fickle(p, s)))}
	}
	e.Traces, e.Seconds = len(traces), time.Since(begun).Seconds()
	slices.SortFunc(e.Outcomes, func(a, b Outcome) int { return cmp.Compare(a.Digest, b.Digest) })
	return e, nil
}

func (e *Exploration) count(x engine.WovenRun) {
	e.Schedules++
	e.Points += x.Points
	e.Decisions += len(x.Log)
	e.Notes = x.Notes
	e.Uncontrolled = union(e.Uncontrolled, x.Uncontrolled)
	if e.Search.Strategy == Replaying {
		e.Run = x.Run
	}
}

// union is a list with what another has besides.
func union(list, more []string) []string {
	for _, u := range more {
		if !slices.Contains(list, u) {
			list = append(list, u)
		}
	}
	return list
}

// upon is what differed, and what is Uncontrolled, after a comma each.
func (e *Exploration) upon(differs string) (text string) {
	if differs != "" {
		text = ", " + differs
	}
	if len(e.Uncontrolled) > 0 {
		text += ", it came upon " + strings.Join(e.Uncontrolled, ", ")
	}
	return text
}

// wild reports whether an error says that a run was more than the lab can take.
func wild(err error) bool {
	var lab *kind.LabError
	return errors.As(err, &lab) && lab.Wild
}

// judge judges a trace that is new, keeps what is wrong with it, and returns the index of
// its outcome, -1 if that is not kept.
func (e *Exploration) judge(by *judges, x engine.WovenRun, outcomes map[string]int) (int, error) {
	x = by.hold(x)
	e.Met.count(&x.Run, 0)
	if !e.Search.Blind {
		verdicts, err := by.verdicts(x)
		if wild(err) {
			e.Unjudged++
		} else if err != nil {
			return -1, err
		}
		for _, v := range verdicts {
			e.find(v, x)
		}
	}
	h := history.Of(&x.Run)
	digest := h.Digest()
	if i, ok := outcomes[digest]; ok {
		return i, nil
	} else if len(outcomes) == maxOutcomes {
		return -1, nil
	}
	o := Outcome{Digest: digest, Schedule: x.Schedule()}
	for i := range h.Events {
		o.Lines = append(o.Lines, h.Line(i))
	}
	e.Outcomes = append(e.Outcomes, o)
	outcomes[digest] = len(e.Outcomes) - 1
	return outcomes[digest], nil
}
