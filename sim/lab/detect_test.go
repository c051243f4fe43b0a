package lab_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// TestHistory: what the lab writes down, whole.
func TestHistory(t *testing.T) {
	const want = `+0s a put a1 -> ok #1
+0s b put b1..b3 -> ok #2
+0s handler [a1 b1] begins #2
+0s handler [a1 b1] ends #2
+0s handler [b2 b3] begins #2
+0s handler [b2 b3] ends #2
+1ms a trigger -> ok #4
+1ms b put nil -> ok #6
+11ms handler [nil] begins #7
+16ms handler [nil] ends #8
+26ms lab close -> ok #12`
	p := parse(t, plain, "a put|b put x3|+1ms|a trigger|handler takes 5ms|b put nil|+10ms|+5ms")
	h, v, err := here(t).Try(p, tiny(none))
	if err != nil || v.Violation != nil {
		t.Fatal(v.Violation, err)
	}
	got := strings.NewReplacer("+31ms lab", "+26ms lab").Replace(text(h))
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if again, _, err := childLab(t).Try(p, tiny(none)); err != nil || again.Digest() != h.Digest() {
		t.Errorf("a worker has another history: %v\n%s", err, text(again))
	}
}

// TestDetectors: each way in which a subject can go wrong beyond a wrong answer, and
// what the lab makes of it. All run in workers, and some kill them.
func TestDetectors(t *testing.T) {
	for _, c := range []struct {
		header, ops string
		fault       fault
		law         spec.Law // "" if nothing is wrong
		step        int
		note        string // in the last line of the history
	}{
		{plain, "a put x2", none, "", 0, ""},
		{plain, "handler panics|a put x2|a close", none, "", 0, "panics, the program crashes"},
		{plain, "handler blocks|a put x2|a put x129|b trigger|a close", none, "", 0, ""},
		{one, "a put x3", loses, spec.SameHistory, 1, ""},
		{plain, "a put", leaks, spec.Leak, 5, "batchlab/sim/lab_test.(*tinyBatcher).linger in chan receive"},
		{plain, "a put|a close", leaks, spec.Leak, 6, "goroutine left behind"},
		{plain, "a put|a close", stuck, spec.SameHistory, 2, ""},
		{plain, "a put|b put|+10ms", deadlocks, spec.Progress, 2, "(*tinyBatcher).Put in sync.Mutex.Lock"},
		{plain, "a put x4|b put|+10ms", breaks, spec.NoPanic, 2, ""},
		{plain, "a put x4|b put|+10ms", mislabels, spec.AfterClose, 2, ""},
		{plain, "a put x4|b put|+10ms", crashes, spec.NoPanic, 2, "panic: tiny: the worker is lost"},
	} {
		t.Run(c.fault.String()+" "+c.ops, func(t *testing.T) {
			l := childLab(t)
			p := parse(t, c.header, c.ops)
			h, v, err := l.Try(p, tiny(c.fault))
			if err != nil {
				t.Fatal(err)
			}
			switch w := v.Violation; {
			case c.law == "" && w != nil:
				t.Errorf("%v in\n%s", w, h)
			case c.law != "" && (w == nil || w.Law != c.law || w.Step != c.step || v.Specified):
				t.Errorf("got %v, want %s at step %d, in\n%s", w, c.law, c.step, h)
			}
			last := text(h)[strings.LastIndex(text(h), "\n")+1:]
			if !strings.Contains(last, c.note) || strings.Contains(last, "still running") {
				t.Errorf("the last line is %q, want %q in it", last, c.note)
			}
			if c.fault == loses || c.fault == stuck { // told by a difference first, and by a law without the model
				s := tiny(c.fault)
				s.LawsOnly = true
				_, v, err := l.Try(p, s)
				want := map[fault]spec.Law{loses: spec.CloseDrains, stuck: spec.Progress}[c.fault]
				if err != nil || v.Violation == nil || v.Violation.Law != want {
					t.Errorf("by the laws alone: %v, %v; want %s", v.Violation, err, want)
				}
			}
			// A worker that died or hung is replaced.
			if _, v, err := l.Try(parse(t, plain, "a put x2"), tiny(none)); err != nil || v.Violation != nil {
				t.Errorf("after that: %v, %v", v.Violation, err)
			}
		})
	}
}

