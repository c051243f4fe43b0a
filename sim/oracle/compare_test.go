package oracle

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"batchlab/sim/kind"
)

// doing is what a lane has got of a call in a step: a gets, b gets, ... at 0s.
func doing(step int, lane byte, outcome kind.Outcome, val int32) kind.Event {
	return kind.Event{Step: step, Source: kind.Source{Lane: lane}, Verb: 2, Outcome: outcome, Arg: 1, Val: val}
}

// calls is a run of calls of lanes a, b, c and so on, a step each, then of what is given.
func calls(name, lanes string, events ...kind.Event) *kind.Run {
	r := &kind.Run{Kind: table, Traits: kind.Traits{Title: "table/" + name, LawsOnly: true}, Events: events}
	for _, lane := range []byte(lanes) {
		r.Ops = append(r.Ops, kind.Op{Verb: 2, Lane: lane})
	}
	return r
}

// TestCompare: a component beside its original. What is the same passes, the first line that
// is not is the violation, unless something earlier is wrong, or several events were ready.
func TestCompare(t *testing.T) {
	const yes, no, waits, broke = kind.Yes, kind.No, kind.Waits, kind.Broke
	leak := kind.Event{Step: 2, Source: kind.Source{Lane: kind.LabLane}, Verb: kind.Leaked}
	for _, c := range []struct {
		name          string
		lanes         string
		got, original []kind.Event
		law           kind.LawID
		step          int
		specified     bool
		err           string
	}{
		{
			"the same", "ab",
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', no, 0)},
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', no, 0)},
			"", 0, false, "",
		},
		{
			"another answer", "ab",
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', no, 0)},
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', yes, 1)},
			kind.SameHistory, 2, false, "",
		},
		{
			"a line less", "ab",
			[]kind.Event{doing(1, 'a', yes, 1)},
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', yes, 1)},
			kind.SameHistory, 2, false, "",
		},
		{
			"it breaks a law before", "ab",
			[]kind.Event{doing(1, 'a', broke, 0), doing(2, 'b', no, 0)},
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', yes, 1)},
			kind.NoPanic, 1, false, "",
		},
		{
			"it differs before it breaks a law", "ab",
			[]kind.Event{doing(1, 'a', no, 0), doing(2, 'b', broke, 0)},
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', yes, 1)},
			kind.SameHistory, 1, false, "",
		},
		{
			"both break a law", "ab",
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', broke, 0)},
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', broke, 0)},
			kind.NoPanic, 2, true, "",
		},
		{
			"the original breaks a law, and it does not", "ab",
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', yes, 1)},
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', broke, 0)},
			"", 0, false, "the original table/plain itself breaks G3-no-panic here, at step 2",
		},
		{
			"the original leaves a goroutine, and it does not", "ab",
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', yes, 1)},
			[]kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', yes, 1), leak},
			"", 0, false, "",
		},
		{"two waited, and one of them goes on", "abc",
			[]kind.Event{doing(1, 'a', waits, 0), doing(2, 'b', waits, 0), doing(3, 'a', no, 0), doing(3, 'b', no, 0), doing(3, 'c', yes, 1)},
			[]kind.Event{doing(1, 'a', waits, 0), doing(2, 'b', waits, 0), doing(3, 'a', yes, 1), doing(3, 'b', no, 0), doing(3, 'c', yes, 1)}, "", 0, false, ""},
		{"one waited, and goes on", "ab",
			[]kind.Event{doing(1, 'a', waits, 0), doing(2, 'a', no, 0), doing(2, 'b', yes, 1)},
			[]kind.Event{doing(1, 'a', waits, 0), doing(2, 'a', yes, 1), doing(2, 'b', yes, 1)}, kind.SameHistory, 2, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, original := calls("x", c.lanes, slices.Clone(c.got)...), calls("plain", c.lanes, slices.Clone(c.original)...)
			v, err := Judge(r)
			if err != nil {
				t.Fatal(err)
			}
			v, err = Compare(r, original, v)
			if !slices.EqualFunc(slices.Concat(r.Events, original.Events), slices.Concat(c.got, c.original), func(a, b kind.Event) bool {
				return a.Same(&b)
			}) {
				t.Errorf("the runs have become %v and %v", r.Events, original.Events)
			}
			var le *kind.LabError
			switch w := v.Violation; {
			case c.err != "" && (!errors.As(err, &le) || !strings.Contains(err.Error(), c.err)) || c.err == "" && err != nil:
				t.Errorf("got %v, want %q", err, c.err)
			case (w == nil) != (c.law == "") || w != nil && (w.Law != c.law || w.Step != c.step) || v.Specified != c.specified:
				t.Errorf("got %v, specified %v; want %s at step %d", w, v.Specified, c.law, c.step)
			}
			r.Traits.Waives = []kind.LawID{kind.SameHistory}
			if v, _ = Compare(r, original, Verdict{}); v.Violation != nil {
				t.Errorf("waived: %v", v.Violation)
			}
		})
	}
}

// TestChoice: where more than one event is ready.
func TestChoice(t *testing.T) {
	const yes, waits = kind.Yes, kind.Waits
	later := func(e kind.Event, d time.Duration) kind.Event { e.At = d; return e }
	call := func(n int) kind.Event { // of a callback that runs beside others
		return kind.Event{Step: 1, Source: kind.Source{Lane: kind.HandlerLane, Head: kind.Item{Lane: 'a', N: int32(n)}}, Verb: kind.FirstNotice}
	}
	for _, c := range []struct {
		name   string
		events []kind.Event
		want   int
	}{
		{"nothing", nil, 0},
		{"calls", []kind.Event{doing(1, 'a', yes, 1), doing(2, 'b', yes, 1)}, 0},
		{"a call wakes another", []kind.Event{doing(1, 'a', waits, 0), doing(2, 'b', yes, 1), doing(2, 'a', yes, 1), doing(3, 'c', yes, 1)}, 0},
		{"two wait", []kind.Event{doing(1, 'a', waits, 0), doing(2, 'b', waits, 0), doing(3, 'c', yes, 1)}, 3},
		{"two have waited", []kind.Event{doing(1, 'a', waits, 0), doing(2, 'a', yes, 0), doing(2, 'b', waits, 0), doing(3, 'c', yes, 1)}, 0},
		{"a callback", []kind.Event{doing(1, 'a', yes, 1), call(1), call(1)}, 0},
		{"two callbacks at one instant", []kind.Event{doing(1, 'a', yes, 1), call(1), call(2)}, 1},
		{"two callbacks, one later", []kind.Event{doing(1, 'a', yes, 1), call(1), later(call(2), 1)}, 0},
	} {
		if got := choice(calls("x", "abc", c.events...)); got != c.want {
			t.Errorf("%s: at step %d, want %d", c.name, got, c.want)
		}
	}
}
