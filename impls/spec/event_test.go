package spec_test

import (
	"fmt"
	"testing"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/sim/kind"
)

var (
	a1, a2, a3 = kind.Item{Lane: 'a', N: 1}, kind.Item{Lane: 'a', N: 2}, kind.Item{Lane: 'a', N: 3}
	b1         = kind.Item{Lane: 'b', N: 1}
	a1Derived  = kind.Item{Lane: 'a', N: 1, Derived: true}
	a3Keyed    = kind.Item{Lane: 'a', N: 3, Keyed: true, Key: 7}
	none       = kind.Item{}
)

// Events are spelled as in histories.
func Example() {
	fmt.Println(batcher.Kind.Text(kind.Event{Source: kind.Source{Lane: 'a'}, Verb: spec.Put, Outcome: kind.OK, Items: []kind.Item{a1, a2}}))
	fmt.Println(batcher.Kind.Text(kind.Event{Source: kind.HandlerSource([]kind.Item{a1}, false), Verb: spec.Begin, Items: []kind.Item{a1, a2}}))
	fmt.Println(dedup.Kind.Text(kind.Event{Source: kind.Source{Lane: 'b'}, Verb: spec.Get, Arg: 7, Outcome: kind.No}))
	// Output:
	// a put a1..a2 -> ok
	// handler [a1 a2] begins
	// b get k7 -> none
}

// TestEventText: the line of each kind of event of the three kinds.
func TestEventText(t *testing.T) {
	lane, handler, lab := kind.Source{Lane: 'a'}, kind.Source{Lane: kind.HandlerLane}, kind.Source{Lane: kind.LabLane}
	items, keyed, table := batcher.Kind, dedupbatcher.Kind, dedup.Kind
	many := make([]kind.Item, 64)
	for i := range many {
		many[i] = kind.Item{Lane: 'a', N: int32(i + 1)}
	}
	for _, c := range []struct {
		kind *kind.Kind
		e    kind.Event
		want string
	}{
		{items, kind.Event{Source: lane, Verb: spec.Put, Outcome: kind.OK, Items: []kind.Item{a1}}, "a put a1 -> ok"},
		{items, kind.Event{Source: lane, Verb: spec.Put, Outcome: kind.OK, Items: []kind.Item{a1, a3}},
			"a put a1..a3 -> ok"},
		{items, kind.Event{Source: lane, Verb: spec.Put, Outcome: kind.Waits, Items: []kind.Item{none}},
			"a put nil -> waits"},
		{items, kind.Event{Source: lane, Verb: spec.Put, Outcome: kind.Skipped},
			"a put -> skipped: the lane is busy"},
		{keyed, kind.Event{Source: lane, Verb: spec.Put, Outcome: kind.Refused, Items: []kind.Item{a3Keyed}},
			"a put a3:k7 -> panics: closed"},
		{items, kind.Event{Source: lane, Verb: spec.Put, Outcome: kind.Broke, Items: []kind.Item{a1}, Note: "boom"},
			"a put a1 -> panics (boom)"},
		{items, kind.Event{Source: handler, Verb: spec.Put, Outcome: kind.OK, Items: []kind.Item{a1Derived}},
			"handler put a1' -> ok"},
		{items, kind.Event{Source: lane, Verb: spec.Trigger, Outcome: kind.OK}, "a trigger -> ok"},
		{items, kind.Event{Source: lab, Verb: spec.Close, Outcome: kind.OK}, "lab close -> ok"},
		{table, kind.Event{Source: lab, Verb: spec.Close, Outcome: kind.OK}, "lab close -> ok"},
		{table, kind.Event{Source: lane, Verb: spec.Get, Outcome: kind.Yes, Arg: 1, Val: 2}, "a get k1 -> v2"},
		{table, kind.Event{Source: lane, Verb: spec.Get, Outcome: kind.Yes, Arg: 0, Val: 0}, "a get k0 -> v0"},
		{table, kind.Event{Source: lane, Verb: spec.Get, Outcome: kind.No, Arg: 1}, "a get k1 -> none"},
		{table, kind.Event{Source: lane, Verb: spec.Get, Outcome: kind.Waits, Arg: 1}, "a get k1 -> waits"},
		{table, kind.Event{Source: lane, Verb: spec.Set, Outcome: kind.Yes, Arg: 1, Val: 2}, "a set k1 v2 -> true"},
		{table, kind.Event{Source: lane, Verb: spec.Delete, Outcome: kind.No, Arg: 1}, "a delete k1 -> false"},
		{table, kind.Event{Source: lane, Verb: spec.Count, Outcome: kind.OK, Val: 3}, "a count -> 3"},
		{table, kind.Event{Source: lane, Verb: spec.Count, Outcome: kind.Broke, Note: "boom"},
			"a count -> panics (boom)"},
		{items, kind.Event{Source: handler, Verb: spec.Begin, Items: []kind.Item{a1, none, b1}},
			"handler [a1 nil b1] begins"},
		{items, kind.Event{Source: handler, Verb: spec.End, Items: many[:8]},
			"handler [a1 a2 a3 a4 a5 a6 a7 a8] ends"},
		{items, kind.Event{Source: handler, Verb: spec.End, Items: many},
			"handler [a1 a2 a3 a4 a5 a6 a7 .. a64] (64) ends"},
		{keyed, kind.Event{Source: handler, Verb: spec.Begin}, "handler [] begins"},
		{keyed, kind.Event{Source: handler, Verb: spec.Changed, Items: []kind.Item{a3Keyed}},
			"handler [a3:k7] slice changed"},
		{items, kind.Event{Source: lab, Verb: kind.Leaked, Note: "f in select"},
			"lab goroutine left behind (f in select)"},
		{items, kind.Event{Source: lab, Verb: kind.Hung}, "lab hangs"},
		{table, kind.Event{Source: lab, Verb: kind.Race, Note: "f and g"}, "lab data race (f and g)"},
	} {
		if got := c.kind.Text(c.e); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
