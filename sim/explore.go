package sim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/subject"
)

// Replaying is the strategy that follows the schedule in the program itself.
const Replaying = "replay"

// Search says which schedules of a program are run.
type Search struct {
	Strategy  string // one of sched.Names, or Replaying
	Seed      uint64
	Schedules int  // at most so many; 0: 1,000
	Outcomes  bool // go on after a violation, and keep all outcomes
	Blind     bool // judge nothing
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
	Points    int // scheduling points passed, in all
	Decisions int // those at which there was a choice
	Traces    int // schedules that could be told apart from outside
	Unjudged  int // traces that the specification could not follow
	Complete  bool
	Covered   string    // what the schedules mean if nothing was found
	Outcomes  []Outcome // different histories, by digest
	Seconds   float64
	Notes     []string // what of the program's schedule could not be followed

	Violation *Violation // the first
	Specified bool
	Allowed   bool               // see Verdict
	At        int                // which schedule showed it, from 1
	Schedule  []program.Decision // and its decisions

	Trace Trace // of the last schedule, if it was one only
}

// Outcome is one thing that may be observed of a program: a canonical history.
type Outcome struct {
	Digest   string
	Lines    []string
	Count    int                // how many schedules led to it
	Schedule []program.Decision // the first of them
}

// strategy returns the strategy of the search.
func (s Search) strategy(p *program.Program) (sched.Strategy, error) {
	if s.Strategy == Replaying {
		return sched.NewReplay(p.Schedule), nil
	}
	return sched.New(s.Strategy, s.Seed)
}

