package program

import (
	"slices"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// TestShrink: from a program that fails, and what makes it fail, to the simplest
// program that fails for that.
func TestShrink(t *testing.T) {
	header := func(config string) string { return "batchlab: 1\nsubject: batcher\nconfig: " + config + "\n\n" }
	for _, c := range []struct {
		name, header, text string
		fails              func(*Program) bool
		want, config       string
	}{
		{
			"operations", plain, "a put|+5ms|b put x3|c trigger|+1ms|b close|d put|a trigger",
			func(p *Program) bool { return has(p, func(o Op) bool { return o.Verb == spec.Close }) },
			"a close", "size=1 timeout=1s mode=foreground epoch=0s",
		},
		{
			"a count that must stay", header("size=3 timeout=1s mode=background epoch=2026-01-01T00:00:00Z"),
			"c put x70|+7ms|c put x65|handler takes 3ms|x trigger|x close|+1s",
			func(p *Program) bool {
				return has(p, func(o Op) bool { return items(p, o) >= 65 }) && has(p, func(o Op) bool { return o.Verb == spec.Close })
			},
			"a put x65|a close", "size=1 timeout=1s mode=foreground epoch=0s",
		},
		{
			"the queue's boundary", header("size=7 timeout=1h mode=background"), "a put x449|b close",
			func(p *Program) bool {
				return has(p, func(o Op) bool { return items(p, o) == 64*p.Config.N(spec.SetSize)+1 })
			},
			"a put x65", "size=1 timeout=1h mode=foreground epoch=0s",
		},
		{
			"the batch's boundary", header("size=8 timeout=1h mode=foreground"), "a put x7|+59m|a put x9",
			func(p *Program) bool {
				return p.Config.N(spec.SetSize) > 1 && has(p, func(o Op) bool { return items(p, o) == p.Config.N(spec.SetSize)+1 })
			},
			"a put x3", "size=2 timeout=1h mode=foreground epoch=0s",
		},
		{
			"the timer's boundary", header("size=1 timeout=123456789ns mode=foreground"), "a put|+123456788ns|a trigger",
			func(p *Program) bool {
				return has(p, func(o Op) bool { return o.Verb == kind.Advance && o.Moved() == p.Config.D(spec.SetTimeout)-1 })
			},
			"+9.999999ms", "size=1 timeout=10ms mode=foreground epoch=0s",
		},
		{
			"two lanes that must differ", plain, "x put x2|y put|z put|z close",
			func(p *Program) bool { return len(p.Lanes()) >= 2 },
			"a put|b put", "size=1 timeout=1s mode=foreground epoch=0s",
		},
		{
			"time that adds up", plain, "+3ms|a put|+4ms|+2ms|+1ms",
			func(p *Program) bool {
				sum := 0
				for _, o := range p.Ops {
					sum += int(o.Moved())
				}
				return sum == 10_000_000
			},
			"+10ms", "size=1 timeout=10ms mode=foreground epoch=0s",
		},
		{
			"keys and values", table, "q get k99|q set k77 v5|+1500ms|r set k77 v8|r count",
			func(p *Program) bool {
				keys := map[int64]int{}
				for _, o := range p.Ops {
					if o.Verb == spec.Set {
						keys[o.Args[spec.ArgKey]]++
					}
				}
				for _, n := range keys {
					if n > 1 {
						return true
					}
				}
				return false
			},
			"a set k1 v1|a set k1 v1", "bucket=1s buckets=1 epoch=0s",
		},
		{
			"what handlers do", plain, "handler takes 7ms|a put nil x2|b put",
			func(p *Program) bool { return has(p, func(o Op) bool { return o.Verb == spec.Handler }) },
			"handler returns", "size=1 timeout=1s mode=foreground epoch=0s",
		},
		{
			"what need not run together", plain, "a put|& b put|c put|& b trigger|& c close|& a put",
			func(p *Program) bool {
				for _, g := range kind.Groups(p.Ops) {
					if len(g) > 1 && slices.ContainsFunc(g, func(o Op) bool { return o.Verb == spec.Close }) && g[0].Verb == spec.Put {
						return true
					}
				}
				return false
			},
			"a put|& a close", "size=1 timeout=1s mode=foreground epoch=0s",
		},
		{
			"time that heads a group", plain, "+3ms|+7ms|& a put",
			func(p *Program) bool {
				sum, together := 0, false
				for i, o := range p.Ops {
					sum += int(o.Moved())
					together = together || o.Verb == spec.Put && o.And && p.Ops[i-1].Verb == kind.Advance
				}
				return sum == 10_000_000 && together
			},
			"+10ms|& a put", "size=1 timeout=10ms mode=foreground epoch=0s",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := ops(t, c.header, c.text)
			calls := 0
			q := Shrink(p, func(q *Program) bool { calls++; return c.fails(q) }, 2000)
			if got := picture(q); got != c.want || ConfigText(q.Kind, q.Config) != c.config {
				t.Errorf("got  %s in %s\nwant %s in %s", got, ConfigText(q.Kind, q.Config), c.want, c.config)
			}
			if !c.fails(q) || q.Validate() != nil {
				t.Errorf("the result does not fail any more, or is not valid: %v", q.Validate())
			}
			if picture(p) != picture(ops(t, c.header, c.text)) {
				t.Error("Shrink changed what it was given")
			}
		})
	}
}

// TestShrinkBudget: no more calls than allowed, whatever the answers.
func TestShrinkBudget(t *testing.T) {
	answers := map[string]func(n int) bool{
		"never":   func(int) bool { return false },
		"always":  func(int) bool { return true },
		"at last": func(n int) bool { return n > 150 },
		"flaky":   func(n int) bool { return n%3 == 0 },
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			for _, k := range kinds {
				for budget := range 40 {
					calls := 0
					p := draw(k, budget)
					q := Shrink(p, func(*Program) bool { calls++; return answer(calls) }, budget)
					if calls > budget {
						t.Fatalf("%d calls with a budget of %d", calls, budget)
					}
					if q.Validate() != nil || simpler(p, q) {
						t.Fatalf("from\n%s\nto\n%s", p, q)
					}
				}
				calls := 0
				Shrink(draw(k, 1), func(*Program) bool { calls++; return answer(calls) }, 5000)
				if calls > 5000 || calls == 0 {
					t.Errorf("%d calls with a budget of 5000", calls)
				}
			}
		})
	}
}

// TestShrinkNothing: what does not get simpler is returned as it was, bare.
func TestShrinkNothing(t *testing.T) {
	p := ops(t, plain, "a put x3|b close")
	p.Comment, p.Shows = []string{"Why."}, []string{"x"}
	if q := Shrink(p, func(*Program) bool { return false }, 100); q.String() != p.Bare().String() {
		t.Errorf("got\n%s\nwant\n%s", q, p.Bare())
	}
}
