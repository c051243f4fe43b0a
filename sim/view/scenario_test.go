package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"batchlab/sim/kind"
	"batchlab/sim/view"
	"batchlab/sim/weave/rt"
)

var stacks = &kind.Kind{Name: "stack", Ops: []kind.Operation{
	kind.Time,
	{Name: "push", Lane: true, Params: []kind.Param{{Form: kind.Named, Letter: 'v'}}},
	{Name: "pop", Lane: true, Answer: func(e *kind.Event) string { return fmt.Sprintf("v%d", e.Val) }},
}}

// popped is a run in which two lanes take from a stack of two what one of them put there.
func popped() *kind.Run {
	a, b := kind.Source{Lane: 'a'}, kind.Source{Lane: 'b'}
	return &kind.Run{
		Kind: stacks,
		Ops: []kind.Op{
			{Verb: 1, Lane: 'a', Args: kind.Args{1}}, {Verb: 1, Lane: 'a', Args: kind.Args{2}}, kind.Move(time.Second),
			{Verb: 2, Lane: 'a'}, {Verb: 2, Lane: 'b', And: true},
		},
		Events: []kind.Event{
			{Step: 1, Source: a, Verb: 1, Outcome: kind.OK, Arg: 1}, {Step: 2, Source: a, Verb: 1, Outcome: kind.OK, Arg: 2},
			{Step: 4, At: time.Second, Source: b, Verb: 2, Outcome: kind.OK, Val: 2},
			{Step: 4, At: time.Second, Source: a, Verb: 2, Outcome: kind.OK, Val: 2},
		},
		Began: []int64{1, 3, 8, 5}, Ended: []int64{2, 4, 11, 12},
	}
}

// Calls that ran together stand beside each other.
func ExampleScenario() {
	r := popped()
	fmt.Print(view.Scenario(r, len(r.Ops), r.Kind.Trimmed(r.Events[2]), "want v1"))
	// Output:
	// | a       | b      | time |
	// |---------|--------|------|
	// | push v1 |        |      |
	// | push v2 |        |      |
	// |         |        | +1s  |
	// | pop v2  | pop v2 |      |  <- want v1 in b
}

// Of what was cut short it says what it was in.
func ExampleScenario_cutShort() {
	r := popped()
	r.Events[3] = kind.Event{Step: 4, At: time.Second, Source: kind.Source{Lane: kind.LabLane}, Verb: kind.Hung, Note: "still busy"}
	fmt.Print(view.Scenario(r, len(r.Ops), "", ""))
	// Output:
	// | a             | b      | time |
	// |---------------|--------|------|
	// | push v1       |        |      |
	// | push v2       |        |      |
	// |               |        | +1s  |
	// | pop not ended | pop v2 |      |
}

// What each goroutine did around the moments at which another went on.
func ExampleSchedule() {
	fmt.Print(view.Schedule([]rt.Passed{
		{G: "a", What: "pop"}, {G: "a", Site: "stack.go:7", What: "load"}, {G: "a", Site: "stack.go:8", What: "load"},
		{G: "a", Site: "stack.go:9", What: "touch", To: "b"},
		{G: "b", What: "pop"}, {G: "b", Site: "stack.go:7", What: "load"}, {G: "b", Site: "stack.go:9", What: "store"}, {G: "b", What: "-> v2"},
		{G: "a", Site: "stack.go:9", What: "store"}, {G: "a", What: "-> v2"},
	}))
	// Output:
	// | a                  | b                  |
	// |--------------------|--------------------|
	// | pop                |                    |
	// |   stack.go:7 load  |                    |
	// |   stack.go:8 load  |                    |
	// |   switch           |                    |
	// |                    | pop                |
	// |                    |   stack.go:7 load  |
	// |                    |   stack.go:9 store |
	// |                    | -> v2              |
	// |   stack.go:9 store |                    |
	// | -> v2              |                    |
}

// A table is no wider than a screen, whatever is in it.
func TestScenarioFitsAScreen(t *testing.T) {
	r := popped()
	for i := range r.Events {
		r.Events[i].Note = strings.Repeat("lång ", 40)
	}
	text := view.Scenario(r, len(r.Ops), "", "")
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSpace(line)); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if !strings.Contains(text, "…") {
		t.Errorf("nothing is clipped:\n%s", text)
	}
}

// A schedule of a thousand switches is a screen, and says what it leaves out.
func TestScheduleFitsAScreen(t *testing.T) {
	var trace []rt.Passed
	for i := range 1000 {
		trace = append(trace, rt.Passed{G: string(rune('a' + i%2)), Site: "x.go:1", What: "lock", Seq: 6})
	}
	text := view.Schedule(trace)
	if n := strings.Count(text, "\n"); n > 50 || !strings.Contains(text, "more") {
		t.Errorf("%d lines:\n%s", n, text)
	}
}