// Explore runs a program on a subject under many schedules and judges each. The
// subject's code must be woven: the lab's worker, or this process if it has none, is to be
// a binary that `batchlab explore` has built.
func (l *Lab) Explore(ctx context.Context, p *program.Program, s subject.Subject, search Search) (*Exploration, error) {
	if err := canRun(p, s); err != nil {
		return nil, err
	}
	if l.Spawn == nil {
		return exploreHere(p, s, search, func(int) bool { return ctx.Err() == nil })
	}
	n, err := l.ask(ctx, job{Subjects: []string{Title(s)}, Program: p.String(), Explore: &search})
	if err != nil {
		return nil, err
	}
	e := n.Explored
	if e.Violation != nil && e.Violation.Law == subject.NoRace {
		e.Violation.Detail = l.worker.stderr.String()
		l.Close() // what the next one writes on standard error is of another race
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
			return n, &LabError{Msg: cmp.Or(n.Hung, "the worker is silent") + ": the code waits for what the scheduler does not know, or loops without a scheduling point"}
		case err != nil:
			return n, &LabError{Msg: "the worker died: " + c.death()}
		case n.Err != "":
			return n, &LabError{Msg: n.Err}
		case n.Explored != nil, n.Hunted != nil:
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
func (w *worker) explore(p *program.Program, s subject.Subject, search Search) {
	e, err := exploreHere(p, s, search, w.alive())
	if err != nil {
		w.write(note{Err: err.Error()})
		return
	}
	w.write(note{Explored: e, Grown: w.grown(p, []subject.Subject{s})})
}

// seen is what is known of a trace: traces that cannot be told apart are judged once.
type seen struct {
	outcome int
	verdict Verdict
}

// exploreHere explores in this process, as long as more says so.
func exploreHere(p *program.Program, s subject.Subject, search Search, more func(n int) bool) (*Exploration, error) {
	strategy, err := search.strategy(p)
	if err != nil {
		return nil, &LabError{Msg: err.Error()}
	}
	e := &Exploration{Subject: Title(s), Search: search}
	begun := time.Now()
	traces, outcomes := map[uint64]seen{}, map[string]int{}
	for n := range cmp.Or(search.Schedules, 1000) {
		if e.Unjudged == mostUnjudged || !more(n) || !strategy.Begin() {
			break
		}
		x, err := explore(p, s, strategy)
		if wild(err) {
			e.Schedules++
			e.Unjudged++
			continue
		} else if err != nil {
			return nil, err
		}
		e.count(x)
		k := x.key()
		known, ok := traces[k]
		if !ok {
			if known, err = e.judge(p, s, x, outcomes); err != nil {
				return nil, err
			}
			traces[k] = known
		}
		if known.outcome >= 0 {
			e.Outcomes[known.outcome].Count++
		}
		if v := known.verdict; v.Violation != nil && e.Violation == nil {
			e.Violation, e.Specified, e.Allowed, e.At, e.Schedule = v.Violation, v.Specified, v.Allowed, e.Schedules, x.schedule()
			if !search.Outcomes {
				break
			}
		}
	}
	if d, ok := strategy.(*sched.DFS); ok {
		if e.Complete = !strategy.Begin() && d.Complete(); d.Diverged {
			return nil, &LabError{Msg: fmt.Sprintf("%s: the same choices led to another run: it depends on more than the schedule", Title(s))}
		}
	}
	e.Traces, e.Covered, e.Seconds = len(traces), strategy.Covered(e.Schedules), time.Since(begun).Seconds()
	slices.SortFunc(e.Outcomes, func(a, b Outcome) int { return cmp.Compare(a.Digest, b.Digest) })
	return e, nil
}

func (e *Exploration) count(x explored) {
	e.Schedules++
	e.Points += x.points
	e.Decisions += len(x.log)
	e.Notes = x.notes
	if e.Search.Strategy == Replaying {
		e.Trace = x.Trace
	}
}

// wild reports whether an error says that a run was more than the lab can take.
func wild(err error) bool {
	var lab *LabError
	return errors.As(err, &lab) && lab.Wild
}

// judge judges a trace and keeps its outcome.
func (e *Exploration) judge(p *program.Program, s subject.Subject, x explored, outcomes map[string]int) (seen, error) {
	k := seen{outcome: -1}
	if !e.Search.Blind {
		var err error
		if k.verdict, err = judge(p, s, x.Trace); err != nil {
			if !wild(err) {
				return k, err
			}
			e.Unjudged++
		}
	}
	h := x.History(Title(s))
	digest := h.Digest()
	i, ok := outcomes[digest]
	if !ok && len(outcomes) < maxOutcomes {
		i = len(e.Outcomes)
		outcomes[digest] = i
		o := Outcome{Digest: digest, Schedule: x.schedule()}
		for _, ev := range h.Events {
			o.Lines = append(o.Lines, trimmed(ev))
		}
		e.Outcomes = append(e.Outcomes, o)
		ok = true
	}
	if ok {
		k.outcome = i
	}
	return k, nil
}

// key is equal for traces that cannot be told apart, and differs otherwise but for a
// chance of one in 2^64.
func (t Trace) key() uint64 {
	h := uint64(14695981039346656037)
	word := func(x int64) {
		h = (h ^ uint64(x)) * 1099511628211
		h ^= h >> 29
	}
	id := func(i subject.ItemID) {
		word(int64(i.Lane) | int64(i.N)<<8 | int64(i.Key)<<40)
		if i.Derived {
			word(1)
		}
	}
	moved := func(before int64) int64 { // how often the clock had moved
		n, _ := slices.BinarySearchFunc(t.Clock, before, func(i Instant, seq int64) int { return cmp.Compare(i.Seq, seq) })
		return int64(n)
	}
	ends := 0
	for i, e := range t.Events {
		for ends < i && t.Ended[ends] < t.Began[i] {
			ends++
		}
		for ends > 0 && t.Ended[ends-1] > t.Began[i] {
			ends--
		}
		word(int64(ends) | int64(len(e.Items))<<32)
		word(moved(t.Began[i]) | moved(t.Ended[i])<<32)
		word(int64(e.Step) | int64(e.Verb)<<20 | int64(e.Outcome)<<28 | int64(e.Source.Lane)<<36)
		word(int64(e.At))
		word(int64(e.Key) | int64(e.Value)<<32)
		id(e.Source.Head)
		for _, item := range e.Items {
			id(item)
		}
	}
	return h
}

// Refines compares what may be observed of two subjects: what is new in the second, and
// what is gone.
func Refines(base, other *Exploration) (fresh, gone []Outcome) {
	has := func(list []Outcome, o Outcome) bool {
		_, ok := slices.BinarySearchFunc(list, o, func(a, b Outcome) int { return cmp.Compare(a.Digest, b.Digest) })
		return ok
	}
	for _, o := range other.Outcomes {
		if !has(base.Outcomes, o) {
			fresh = append(fresh, o)
		}
	}
	for _, o := range base.Outcomes {
		if !has(other.Outcomes, o) {
			gone = append(gone, o)
		}
	}
	return fresh, gone
}