// TestLabErrors: what the lab cannot do is no violation of anybody.
func TestLabErrors(t *testing.T) {
	valid := parse(t, plain, "a put")
	bad := parse(t, plain, "a put")
	bad.Ops[0].Args[spec.ArgN] = 0
	foreign := tiny(none)
	foreign.Name = "foreign"
	noCtor := kind.Subject{Name: "empty", Kind: batcher.Kind}
	for _, c := range []struct {
		name string
		lab  *lab.Lab
		p    *program.Program
		s    kind.Subject
		want string
	}{
		{"invalid program", here(t), bad, tiny(none), "operation 1: a put needs at least one item"},
		{"another kind", here(t), valid, tinyTable(none), "a program for a batcher cannot run on dedup/tiny"},
		{"invalid subject", here(t), valid, noCtor, "subject empty: kind batcher needs New"},
		{"no clock, before 2000", here(t), parse(t, table, "a count"), clockless(tinyTable(none)),
			"dedup/tiny takes no clock, and the program begins before 2000-01-01"},
		{"constructor", here(t), valid, tiny(unmakeable), "batcher/unmakeable: the constructor panics: " + neverMessage},
		{"constructor, in a worker", childLab(t), valid, tiny(unmakeable), "the constructor panics: " + neverMessage},
		{"handlers panic and there is no worker", here(t), parse(t, plain, "handler panics|a put x2"), tiny(none), "there is no worker to take the crash"},
		{"a worker that does not know the subject", childLab(t), valid, foreign, "the worker does not know batcher/foreign"},
		{"a handler that waits under a lock", childLab(t), parse(t, one, "handler blocks|a put|b put"), tiny(holds),
			"a handler waits for time or for the lab, and another goroutine for a lock"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := c.lab.Try(c.p, c.s)
			var le *kind.LabError
			if !errors.As(err, &le) || !strings.HasPrefix(err.Error(), "batchlab: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want a *LabError with %q", err, c.want)
			}
			if r, err := c.lab.Check(c.p, []kind.Subject{c.s}); err == nil {
				t.Errorf("Check gives %v and no error", r)
			}
		})
	}
	if _, err := here(t).Campaign(context.Background(), lab.CampaignOptions{}); err == nil || !strings.Contains(err.Error(), "this lab has none") {
		t.Errorf("a campaign without workers: %v", err)
	}
	_, err := childLab(t).Campaign(context.Background(), lab.CampaignOptions{Kinds: []string{"queue"}})
	if err == nil || !strings.Contains(err.Error(), "no subjects of the kinds [queue]") {
		t.Errorf("a campaign of nothing: %v", err)
	}
}

// TestUnrepeatable: a subject that does otherwise the second time is reported as that.
func TestUnrepeatable(t *testing.T) {
	p := parse(t, one, "a put x6")
	r, err := here(t).Check(p, []kind.Subject{tiny(flips), tiny(none)})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Unrepeatable) != 1 || r.Unrepeatable[0] != "batcher/flips" {
		t.Errorf("Unrepeatable = %v", r.Unrepeatable)
	}
	const want = "batcher/flips: a second run gave another history: nondeterminism"
	if b := strings.Join(r.Broken(), "\n"); !strings.Contains(b, want) {
		t.Errorf("Broken =\n%s\nwant %q in it", b, want)
	}
}

// TestRepeats: a hundred runs give one history, here and on the time of the bubble.
func TestRepeats(t *testing.T) {
	p := parse(t, plain, "handler takes 5ms|a put x7|b put x2|+4ms|+30ms|c put x200|+1ns|c close")
	for _, s := range []kind.Subject{tiny(none), clockless(tiny(none))} {
		seen := map[string]int{}
		for range 100 {
			r, err := here(t).Run(p, s)
			if err != nil {
				t.Fatal(err)
			}
			seen[text(history.Of(&r))]++
		}
		if len(seen) != 1 {
			t.Errorf("clockless %v: %d histories", s.Clockless, len(seen))
		}
	}
}

// TestClocks: the subjects do the same on the mock as on the bubble's own time, on
// programs where there is one right history; everywhere, neither breaks a law. This
// is a check of the mock, of the model and of the laws at once.
func TestClocks(t *testing.T) {
	const programs, year2026 = 200, 1_767_225_600 * time.Second
	for _, s := range []kind.Subject{tiny(none), tinyTable(none)} {
		t.Run(s.Kind.Name, func(t *testing.T) {
			l := here(t)
			compared := 0
			for i := range programs {
				p := program.Generate(rand.New(rand.NewPCG(5, uint64(i))), s.Kind, 30)
				if p.Wild() {
					continue
				}
				if p.Config.Epoch < year2026 {
					p.Config.Epoch = year2026 + time.Duration(i)*time.Millisecond
				}
				a, va, erra := l.Try(p, s)
				b, vb, errb := l.Try(p, clockless(s))
				if erra != nil || errb != nil {
					continue // more states than the model follows
				}
				for _, v := range []oracle.Verdict{va, vb} {
					if v.Violation != nil && !v.Specified {
						t.Fatalf("%v in\n%s", v.Violation, p)
					}
				}
				if va.Branched == 0 {
					compared++
					if a.Digest() != b.Digest() {
						t.Fatalf("on the mock\n%s\non the bubble's time\n%s\nof\n%s", a, b, p)
					}
				}
			}
			if compared < programs/2 {
				t.Errorf("only %d of %d programs have one right history", compared, programs)
			}
		})
	}
}

