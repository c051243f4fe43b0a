package check

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"batchlab/sim/derive"
	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// probes is how many programs are run before all others, to see what the components use, and whether
// they can be judged at all.
const probes = 40

// probeSeed is that of these programs, whatever -sim.seed says: what is learned of the components from them shapes how
// a program ends, and a find is replayed without the seed that led to it.
const probeSeed = 1

// derive makes the kind and the subjects, and looks at what cannot be judged: a type without methods, a
// constructor that fails, instances that see each other.
func (c *checker) derive() (err error) {
	for _, made := range c.constructors() {
		if made.make == nil {
			return fmt.Errorf("the constructor of the %s is nil", made.name)
		}
	}
	var uses used
	for {
		if c.d, err = derive.New(c.typ, c.o); err != nil {
			return err
		}
		if c.subject(); c.s.Validate() != nil {
			return c.s.Validate()
		}
		c.d.Probing = true
		if uses, err = c.probe(); err == nil {
			break
		} else if !c.leaves(err) {
			return err
		}
	}
	seen := append(uses.durations, c.d.Watched()...)
	clocked := c.d.Asked
	if c.d, err = derive.New(c.typ, c.o, seen...); err != nil {
		return err
	}
	c.d.Clocked, c.d.Room = clocked, int(uses.room)
	c.subject()
	for _, s := range c.subjects() {
		c.d.Turns(probeSeed, func(p *program.Program) (uint64, int, bool) {
			x, err := lab.Probe(p, s)
			return oracle.Untimed(&x.Run), x.Points, err == nil && x.Hung == ""
		})
	}
	c.lab = &lab.Lab{Subjects: []kind.Subject{c.s}, Beat: func() { c.r.Beat("") }}
	return nil
}

// leaves reports whether an error is that a method answers otherwise each time that spells the component, or is of what
// a call answers, and leaves that out: nobody has asked for it by name.
func (c *checker) leaves(err error) bool {
	var o *otherwise
	if !errors.As(err, &o) || !strings.Contains(o.method, ".") && !derive.Spells(o.method) {
		return false
	}
	c.r.Log("batchlab: " + o.method + " answers otherwise each time, and is left out")
	c.o.Without = append(c.o.Without, o.method)
	return true
}

// otherwise is the error of a component that does not do the same again.
type otherwise struct{ method, text string }

func (o *otherwise) Error() string { return o.text }

func (c *checker) constructors() []constructor {
	if c.of == nil {
		return []constructor{c.candidate}
	}
	return []constructor{*c.of, c.candidate}
}

// subjects are the original, if there is one, and the component.
func (c *checker) subjects() []kind.Subject {
	if c.s.Original != nil {
		return []kind.Subject{*c.s.Original, c.s}
	}
	return []kind.Subject{c.s}
}

// used is what components were seen to use.
type used struct {
	durations []time.Duration
	room      uint
}

// probe runs some programs on the components, and returns what they use.
func (c *checker) probe() (seen used, err error) {
	for _, s := range c.subjects() {
		if err := makes(s); err != nil {
			return seen, err
		}
		source := c.d.Programs(probeSeed)
		for range probes {
			p := source.Next()
			if p == nil {
				break
			}
			x, err := again(p, s)
			if err != nil {
				return seen, err
			}
			for _, d := range x.Durations {
				if !slices.Contains(seen.durations, d) && d <= kind.MaxMove && len(seen.durations) < 6 {
					seen.durations = append(seen.durations, d)
				}
			}
			seen.room = max(seen.room, x.Room)
		}
	}
	return seen, nil
}

// makes is an error if a subject's constructor makes nothing that can be called.
func makes(s kind.Subject) error {
	x, err := lab.Probe(&program.Program{Kind: s.Kind}, s)
	if err != nil {
		return fails(err)
	}
	if x.Hung != "" && !x.Made {
		return fmt.Errorf("the constructor of %s does not return: %s: what it waits for must not come from a call",
			s.Name, x.Hung)
	}
	return nil
}

// fails is an error of a run, with what helps if the constructor makes nothing.
func fails(err error) error {
	var le *kind.LabError
	of, panics, ok := "", "", false
	if errors.As(err, &le) {
		of, panics, ok = strings.Cut(le.Msg, engine.Unmade)
	}
	of = of[strings.LastIndex(of, "/")+1:]
	switch {
	case !ok:
		return err
	case panics == derive.Nil:
		return fmt.Errorf("the constructor of %s returns nil: return a component", of)
	}
	return fmt.Errorf("%s%s%s: mend it, or leave out what it needs", of, engine.Unmade, panics)
}

// again runs a program three times, under the schedule that it has: whatever it does, it has to do so again,
// for else nothing that is said of a schedule would mean anything.
func again(p *program.Program, s kind.Subject) (engine.WovenRun, error) {
	first, err := lab.Probe(p, s)
	if err != nil {
		return first, err
	}
	h := history.Seen(&first.Run)
	for range 2 {
		x, err := lab.Probe(p, s)
		if err != nil {
			return first, err
		}
		if o := history.Seen(&x.Run); o.Digest() != h.Digest() {
			return first, &otherwise{called(h, history.Agree(h, o)), unsteady(s, lab.Differs(h, o)).Error()}
		}
	}
	return first, nil
}

// called is the name of the operation that an event of a history is the end of, "" if it is of none.
func called(h history.History, i int) string {
	if i < len(h.Events) && h.Kind.Has(h.Events[i].Verb) {
		return h.Kind.Ops[h.Events[i].Verb].Name
	}
	return ""
}

// unsteady is the error of a component that does not do the same again.
func unsteady(s kind.Subject, differs string) error {
	return fmt.Errorf("%s answers otherwise when the same calls are made of a new one, in the same order: %s. Let each "+
		"call of the constructor make a component that shares nothing with others, and nothing depend on chance or the "+
		"real time; or leave that call out, by sim.Without", s.Name, differs)
}

// repeats is an error if what was found does not show again under its schedule. What the race detector
// reports, or spins for very long, is not asked.
func (c *checker) repeats(p *program.Program, f *lab.Sighting) error {
	if f.Violation.Law == kind.NoRace || len(p.Schedule) == program.MaxDecisions {
		return nil
	}
	e, err := c.explore(c.r.Context(), p, lab.Replaying)
	if err == nil && e.Find(f.Violation.Law) == nil {
		got, _, _ := strings.Cut(f.Violation.Got, ", and ")
		return unsteady(c.s, "first "+strings.Join(strings.Fields(got), " ")+", then not any more, under one schedule")
	}
	if err == nil {
		_, err = again(p, c.s)
	}
	return err
}
