package program

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

func TestGroups(t *testing.T) {
	for _, c := range []struct{ ops, want string }{
		{"a put", "a put"},
		{"a put|b put", "a put / b put"},
		{"a put|& b put|& +1ms", "a put|& b put|& +1ms"},
		{"handler blocks|a put|& a close|+1ms|& a put|release", "handler blocks / a put|& a close / +1ms|& a put / release"},
	} {
		p := ops(t, plain, c.ops)
		var groups []string
		for _, g := range kind.Groups(p.Ops) {
			groups = append(groups, picture(&Program{Kind: p.Kind, Ops: g}))
		}
		if got := strings.Join(groups, " / "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
		if p.Concurrent() != strings.Contains(c.ops, "&") {
			t.Errorf("%s: Concurrent() = %v", c.ops, p.Concurrent())
		}
	}
	if got := kind.Groups(nil); got != nil {
		t.Errorf("no operations are %v", got)
	}
	list := ops(t, plain, "a put|& b put|c put").Ops
	if g := kind.Groups(list); &g[0][0] != &list[0] || cap(g[0]) != 2 {
		t.Error("groups are not pieces of the operations, or can grow into each other")
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		ops      string
		from, to int
		want     string
	}{
		{"a put|& b put|& c put", 0, 1, "b put|& c put"},
		{"a put|& b put|& c put", 1, 2, "a put|& c put"},
		{"a put|& b put|& c put", 0, 2, "c put"},
		{"a put|b put|& c put", 1, 2, "a put|c put"},
		{"a put|& b put|c put|& d put", 1, 3, "a put|d put"},
		{"a put|& b put|c put|& d put", 3, 4, "a put|& b put|c put"},
		{"handler blocks|a put|& b put", 1, 2, "handler blocks|b put"},
	} {
		p := ops(t, plain, c.ops)
		p.cut(c.from, c.to)
		if got := picture(p); got != c.want || p.Validate() != nil {
			t.Errorf("%s without %d to %d is %s, %v; want %s", c.ops, c.from, c.to, got, p.Validate(), c.want)
		}
	}
}

// TestValidateSchedule: decisions that were not read from a text are checked too.
func TestValidateSchedule(t *testing.T) {
	good := Decision{"lab/1+2", 1, "map.go:10 lock", "a", -1}
	for _, c := range []struct {
		want   string // of the error, "" for none
		change func(*Decision)
	}{
		{"", func(*Decision) {}},
		{"", func(d *Decision) { d.Where = "" }},
		{"", func(d *Decision) { d.To, d.Alt = "", 0 }},
		{`decision 1: "" names no goroutine`, func(d *Decision) { d.Who = "" }},
		{`decision 1: "a b" names no goroutine`, func(d *Decision) { d.Who = "a b" }},
		{"decision 1: scheduling points go from 1", func(d *Decision) { d.Nth = 0 }},
		{`decision 1: "x -> y" is no place`, func(d *Decision) { d.Where = "x -> y" }},
		{`decision 1: " x" is no place`, func(d *Decision) { d.Where = " x" }},
		{`decision 1: "x\ny" is no place`, func(d *Decision) { d.Where = "x\ny" }},
		{"decision 1: alternatives go from 0", func(d *Decision) { d.To = "" }},
		{`decision 1: "a" is no choice`, func(d *Decision) { d.Alt = 0 }},
		{`decision 1: "a/" is no choice`, func(d *Decision) { d.To = "a/" }},
	} {
		d := good
		c.change(&d)
		p := ops(t, plain, "a put|& b put")
		p.Schedule = []Decision{d}
		err := p.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), "schedule: "+c.want)) {
			t.Errorf("%s: got %v, want %q", d, err, c.want)
		}
	}
	p := ops(t, plain, "a put|& b put")
	p.Schedule = slices.Repeat([]Decision{good}, MaxDecisions)
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	long := strings.Replace(p.String(), "\n\n", "\nschedule: a 1 -> b\n\n", 1)
	want := fmt.Sprintf("x:%d:11: a schedule has at most 10000 decisions", MaxDecisions+5)
	if _, err := Parse("x", []byte(long), anybody); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("one decision more: %v", err)
	}
	p.Schedule = append(p.Schedule, good)
	if err := p.Validate(); err == nil || err.Error() != "schedule: a schedule has at most 10000 decisions" {
		t.Errorf("one decision more: %v", err)
	}
}

// TestGenerateConcurrent: small valid programs, the same for the same numbers, whose
// groups have every operation in them that can be there.
func TestGenerateConcurrent(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.Name, func(t *testing.T) {
			together, concurrent, distinct, full := make([]int, len(k.Ops)), 0, map[string]bool{}, 0
			for i := range drawn {
				rng := func() *rand.Rand { return rand.New(rand.NewPCG(3, uint64(i))) }
				p := GenerateConcurrent(rng(), k)
				if p.String() != GenerateConcurrent(rng(), k).String() {
					t.Fatalf("one seed, two programs, one of them\n%s", p)
				}
				if err := p.Validate(); err != nil {
					t.Fatalf("%v in\n%s", err, p)
				}
				if len(p.Ops) > 13 || len(p.Lanes()) > 3 || uses(p, spec.Panics) {
					t.Fatalf("too large, or not tame:\n%s", p)
				}
				if b := newBudget(p); b.total() < 0 {
					t.Fatal(b)
				}
				distinct[p.String()] = true
				if p.Concurrent() {
					concurrent++
				}
				for _, o := range p.Ops {
					if o.And {
						together[o.Verb]++
					}
					if putting(k) && items(p, o) >= 64*p.Config.N(spec.SetSize) {
						full++
					}
				}
			}
			if concurrent < drawn*9/10 || len(distinct) < drawn*9/10 {
				t.Errorf("of %d programs %d are concurrent, %d distinct", drawn, concurrent, len(distinct))
			}
			for v, op := range k.Ops {
				if want := mayMark(k, Op{Verb: kind.Verb(v)}); (together[v] > drawn/10) != want || !want && together[v] > 0 {
					t.Errorf("%s runs together with something %d times in %d programs", op.Name, together[v], drawn)
				}
			}
			if putting(k) && full < 10 {
				t.Errorf("%d programs fill the queue", full)
			}
		})
	}
}
