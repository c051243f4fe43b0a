package lab

import (
	"context"
	"slices"
	"testing"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// asked is a queue whose explorations are known, by subject and strategy.
type asked map[string][]Outcome

func (q asked) Width() int { return 1 }

func (q asked) Do(_ context.Context, u Unit) (Result, error) {
	return Result{Exploration: &Exploration{Outcomes: q[u.Subjects[0]+" "+u.Search.Strategy]}}, nil
}

// TestNoFartherThanTheFirst: of a first subject that was searched within a bound another is asked for what it does
// within that, however far it was searched; what it does there that the first does not is told.
func TestNoFartherThanTheFirst(t *testing.T) {
	a, b, deep := Outcome{Digest: "a"}, Outcome{Digest: "b"}, Outcome{Digest: "b", Deep: true}
	for _, c := range []struct {
		why         string
		first, then Exploration
		again       []Outcome // of the second, within the bound
		told        bool
	}{
		{"both of all", Exploration{Bound: -1}, Exploration{Bound: -1, Outcomes: []Outcome{a, b}}, nil, true},
		{"farther, and not within", Exploration{Bound: 2}, Exploration{Bound: -1, Outcomes: []Outcome{a, b}}, []Outcome{a}, false},
		{"farther, and within", Exploration{Bound: 2}, Exploration{Bound: -1, Outcomes: []Outcome{a, b}}, []Outcome{a, b}, true},
		{"as far, and not within", Exploration{Bound: 2}, Exploration{Bound: 2, Outcomes: []Outcome{a, deep}}, nil, false},
		{"as far, and within", Exploration{Bound: 2}, Exploration{Bound: 2, Outcomes: []Outcome{a, b}}, nil, true},
		{"not as far", Exploration{Bound: -1}, Exploration{Bound: 2, Outcomes: []Outcome{a, deep}}, nil, true},
	} {
		c.first.Outcomes = []Outcome{a}
		k := &kind.Kind{Name: "tiny"}
		st := &Study{Program: &program.Program{Kind: k}, Explorations: []*Exploration{&c.first, &c.then},
			Fresh: make([][]Outcome, 2), Gone: make([][]Outcome, 2),
			subjects: []kind.Subject{{Kind: k, Name: "one"}, {Kind: k, Name: "two"}}}
		c.first.Complete, c.then.Complete = true, true
		q := asked{"tiny/two dfs2": c.again, "tiny/one dfs3": {a}, "tiny/one portfolio": {a}}
		if err := st.Compare(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		if told := slices.ContainsFunc(st.Fresh[1], func(o Outcome) bool { return o.Digest == "b" }); told != c.told {
			t.Errorf("%s: an outcome that the first does not have is told: %v", c.why, told)
		}
	}
}

// TestExtent: of how much the schedules are is said in one way.
func TestExtent(t *testing.T) {
	for want, e := range map[string]Exploration{
		"7 schedules, which stand for all there are":                                     {Search: Search{Strategy: "whole"}, Complete: true, Bound: -1},
		"7 schedules, all of at most 2 preemptions among them":                           {Search: Search{Strategy: "whole"}, Complete: true, Bound: 2},
		"7 of many schedules":                                                            {Search: Search{Strategy: "whole"}},
		"7 of many schedules of portfolio":                                               {Search: Search{Strategy: "portfolio"}},
		"7 schedules of dfs1, all of at most 1 preemptions":                              {Search: Search{Strategy: "dfs1"}, Complete: true, Bound: 1},
		"7 schedules of por2, which are meant to stand for all of at most 2 preemptions": {Search: Search{Strategy: "por2"}, Complete: true, Bound: 2},
		"7 schedules of coarse, all in which nobody is preempted inside a call":          {Search: Search{Strategy: "coarse"}, Complete: true},
		"7 schedules of replay":                                                          {Search: Search{Strategy: Replaying}},
	} {
		if e.Schedules = 7; e.Extent() != want {
			t.Errorf("%q, want %q", e.Extent(), want)
		}
	}
}
