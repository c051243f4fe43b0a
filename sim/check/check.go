// Package check is what the calls of package sim do: it has a component, a body or the subject of a kind judged, the
// first two in code that is woven for it, and tells the test what came of it. It refuses to choose schedules and to
// judge: packages lab and body do.
package check

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"batchlab/sim/derive"
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
	"batchlab/sim/twin"
	"batchlab/sim/weave/rt"
)

// Equivalent has a component judged that stands in for another: see sim.Equivalent.
func Equivalent[T any](t testing.TB, original, candidate func(*derive.Env) T, o derive.Options) {
	t.Helper()
	of, c := constructorOf(original, "original"), constructorOf(candidate, "candidate")
	if of.name == c.name {
		of.name += "-original"
	}
	judge(t, reflect.TypeFor[T](), &of, c, o)
}

// Linearizable has a component judged that is its own specification: see sim.Linearizable.
func Linearizable[T any](t testing.TB, construct func(*derive.Env) T, o derive.Options) {
	t.Helper()
	typ := reflect.TypeFor[T]()
	judge(t, typ, nil, constructorOf(construct, typeName(typ)), o)
}

// judge has a component judged where its code is woven.
func judge(t testing.TB, typ reflect.Type, original *constructor, candidate constructor, o derive.Options) {
	t.Helper()
	o.Original = original != nil || o.Model != nil
	run(t, func(r *twin.Reporter) {
		c := &checker{r: r, name: t.Name(), of: original, candidate: candidate, o: o, typ: typ}
		if c.thoroughness(); r.Plain() {
			c.plainly(t)
			return
		}
		c.check()
	})
}

// checker is one call of Equivalent or Linearizable.
type checker struct {
	r         *twin.Reporter
	name      string // of the test
	typ       reflect.Type
	of        *constructor // nil: the component is its own original
	candidate constructor
	o         derive.Options

	d   *derive.Derived
	s   kind.Subject
	lab *lab.Lab
	sum coverage

	lesser *find // that needs a callback which panics
}

func (c *checker) thoroughness() {
	programs, schedules, budget := defaultPrograms, defaultSchedules, defaultBudget
	if testing.Short() {
		programs, schedules, budget = shortPrograms, shortSchedules, shortBudget
	}
	c.o.Programs = cmp.Or(c.o.Programs, programs)
	c.o.Schedules = cmp.Or(*flagSchedules, c.o.Schedules, schedules)
	c.o.Budget = cmp.Or(*flagBudget, c.o.Budget, budget)
	c.sum.preemptions = c.o.Preemptions
}

func (c *checker) check() {
	if err := c.derive(); err != nil {
		c.r.Fatal("batchlab: " + strings.TrimPrefix(err.Error(), "batchlab: "))
		return
	}
	if *flagReplay != "" {
		c.replay(*flagReplay)
		return
	}
	if c.keptOnes() {
		c.programs()
	}
}

// subject is the component that a constructor makes, with its original.
func (c *checker) subject() {
	c.s = c.d.Subject(c.candidate.name, c.candidate.make)
	c.s.Original = c.d.Model()
	if c.of != nil {
		of := c.d.Subject(c.of.name, c.of.make)
		c.s.Original = &of
	}
	c.s.LawsOnly = true
}

// explore runs a program under many schedules, or the one that it has.
func (c *checker) explore(ctx context.Context, p *program.Program, strategy string) (*lab.Exploration, error) {
	search := lab.Search{Strategy: strategy, Seed: *flagSeed, Schedules: c.o.Schedules}
	c.r.Beat(p.String())
	for {
		lines := len(rt.Lines())
		e, err := c.lab.Explore(ctx, p, c.s, search)
		if err != nil || ctx.Err() != nil || search.Strategy == lab.Replaying || rt.RaceEnabled || lines == len(rt.Lines()) {
			return e, err
		}
	} // again, with what touches the same memory as points
}

func (c *checker) mixed() string {
	name := "mixed"
	if c.o.Preemptions > 0 {
		name = fmt.Sprintf("mixed%d", c.o.Preemptions)
	}
	return cmp.Or(*flagStrategy, name)
}

// programs draws programs until there are enough, the time is up, or something is found.
func (c *checker) programs() {
	source, begun := c.d.Programs(*flagSeed), time.Now()
	ctx, stop := context.WithDeadline(c.r.Context(), begun.Add(2*c.o.Budget)) // one program may take no more than that
	defer stop()
	enough := c.o.Programs * c.o.Schedules / 2 // schedules: of programs that have few there are more
	for (c.sum.programs < c.o.Programs || c.sum.schedules < enough) && c.r.Context().Err() == nil {
		if time.Since(begun) > c.o.Budget {
			c.sum.stopped = c.o.Budget
			break
		}
		p := source.Next()
		if p == nil || c.lesser != nil && c.sum.programs > c.lesser.at+besides {
			break
		}
		if c.lesser != nil && c.d.Panics(p) {
			continue
		}
		e, err := c.explore(ctx, p, c.mixed())
		if err != nil {
			c.r.Fatal(fmt.Sprintf("batchlab: %s\n\n%s", strings.TrimPrefix(fails(err).Error(), "batchlab: "), p))
			return
		}
		c.sum.add(e)
		if f := c.own(e); f != nil {
			found := c.shrunk(p, f)
			if found == nil {
				return
			}
			if c.lesser == nil && c.d.Panics(found.small) {
				c.lesser = found
				continue
			}
			c.tell(found)
			return
		}
		if c.unreachable() && c.sum.programs == c.o.Programs {
			break // more of the same tells nothing
		}
	}
	if c.lesser != nil {
		found := c.lesser
		c.lesser = nil
		c.tell(found)
		return
	}
	if c.sum.judged() == 0 {
		c.r.Error("batchlab: nothing was judged: " + c.sum.String())
		return
	}
	if c.unreachable() {
		c.r.Error(fmt.Sprintf(unreached, c.s.Name, c.typ))
		return
	}
	_, c.sum.unreached, c.sum.endless = c.d.Reached(c.s.Name)
	c.sum.lines = rt.Lines()
	c.r.Log("batchlab: " + c.sum.String())
}

// unreachable reports whether calls that are to run together did not, and nobody looked for races.
func (c *checker) unreachable() bool {
	reached, _, _ := c.d.Reached(c.s.Name)
	return !reached && !rt.RaceEnabled && c.o.Lanes != 1
}

// unreached says that calls were made one after another, whatever the schedule.
const unreached = "batchlab: no schedule reaches into a call of %s (%s): no code that is woven has a lock, channel " +
	"or atomic there, or writes memory that two calls touch (C, assembly and the standard library are not woven). " +
	"Say go test -race, which sees the rest, or sim.Lanes(1) " +
	"if it is not made for several goroutines"

// plainPrograms is how many programs are run for the lines that they cover.
const plainPrograms = 40

// plainly runs programs where nothing is controlled, one operation after another, and does not ask
// what came of it: see twin.Reporter.Plain.
func (c *checker) plainly(t testing.TB) {
	var err error
	if c.d, err = derive.New(c.typ, c.o); err != nil {
		return
	}
	c.subject()
	source := c.d.Programs(*flagSeed)
	for range plainPrograms {
		p := source.Next()
		if p == nil {
			return
		}
		engine.Bubble(t.(*testing.T), p, c.s, engine.Hooks{})
		if c.s.Original != nil {
			engine.Bubble(t.(*testing.T), p, *c.s.Original, engine.Hooks{})
		}
	}
}
