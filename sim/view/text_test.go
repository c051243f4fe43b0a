package view

import (
	"testing"
	"time"

	"batchlab/sim"
	"batchlab/sim/subject"
)

// get is a line of lane a: what it found at a time, in a step.
func get(step int, at time.Duration, value int32) subject.Event {
	e := subject.Event{Step: step, At: at, Source: subject.Source{Lane: 'a'}, Verb: subject.Get, Key: 1, Outcome: subject.Yes, Value: value}
	if value == 0 {
		e.Outcome = subject.No
	}
	return e
}

func history(name string, events ...subject.Event) sim.History {
	return sim.History{Subject: "dedup/" + name, Events: events}
}

// TestSideBySide: pictures of histories beside each other.
func TestSideBySide(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name      string
		histories []sim.History
		want      string
	}{
		{"nobody", nil, "history of \n"},
		{"nothing happened", []sim.History{history("one")}, "history of dedup/one\n"},
		{"one", []sim.History{history("one", get(1, 0, 2), get(3, 5*ms, 0))}, `history of dedup/one
  +0s          a get k1 -> v2                                     #1
  +5ms         a get k1 -> none                                   #3
`},
		{"two that agree", []sim.History{history("one", get(1, 0, 2)), history("two", get(1, 0, 2))}, `history of dedup/one, dedup/two
  +0s          a get k1 -> v2                                     #1
`},
		{"two that differ in the middle", []sim.History{
			history("one", get(1, 0, 2), get(2, ms, 2), get(3, 2*ms, 4)),
			history("three", get(1, 0, 2), get(2, ms, 3), get(3, 2*ms, 4)),
		}, `history of dedup/one, dedup/three
  +0s          a get k1 -> v2                                     #1
! dedup/one    +1ms         a get k1 -> v2                                     #2
! dedup/three  +1ms         a get k1 -> v3                                     #2
  +2ms         a get k1 -> v4                                     #3
`},
		{"one that ends early", []sim.History{
			history("one", get(1, 0, 2), get(2, ms, 2), get(2, 2*ms, 2)),
			history("two", get(1, 0, 2)),
		}, `history of dedup/one, dedup/two
  +0s          a get k1 -> v2                                     #1
! dedup/one  +1ms         a get k1 -> v2                                     #2
! dedup/one  +2ms         a get k1 -> v2                                     #2
! dedup/two  nothing
`},
		{"three, the last alone", []sim.History{
			history("one", get(1, 0, 2)), history("two", get(1, 0, 2)), history("six", get(1, 0, 9)),
		}, `history of dedup/one, dedup/two, dedup/six
! dedup/one  +0s          a get k1 -> v2                                     #1
! dedup/two  +0s          a get k1 -> v2                                     #1
! dedup/six  +0s          a get k1 -> v9                                     #1
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := SideBySide(c.histories); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
