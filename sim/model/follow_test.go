package model

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

func parse(t *testing.T, kind, config, ops string) *program.Program {
	t.Helper()
	p, err := program.Parse("x", []byte("batchlab: 1\nsubject: "+kind+"\nconfig: "+config+"\n\n"+strings.ReplaceAll(ops, "|", "\n")+"\n"), program.Names{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func allOps(p *program.Program) []program.Op { return slices.Concat(p.Ops, p.Drain()) }

// walk draws a history that the model allows: of several outcomes of a step, one at
// random. It is nil if the model cannot be followed, or the program crashes.
func walk(p *program.Program, rng *rand.Rand) []subject.Event {
	f := Follow(p, nil)
	var history []subject.Event
	for _, o := range allOps(p) {
		outs := f.Outcomes(o, 50)
		if f.Err() != nil || len(outs) == 0 {
			return nil
		}
		events := outs[rng.IntN(len(outs))]
		if slices.ContainsFunc(events, func(e subject.Event) bool { return e.Verb == subject.Crash }) || !f.Step(o, events) {
			return nil
		}
		history = append(history, events...)
	}
	return history
}

// allows follows a history to its end and returns the step that cannot be, or 0.
func allows(t *testing.T, p *program.Program, history, known []subject.Event) (bad int, branched bool) {
	t.Helper()
	f := Follow(p, known)
	for i, o := range allOps(p) {
		var seen []subject.Event
		for _, e := range history {
			if e.Step == i+1 {
				seen = append(seen, e)
			}
		}
		ok := f.Step(o, seen)
		if f.Err() != nil {
			t.Fatal(f.Err())
		}
		if !ok {
			return i + 1, f.Branched()
		}
	}
	return 0, f.Branched()
}

// TestFollow: the model allows each history that it gives itself, whether or not it
// is told beforehand, and, where it had no choice, none that differs in one line.
func TestFollow(t *testing.T) {
	const programs = 150
	for _, kind := range program.Kinds {
		t.Run(kind, func(t *testing.T) {
			followed, changed := 0, 0
			for i := range programs {
				rng := rand.New(rand.NewPCG(11, uint64(i)))
				p := program.Generate(rng, kind, 30)
				history := walk(p, rng)
				if len(history) == 0 {
					continue
				}
				followed++
				for _, known := range [][]subject.Event{nil, history} {
					if bad, _ := allows(t, p, history, known); bad != 0 {
						t.Fatalf("step %d of its own history is refused in\n%s", bad, p)
					}
				}
				if _, branched := allows(t, p, history, nil); branched {
					continue
				}
				at := rng.IntN(len(history))
				for name, wrong := range disturb(history, at) {
					changed++
					if bad, _ := allows(t, p, wrong, wrong); bad != history[at].Step {
						t.Fatalf("%q %s: refused at step %d, want %d, in\n%s", history[at], name, bad, history[at].Step, p)
					}
				}
			}
			if followed < programs*3/4 || changed < programs {
				t.Errorf("of %d programs %d were followed, and %d lines changed", programs, followed, changed)
			}
		})
	}
}

// disturb returns histories in which one line is wrong.
func disturb(history []subject.Event, at int) map[string][]subject.Event {
	with := func(change func(*subject.Event)) []subject.Event {
		h := slices.Clone(history)
		change(&h[at])
		return h
	}
	return map[string][]subject.Event{
		"missing":     slices.Delete(slices.Clone(history), at, at+1),
		"twice":       slices.Insert(slices.Clone(history), at, history[at]),
		"too late":    with(func(e *subject.Event) { e.At++ }),
		"of another":  with(func(e *subject.Event) { e.Source = subject.Source{Lane: 'x'} }),
		"ended other": with(func(e *subject.Event) { e.Outcome = subject.Broke }),
	}
}

// TestChoice: where an item and a trigger wait, both outcomes are allowed, and a
// third is not.
func TestChoice(t *testing.T) {
	p := parse(t, program.KindBatcher, "size=3 timeout=10ms mode=foreground", "handler takes 5ms|a put x3|b put|c trigger|+5ms")
	const step = 5
	before := func() *Follower {
		f := Follow(p, nil)
		for _, o := range p.Ops[:step-1] {
			if !f.Step(o, f.Outcomes(o, 1)[0]) {
				t.Fatal("the model refuses what it said")
			}
		}
		return f
	}
	f := before()
	if f.Branched() {
		t.Error("the model had a choice before there was one")
	}
	outs := f.Outcomes(p.Ops[step-1], 10)
	if len(outs) != 2 || !f.Branched() {
		t.Fatalf("%d outcomes, branched %v; want 2, true", len(outs), f.Branched())
	}
	for _, out := range outs {
		if !before().Step(p.Ops[step-1], out) {
			t.Errorf("%v is refused", out)
		}
	}
	noTrigger := slices.DeleteFunc(slices.Clone(outs[0]), func(e subject.Event) bool { return e.Verb == subject.Trigger })
	if before().Step(p.Ops[step-1], noTrigger) {
		t.Error("a trigger that goes on waiting is allowed")
	}
	if got := len(before().Outcomes(p.Ops[step-1], 1)); got != 1 {
		t.Errorf("%d outcomes with a limit of 1", got)
	}
}

// TestOutcomesStay: asking what may happen changes nothing.
func TestOutcomesStay(t *testing.T) {
	p := parse(t, program.KindBatcher, "size=3 timeout=10ms mode=foreground", "handler takes 5ms|a put x3|b put|c trigger|+5ms|+5ms")
	f := Follow(p, nil)
	for _, o := range p.Ops {
		a, b := f.Outcomes(o, 50), f.Outcomes(o, 50)
		if len(a) != len(b) {
			t.Fatalf("%s: %d outcomes, then %d", o, len(a), len(b))
		}
		for i := range a {
			if !slices.EqualFunc(a[i], b[i], subject.Event.Same) {
				t.Fatalf("%s: %v, then %v", o, a[i], b[i])
			}
		}
		for _, out := range a {
			for _, e := range out {
				if e.At > f.now+o.D {
					t.Errorf("%s: %v is after the step's end", o, e)
				}
			}
		}
		f.Advance(o)
	}
}

// TestTooManyStates: a program with more orders than anybody follows is given up,
// with an error that says where, and is nobody's violation.
func TestTooManyStates(t *testing.T) {
	p := parse(t, program.KindBatcher, "size=1 timeout=10ms mode=background", "handler puts|a put x30")
	f := Follow(p, nil)
	f.Advance(p.Ops[0])
	if f.Err() != nil {
		t.Fatal(f.Err())
	}
	if outs := f.Outcomes(p.Ops[1], 5); len(outs) == 0 || f.Err() != nil { // some of very many
		t.Errorf("%d outcomes, %v; want some, and no error", len(outs), f.Err())
	}
	f.Advance(p.Ops[1])
	if err := f.Err(); err == nil || err.Error() != "step 2: the model could be in more than 20000 states" {
		t.Errorf("got %v", err)
	}
}
