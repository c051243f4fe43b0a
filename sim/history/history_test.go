package history

import (
	"testing"

	"batchlab/sim/kind"
)

var counter = &kind.Kind{Name: "counter", Ops: []kind.Operation{kind.Time, {Name: "count", Lane: true}}}

// counts is a history in which lane a counts, in these steps.
func counts(steps ...int) History {
	r := &kind.Run{Kind: counter, Traits: kind.Traits{Title: "counter/x"}}
	for _, step := range steps {
		r.Events = append(r.Events, kind.Event{Step: step, Source: kind.Source{Lane: 'a'}, Verb: 1, Outcome: kind.OK})
	}
	return Of(r)
}

// TestStep: the events of a step, and up to it.
func TestStep(t *testing.T) {
	h := counts(1, 3, 3)
	for step, want := range []int{0, 1, 0, 2, 0} {
		if got := len(h.Step(step)); got != want {
			t.Errorf("step %d has %d events, want %d", step, got, want)
		}
	}
	if h.Until(2).Digest() != counts(1).Digest() || h.Until(3).Digest() != h.Digest() || h.Until(0).Digest() != counts().Digest() {
		t.Error("until a step is not what it is without the rest")
	}
	if len(h.Digest()) != 16 {
		t.Errorf("digest %s", h.Digest())
	}
}

// TestDigest: a note is no part of a digest, everything else is.
func TestDigest(t *testing.T) {
	want := counts(1, 2).Digest()
	for i, change := range []func(e *kind.Event){
		func(e *kind.Event) { e.Note = "why" },
		func(e *kind.Event) { e.Step++ },
		func(e *kind.Event) { e.At++ },
		func(e *kind.Event) { e.Source.Lane = 'b' },
		func(e *kind.Event) { e.Outcome = kind.Waits },
	} {
		h := counts(1, 2)
		change(&h.Events[1])
		if same := h.Digest() == want; same != (i == 0) {
			t.Errorf("change %d: the digest is the same: %v", i, same)
		}
	}
}

// TestOf: what happened in any order is shown in the canonical one.
func TestOf(t *testing.T) {
	event := func(step int, lane byte) kind.Event {
		return kind.Event{Step: step, Source: kind.Source{Lane: lane}, Verb: 1, Outcome: kind.OK}
	}
	h := Of(&kind.Run{Kind: counter, Traits: kind.Traits{Title: "counter/x"}, Began: make([]int64, 3),
		Events: []kind.Event{event(1, 'b'), event(1, 'a'), event(2, 'a')}})
	const want = `+0s          a count -> ok                                      #1
+0s          b count -> ok                                      #1
+0s          a count -> ok                                      #2
`
	if h.String() != want || h.Subject != "counter/x" {
		t.Errorf("got\n%s\nof %s, want\n%s", h, h.Subject, want)
	}
	if h.Line(1) != "+0s          b count -> ok                                      #1" || h.Line(3) != "nothing" {
		t.Errorf("lines %q and %q", h.Line(1), h.Line(3))
	}
	if n := Agree(h, counts(1, 1, 2)); n != 1 {
		t.Errorf("%d events are the same, want 1", n)
	}
	if n := Agree(counts(1), counts(1, 2)); n != 1 {
		t.Errorf("%d events are the same, want 1", n)
	}
}
