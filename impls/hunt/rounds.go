package hunt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// The ways in which a mutant is hunted: "" is plainly, the others are on package time, and
// under the race detector.
const (
	onTime = "time"
	byRace = "race"
)

// A round hunts who has survived those before it. Most mutants are killed by few schedules,
// so all are hunted with few at first, and only who survives with many. Who is argued to be
// equivalent, and a control, is left in peace after that: more schedules would not make the
// argument better, and they would be nearly all that is run.
type round struct {
	ways []string
	part float64 // of the schedules that --schedules says
	last bool    // for those only of whom nobody has said that they cannot be killed
}

var rounds = []round{
	{ways: []string{"", onTime}, part: 0.05},
	{ways: []string{byRace}, part: 0.05},
	{ways: []string{"", onTime}, part: 1, last: true},
	{ways: []string{""}, part: 4, last: true},
	{ways: []string{byRace}, part: 1, last: true},
}

// hunts reports whether a mutant, or a control, is hunted in this round.
func (r round) hunts(p *Hunted) bool {
	return p.killed == nil && p.timeout == "" && !(r.last && (p.control || p.Equivalent != ""))
}

// tablePart is the part of the schedules that a strategy may take to kill who is known to be
// killed by one: the table says which of them is how fast, and needs no more.
const tablePart = 1.0 / 16

// Controls are the implementations that mutants are made of, and those without a fault
// that stand beside the mutants written by hand.
func Controls() []*Hunted {
	var all []*Hunted
	add := func(s spec.Subject, base string) {
		all = append(all, &Hunted{
			Name: string(s.Kind) + "/" + s.Name, Operator: "none", what: "nothing is wrong with it",
			subjects: impls.Lab(s), base: func(string) string { return base }, control: true,
		})
	}
	for _, s := range impls.All() {
		add(s, s.Name)
	}
	for _, s := range append(mutants.Controls(), mutants.Held()) {
		add(s, "optimized")
	}
	return all
}

// All hunts every mutant, round by round, and then measures how fast each strategy is.
func (h *Hunter) All(ctx context.Context, list []*Hunted, progress func(int)) (err error) {
	if h.plain, err = h.build(ctx, list, false); err != nil {
		return err
	}
	for _, r := range rounds {
		left := slices.DeleteFunc(slices.Clone(list), func(p *Hunted) bool { return !r.hunts(p) })
		if len(left) == 0 {
			continue
		}
		if r.ways[0] == byRace && h.raced == "" {
			if h.raced, err = h.build(ctx, left, true); err != nil {
				return err
			}
		}
		var done atomic.Int64
		done.Add(int64(len(list) - len(left)))
		err := lab.Each(ctx, h.Queue.Width(), slices.Values(left), func(p *Hunted) error {
			defer func() { progress(int(done.Add(1))) }()
			return h.round(ctx, p, r)
		})
		if err != nil {
			return err
		}
	}
	return lab.Each(ctx, h.Queue.Width(), slices.Values(list), func(p *Hunted) error { return h.measure(ctx, p) })
}

// round hunts a mutant on each subject that it affects, until one is killed.
func (h *Hunter) round(ctx context.Context, p *Hunted, r round) error {
	for _, way := range r.ways {
		for _, s := range p.subjects {
			if way == onTime && s.Kind == dedup.Kind { // whose programs begin at 1970
				continue
			}
			if err := h.hunt(ctx, p, s, way, h.part(r.part)); err != nil || p.killed != nil || p.timeout != "" {
				return err
			}
		}
	}
	return nil
}

// done hunts a subject in a way.
func (h *Hunter) done(ctx context.Context, s kind.Subject, way string, hunt lab.Hunt) (*lab.Hunted, error) {
	binary := h.plain
	if way == byRace {
		binary = h.raced
	}
	r, err := h.Queue.Do(ctx, lab.Unit{Binary: binary, Subjects: []string{s.Title()}, Hunt: &hunt})
	return r.Hunted, err
}

