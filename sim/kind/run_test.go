package kind

import (
	"math"
	"testing"
)

// TestRunFault: a run whose stamps do not fit its events is the lab's mistake.
func TestRunFault(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(r *Run)
	}{
		{"", func(*Run) {}},
		{"", func(r *Run) { r.Stamped, r.Began = false, nil }},
		{"a run has one beginning and one end for each event", func(r *Run) { r.Began = r.Began[1:] }},
		{"a run has one beginning and one end for each event", func(r *Run) { r.Ended = append(r.Ended, 9) }},
		{"an event of a run ends before it begins", func(r *Run) { r.Began[0] = 3 }},
		{"the events of a run are not in order", func(r *Run) { r.Began[1], r.Ended[1] = 1, 1 }},
		{"the clock of a run goes back", func(r *Run) { r.Clock = []Instant{{Seq: 3, At: 5}, {Seq: 4, At: 4}} }},
		{"the clock of a run goes back", func(r *Run) { r.Clock = []Instant{{Seq: 3, At: 5}, {Seq: 3, At: 6}} }},
	} {
		r := &Run{Stamped: true, Events: make([]Event, 2), Began: []int64{1, 2}, Ended: []int64{2, 4}, Clock: []Instant{{Seq: 3, At: 5}, {Seq: 4, At: 5}}}
		c.change(r)
		if got := r.Fault(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestRunHistory: the history is in canonical order step by step, and ends where the
// program could not go on.
func TestRunHistory(t *testing.T) {
	b, a, late := Event{Step: 1, Source: Source{Lane: 'b'}}, Event{Step: 1, Source: Source{Lane: 'a'}}, Event{Step: 2, Source: Source{Lane: 'a'}}
	r := &Run{Began: []int64{1, 2, 3}, Events: []Event{b, late, a}}
	h := r.History()
	if !h[0].Same(&a) || !h[1].Same(&b) || !h[2].Same(&late) || !r.Events[0].Same(&b) {
		t.Errorf("the history is %+v, of %+v", h, r.Events)
	}
	r.Began = nil
	if h := r.History(); !h[0].Same(&b) {
		t.Errorf("what is told in order is put into another: %+v", h)
	}
	if r.Fatal() != math.MaxInt {
		t.Errorf("a run without an end of its own ends in step %d", r.Fatal())
	}
	for _, v := range []Verb{Hung, Crash} {
		r.Events = append(h[:2:2], Event{Step: 7, Verb: v})
		if r.Fatal() != 7 {
			t.Errorf("%d: the run ends in step %d", v, r.Fatal())
		}
	}
}
