package model_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/impls/spec/model"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

var names = program.Names{Kinds: []*kind.Kind{batcher.Kind, dedup.Kind, dedupbatcher.Kind}}

// follow follows a program from its beginning.
func follow(p *program.Program, history []kind.Event) *model.Follower {
	return model.Follow(p.Kind, p.Config, allOps(p), history, kind.Together(p.Ops))
}

func parse(t *testing.T, k *kind.Kind, config, ops string) *program.Program {
	t.Helper()
	text := "batchlab: 1\nsubject: " + k.Name + "\nconfig: " + config + "\n\n" +
		strings.ReplaceAll(ops, "|", "\n") + "\n"
	p, err := program.Parse("x", []byte(text), names)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func allOps(p *program.Program) []kind.Op { return slices.Concat(p.Ops, p.Drain()) }

// walk draws a history that the model allows: of several outcomes of a group, one at
// random. It is nil if the model cannot be followed, or the program crashes.
func walk(p *program.Program, rng *rand.Rand) []kind.Event {
	f := follow(p, nil)
	var history []kind.Event
	for _, g := range kind.Groups(allOps(p)) {
		outs := f.Outcomes(g, 50)
		if f.Err() != nil || len(outs) == 0 {
			return nil
		}
		events := outs[rng.IntN(len(outs))]
		if slices.ContainsFunc(events, func(e kind.Event) bool { return e.Verb == kind.Crash }) || !f.Step(g, events) {
			return nil
		}
		history = append(history, events...)
	}
	return history
}

// allows follows a history to its end and returns the step that cannot be, or 0.
func allows(t *testing.T, p *program.Program, history, known []kind.Event) (bad int, branched bool) {
	t.Helper()
	f := follow(p, known)
	for _, g := range kind.Parts(allOps(p)) {
		var seen []kind.Event
		for _, e := range history {
			if e.Step == g.Step {
				seen = append(seen, e)
			}
		}
		ok := f.Step(g.Ops, seen)
		if f.Err() != nil {
			t.Fatal(f.Err())
		}
		if !ok {
			return g.Step, f.Branched()
		}
	}
	return 0, f.Branched()
}

// takesItsOwn checks that the model allows a history that it gave itself, whether or not it is told
// beforehand.
func takesItsOwn(t *testing.T, p *program.Program, history []kind.Event) {
	t.Helper()
	for _, known := range [][]kind.Event{nil, history} {
		if bad, _ := allows(t, p, history, known); bad != 0 {
			t.Fatalf("step %d of its own history is refused, known %v, in\n%s\n%v", bad, known != nil, p, history)
		}
	}
}

// after follows groups of a program, of which the first outcome was seen.
func after(t *testing.T, p *program.Program, groups [][]kind.Op) *model.Follower {
	t.Helper()
	f := follow(p, nil)
	for _, g := range groups {
		if !f.Step(g, f.Outcomes(g, 1)[0]) {
			t.Fatal("the model refuses what it said")
		}
	}
	return f
}

// TestFollow: the model allows each history that it gives itself, whether or not it
// is told beforehand, and, where it had no choice, none that differs in one line.
func TestFollow(t *testing.T) {
	const programs = 150
	for _, k := range names.Kinds {
		t.Run(k.Name, func(t *testing.T) {
			followed, changed := 0, 0
			for i := range programs {
				rng := rand.New(rand.NewPCG(11, uint64(i)))
				p := program.Generate(rng, k, 30)
				history := walk(p, rng)
				if len(history) == 0 {
					continue
				}
				followed++
				takesItsOwn(t, p, history)
				if _, branched := allows(t, p, history, nil); branched {
					continue
				}
				at := rng.IntN(len(history))
				for name, wrong := range disturb(history, at) {
					changed++
					if bad, _ := allows(t, p, wrong, wrong); bad != history[at].Step {
						t.Fatalf("%q %s: refused at step %d, want %d, in\n%s", k.Text(history[at]), name, bad, history[at].Step, p)
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
func disturb(history []kind.Event, at int) map[string][]kind.Event {
	with := func(change func(*kind.Event)) []kind.Event {
		h := slices.Clone(history)
		change(&h[at])
		return h
	}
	return map[string][]kind.Event{
		"missing":     slices.Delete(slices.Clone(history), at, at+1),
		"twice":       slices.Insert(slices.Clone(history), at, history[at]),
		"too late":    with(func(e *kind.Event) { e.At++ }),
		"of another":  with(func(e *kind.Event) { e.Source = kind.Source{Lane: 'x'} }),
		"ended other": with(func(e *kind.Event) { e.Outcome = kind.Broke }),
	}
}

// TestChoice: where an item and a trigger wait, both outcomes are allowed, and a
// third is not.
func TestChoice(t *testing.T) {
	p := parse(t, batcher.Kind, "size=3 timeout=10ms mode=foreground", "handler takes 5ms|a put x3|b put|c trigger|+5ms")
	const step = 5
	last := p.Ops[step-1 : step]
	before := func() *model.Follower { return after(t, p, kind.Groups(p.Ops[:step-1])) }
	f := before()
	if f.Branched() {
		t.Error("the model had a choice before there was one")
	}
	outs := f.Outcomes(last, 10)
	if len(outs) != 2 || !f.Branched() {
		t.Fatalf("%d outcomes, branched %v; want 2, true", len(outs), f.Branched())
	}
	for _, out := range outs {
		if !before().Step(last, out) {
			t.Errorf("%v is refused", out)
		}
	}
	noTrigger := slices.DeleteFunc(slices.Clone(outs[0]), func(e kind.Event) bool { return e.Verb == spec.Trigger })
	if before().Step(last, noTrigger) {
		t.Error("a trigger that goes on waiting is allowed")
	}
	if got := len(before().Outcomes(last, 1)); got != 1 {
		t.Errorf("%d outcomes with a limit of 1", got)
	}
}

// TestOutcomesStay: asking what may happen changes nothing.
func TestOutcomesStay(t *testing.T) {
	p := parse(t, batcher.Kind, "size=3 timeout=10ms mode=foreground", "handler takes 5ms|a put x3|b put|c trigger|+5ms|+5ms")
	f := follow(p, nil)
	for i, o := range p.Ops {
		a, b := f.Outcomes(p.Ops[i:i+1], 50), f.Outcomes(p.Ops[i:i+1], 50)
		if len(a) != len(b) {
			t.Fatalf("%s: %d outcomes, then %d", program.OpText(p.Kind, o), len(a), len(b))
		}
		for i := range a {
			if len(a[i]) != len(b[i]) || kind.Agree(a[i], b[i]) < len(a[i]) {
				t.Fatalf("%s: %v, then %v", program.OpText(p.Kind, o), a[i], b[i])
			}
		}
		for _, out := range a {
			for _, e := range out {
				if e.At > f.Now()+o.Moved() {
					t.Errorf("%s: %v is after the step's end", program.OpText(p.Kind, o), e)
				}
			}
		}
		f.Advance(o)
	}
}

// TestTooManyStates: a program with more orders than anybody follows is given up,
// with an error that says where, and is nobody's violation.
func TestTooManyStates(t *testing.T) {
	p := parse(t, batcher.Kind, "size=1 timeout=10ms mode=background", "handler puts|a put x30")
	f := follow(p, nil)
	f.Advance(p.Ops[0])
	if f.Err() != nil {
		t.Fatal(f.Err())
	}
	if outs := f.Outcomes(p.Ops[1:2], 5); len(outs) == 0 || f.Err() != nil { // some of very many
		t.Errorf("%d outcomes, %v; want some, and no error", len(outs), f.Err())
	}
	f.Advance(p.Ops[1])
	if err := f.Err(); err == nil || err.Error() != "step 2: the model could be in more than 20000 states" {
		t.Errorf("got %v", err)
	}
}

// TestDroppedAfterClose: an item that the window drops may be let in while Close waits,
// though no handler ever gets it. Knowing the whole history changes nothing of that.
func TestDroppedAfterClose(t *testing.T) {
	p := parse(t, dedupbatcher.Kind, "size=1 timeout=10ms mode=foreground", "handler takes 5ms|a put k1|b close|c put k1")
	outs := map[kind.Outcome]bool{}
	for i := range uint64(20) {
		history := walk(p, rand.New(rand.NewPCG(1, i)))
		for _, e := range history {
			if e.Source.Lane == 'c' {
				outs[e.Outcome] = true
			}
		}
		takesItsOwn(t, p, history)
	}
	if !outs[kind.OK] || !outs[kind.Refused] {
		t.Errorf("the Put beside Close came to %v, want both", outs)
	}
}