// hunt hunts a mutant on one subject.
func (h *Hunter) hunt(ctx context.Context, p *Hunted, s kind.Subject, way string, schedules int) error {
	hunt, list := h.on(p, s, way, schedules)
	if len(list) == 0 {
		return fmt.Errorf("%s: no litmus program is for a %s", p.Name, s.Kind.Name)
	}
	r, err := h.done(ctx, s, way, hunt)
	var le *kind.LabError
	if errors.As(err, &le) {
		p.timeout = le.Msg
		return nil
	} else if err != nil {
		return err
	}
	p.upon = append(p.upon, r.Uncontrolled...)
	if r.Violation == nil {
		return nil
	}
	hunt.Schedules = r.Schedules
	if err := h.sparesOriginal(ctx, p, way, s, hunt, r.Violation.Law); err != nil {
		return err
	}
	p.killed, p.on, p.how = r.Violation, s, way
	return nil
}

// apart is how far the seeds of hunts of one mutant are from each other.
const apart = 1_000_003

// A litmus program has so many hunts of at most so many schedules to show how soon it kills a mutant.
const (
	lessons = 3
	lesson  = 30
)

// learn has each litmus program alone hunt a mutant that was killed.
func (h *Hunter) learn(ctx context.Context, p *Hunted) error {
	hunt, list := h.on(p, p.on, p.how, lesson)
	if p.after = map[string]int{}; !h.Learn {
		list = nil
	}
	texts := hunt.Programs
	hunt.First = nil
	for i, l := range list {
		hunt.Programs = texts[i : i+1]
		killed, schedules := 0, 0
		for n := range uint64(lessons) {
			hunt.Seed = h.Seed + n*apart
			r, err := h.done(ctx, p.on, p.how, hunt)
			if err != nil {
				return err
			}
			if schedules += r.Schedules; r.Violation != nil {
				killed++
			}
		}
		if killed > 0 {
			p.after[l.name] = (schedules + killed/2) / killed
		}
	}
	return nil
}

// Kills is the text of KillsFile, of those that were hunted.
func Kills(list []*Hunted) string {
	var all []kill
	for _, p := range list {
		if len(p.after) > 0 {
			all = append(all, kill{p.on.Kind.Name, p.id(), p.after})
		}
	}
	return writeKills(all)
}

// measure counts the schedules that each strategy takes to kill a mutant, in several hunts, on
// the subject and in the way in which it was killed.
func (h *Hunter) measure(ctx context.Context, p *Hunted) error {
	p.counts = map[string][]int{}
	if p.killed == nil || p.control {
		return nil
	}
	if err := h.learn(ctx, p); err != nil {
		return err
	}
	asked, _ := h.on(p, p.on, p.how, h.most())
	for _, strategy := range h.Table {
		for i := range h.Repeats {
			hunt := asked
			hunt.Seed += uint64(i) * apart
			if hunt.Strategy = strategy; strategy == InTurn {
				hunt.Strategy, hunt.First = by, nil
			}
			r, err := h.done(ctx, p.on, p.how, hunt)
			switch {
			case err != nil:
				return err
			case r.Violation == nil:
				p.counts[strategy] = append(p.counts[strategy], -1)
			default:
				p.counts[strategy] = append(p.counts[strategy], r.Schedules)
			}
		}
	}
	return nil
}

// Measured measures a mutant that was killed, as All does, and returns the schedules that the strategy with
// which mutants are hunted takes in the last hunt, -1 if it does not.
func (h *Hunter) Measured(ctx context.Context, p *Hunted) (int, error) {
	if err := h.measure(ctx, p); err != nil || p.killed == nil {
		return 0, err
	}
	return p.counts[by][h.Repeats-1], nil
}

// part is a part of the schedules of a hunt, and most what one for the table takes at most.
func (h *Hunter) part(of float64) int { return max(int(of*float64(h.Schedules)), 1) }
func (h *Hunter) most() int           { return h.part(tablePart) }
