package lab

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/weave/rt"
)

// TestReached: a pair is of two goroutines at one object of which one changes it, and its order is the one seen; what
// could not have come before is none.
func TestReached(t *testing.T) {
	do := func(list string) (accesses []rt.Accessed) { // a 1 locked 7: goroutine, line, what, object
		for i, text := range strings.Split(list, ", ") {
			a := rt.Accessed{Seq: int64(i + 1)}
			line := ""
			if _, err := fmt.Sscan(text, &a.G, &line, &a.Does, &a.Object); err != nil {
				t.Fatal(err)
			}
			a.Site = "x.go:" + line
			accesses = append(accesses, a)
		}
		return accesses
	}
	born := []rt.Passed{{G: "a", Site: "x.go:9", What: "go a/1", Seq: 2}}
	for _, c := range []struct {
		name   string
		runs   []string
		trace  []rt.Passed
		alone  bool
		points int
		pairs  string
	}{
		{"two orders, in two runs", []string{"a 1 locked 7, b 2 locked 7", "b 2 locked 7, a 1 locked 7"}, nil, false, 2, "1 2 [1 1]"},
		{"two orders, in one run", []string{"a 1 touched 7, b 2 touched 7, a 1 touched 7"}, nil, false, 2, "1 2 [1 1]"},
		{"one order", []string{"b 2 touched 7, a 1 touched 7", "b 2 touched 7, a 1 touched 7"}, nil, false, 2, "1 2 [0 2]"},
		{"one that loads", []string{"a 1 loaded 7, b 2 touched 7"}, nil, false, 2, "1 2 [1 0]"},
		{"both load", []string{"a 1 loaded 7, b 2 loaded 7"}, nil, false, 2, ""},
		{"two objects", []string{"a 1 touched 7, b 2 touched 8"}, nil, false, 2, ""},
		{"one goroutine", []string{"a 1 touched 7, a 2 touched 7"}, nil, false, 2, ""},
		{"what follows from a lock", []string{"a 1 locked 7, a 3 unlocked 7, b 2 locked 7"}, nil, false, 3, "1 2 [1 0]"},
		{"before it began", []string{"a 1 touched 7, a/1 2 touched 7"}, born, false, 3, ""},
		{"before it began, and once more", []string{"a 1 touched 7, a 3 touched 8, a 4 touched 7, a/1 2 touched 7"}, born, false, 5, "2 4 [0 1]"},
		{"nothing runs together", []string{"a 1 touched 7, b 2 touched 7"}, nil, true, 2, ""},
		{"of the lab", []string{"a 1 granted 7, b 2 touched 7"}, nil, false, 2, ""},
	} {
		all := NewReached()
		for _, run := range c.runs {
			r := NewReached()
			r.run(c.trace, do(run), !c.alone)
			all.Add(r)
		}
		var pairs []string
		for _, pair := range slices.Sorted(maps.Keys(all.Pairs)) {
			pairs = append(pairs, fmt.Sprint(strings.ReplaceAll(pair, "x.go:", ""), " ", *all.Pairs[pair]))
		}
		if is := strings.Join(pairs, ", "); is != c.pairs || len(all.Points) != c.points || all.Runs != len(c.runs) {
			t.Errorf("%s: %s, want %s; %v, %d runs", c.name, is, c.pairs, all.Points, all.Runs)
		}
	}
}

// TestShared: each of the names is one that package rt has, and does something.
func TestShared(t *testing.T) {
	for name, does := range shared {
		if does == rt.Nothing {
			t.Errorf("%s does nothing", name)
		}
	}
}
