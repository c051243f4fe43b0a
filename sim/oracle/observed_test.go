package oracle

import (
	"testing"

	"batchlab/sim/kind"
)

// TestLoose: what happens on two goroutines of a component is in either order the same, if it happens on two of
// the reference's as well; the order on one goroutine is observed, and so is that of steps.
func TestLoose(t *testing.T) {
	on := func(step int, thread int32, text string) kind.Event {
		return kind.Event{Step: step, Source: kind.Source{Lane: kind.HandlerLane}, Thread: thread, Verb: kind.FirstNotice, Text: text}
	}
	observe := func(events ...kind.Event) Observed {
		r := &kind.Run{Kind: &kind.Kind{Notices: []kind.Notice{{Text: "called"}}}, Events: events}
		r.Began, r.Ended = make([]int64, len(events)), make([]int64, len(events))
		return Observe(r, Lanes(nil))
	}
	for _, c := range []struct {
		name           string
		got, reference Observed
		want           bool
	}{
		{"the same", observe(on(1, 2, "x"), on(1, 3, "y")), observe(on(1, 2, "x"), on(1, 3, "y")), true},
		{"two goroutines", observe(on(1, 2, "y"), on(1, 3, "x")), observe(on(1, 5, "x"), on(1, 4, "y")), true},
		{"one", observe(on(1, 2, "y"), on(1, 2, "x")), observe(on(1, 2, "x"), on(1, 2, "y")), false},
		{"one in the reference", observe(on(1, 2, "y"), on(1, 3, "x")), observe(on(1, 2, "x"), on(1, 2, "y")), false},
		{"two where it is the reference's order", observe(on(1, 3, "x"), on(1, 2, "y")), observe(on(1, 2, "x"), on(1, 2, "y")), true},
		{"steps", observe(on(1, 2, "y"), on(2, 3, "x")), observe(on(1, 2, "x"), on(2, 3, "y")), false},
	} {
		seen := Shown{}
		seen.Add(c.reference)
		if seen.Has(c.got) != c.want || c.reference.Is(c.got) != c.want {
			t.Errorf("%s: %v and %v, want %v", c.name, seen.Has(c.got), c.reference.Is(c.got), c.want)
		}
	}
}
