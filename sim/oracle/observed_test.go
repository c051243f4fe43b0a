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

// TestUndefined: that a call came after the one that ends the component orders nothing where they were made beside each
// other and nobody says what becomes of it; in a later group it does.
func TestUndefined(t *testing.T) {
	call := kind.Operation{Lane: true}
	end := kind.Operation{Lane: true, Ends: true}
	const get, closes = 1, 2
	observe := func(undefined, beside bool, first kind.Verb) Observed {
		k := &kind.Kind{Undefined: undefined, Ops: []kind.Operation{kind.Time, call, end}}
		ops := []kind.Op{{Verb: closes, Lane: 'b'}, {Verb: get, Lane: 'a', And: beside}}
		r := &kind.Run{Kind: k, Ops: ops}
		for i, o := range ops {
			began := int64(10)
			if o.Verb == first {
				began = 1
			}
			r.Events = append(r.Events, kind.Event{Step: i + 1, Source: kind.Source{Lane: o.Lane}, Verb: o.Verb})
			r.Began, r.Ended = append(r.Began, began), append(r.Ended, began+1)
		}
		return Observe(r, Lanes(ops))
	}
	for _, c := range []struct{ undefined, beside, want bool }{{true, true, true}, {true, false, false}, {false, true, false}} {
		got, reference := observe(c.undefined, c.beside, closes), observe(c.undefined, c.beside, get)
		if reference.Is(got) != c.want {
			t.Errorf("undefined %v, beside %v: a call after the end is one before it: %v", c.undefined, c.beside, !c.want)
		}
	}
}
