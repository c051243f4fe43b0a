package history

import (
	"testing"

	"batchlab/sim/kind"
)

// counted is a history in which a lane counts, in steps 1, 3 and 3.
func counted() History {
	h := History{Kind: counter, Subject: "counter/x"}
	for i, step := range []int{1, 3, 3} {
		h.Events = append(h.Events, kind.Event{Step: step, Source: kind.Source{Lane: 'a'}, Verb: 1, Outcome: kind.OK, Val: int32(i)})
	}
	return h
}

// TestText: a line for each event; beyond the last there is nothing; and a note, which holds
// what is not the same everywhere, is printed and is no part of the digest.
func TestText(t *testing.T) {
	h, noted := counted(), counted()
	noted.Events[2].Note = "why"
	const first = "+0s          a count -> ok                                      #1"
	if h.Line(0) != first || h.Line(3) != "nothing" {
		t.Errorf("%q, %q", h.Line(0), h.Line(3))
	}
	if h.String() == noted.String() || h.Digest() != noted.Digest() {
		t.Errorf("%s and %s: digests %s, %s", h, noted, h.Digest(), noted.Digest())
	}
}

// TestAgree: up to the first line that is not the same, or that only one of them has.
func TestAgree(t *testing.T) {
	for _, at := range []int{0, 1, 2, 3} {
		h, other := counted(), counted()
		if at < 3 {
			other.Events[at].Outcome = kind.Waits
		}
		if got := Agree(h, other); got != at {
			t.Errorf("agree in %d, want %d", got, at)
		}
		other.Events = h.Events[:at]
		if Agree(h, other) != at || Agree(other, h) != at {
			t.Errorf("agree with the first %d of it in %d", at, Agree(h, other))
		}
	}
}