// TestShrinkSeed: a find becomes a small program that breaks the same law.
func TestShrinkSeed(t *testing.T) {
	for _, c := range []struct {
		ops   string
		fault fault
		law   spec.Law
		want  string
	}{
		{"b put x4|+7ms|c trigger|a put x9|+13ms|handler takes 1ms|c put x2|+1s|a close", loses, spec.SameHistory, "a put x3"},
		{"b put x4|+7ms|c trigger|a close", leaks, spec.Leak, ""},
		{"b put x4|+7ms|c trigger|a put x9|+13ms", breaks, spec.NoPanic, "a put x5"},
	} {
		p := parse(t, plain, c.ops)
		small, v, err := here(t).Shrink(t.Context(), p, tiny(c.fault), c.law)
		if err != nil {
			t.Fatal(err)
		}
		var ops []string
		for _, o := range small.Ops {
			ops = append(ops, program.OpText(small.Kind, o))
		}
		if v == nil || v.Law != c.law || strings.Join(ops, "|") != c.want {
			t.Errorf("%s: %v, %v; want %s", c.fault, v, ops, c.want)
		}
	}
	p := parse(t, plain, "a put x4")
	if small, v, err := here(t).Shrink(t.Context(), p, tiny(none), spec.ExactlyOnce); v != nil || err != nil || small.String() != p.Bare().String() {
		t.Errorf("of what is right: %v, %v, %v", small, v, err)
	}
}

// TestShrinkInterrupted: a shrink that is told to stop stops, with the program that it
// has and with its violation.
func TestShrinkInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	runs := 0
	s := tiny(loses)
	plainNew := s.New
	s.New = func(c kind.Config, env kind.Env) kind.Instance {
		if runs++; runs == 3 {
			cancel()
		}
		return plainNew(c, env)
	}
	p := parse(t, plain, "b put x4|+7ms|c trigger|a put x9|+13ms|handler takes 1ms|c put x2|+1s|a close")
	small, v, err := here(t).Shrink(ctx, p, s, spec.SameHistory)
	if err != nil || v == nil || v.Law != spec.SameHistory {
		t.Errorf("%v, %v", v, err)
	}
	interrupted := runs
	if _, _, err := here(t).Shrink(t.Context(), p, s, spec.SameHistory); err != nil {
		t.Fatal(err)
	}
	if whole := runs - interrupted; interrupted > 5 || whole < 10 || small.String() == parse(t, plain, "a put x3").String() {
		t.Errorf("%d runs, and %d without the interrupt, for\n%s", interrupted, whole, small)
	}
}

// TestGoneWorker: a command that cannot be started, or is no worker, is said so.
func TestGoneWorker(t *testing.T) {
	l := childLab(t)
	spawn := l.Spawn
	l.Spawn = func() *exec.Cmd { cmd := spawn(); cmd.Path = os.Args[0] + ".missing"; return cmd }
	if _, err := l.Run(parse(t, plain, "a put"), tiny(none)); err == nil || !strings.Contains(err.Error(), "no worker: ") {
		t.Errorf("got %v", err)
	}
}

// TestRealClock: the constructor of a clockless subject is given the bubble's clock.
func TestRealClock(t *testing.T) {
	s := tiny(none)
	s.Clockless = true
	given := ""
	inner := s.New
	s.New = func(c kind.Config, env kind.Env) kind.Instance {
		given = env.Clock().Now().UTC().Format(time.RFC3339Nano)
		return inner(c, env)
	}
	if _, v, err := here(t).Try(parse(t, plain, "a put|+10ms"), s); err != nil || v.Violation != nil {
		t.Errorf("%v, %v", v.Violation, err)
	}
	if want := "2000-01-01T00:00:00Z"; given != want {
		t.Errorf("the clock stood at %s, want %s", given, want)
	}
}
