package view

import (
	"fmt"
	"testing"
	"time"

	"batchlab/sim/history"
	"batchlab/sim/kind"
)

// table has one operation, which answers with a value.
var table = &kind.Kind{Name: "table", Ops: []kind.Operation{
	kind.Time,
	{Name: "get", Lane: true, Params: []kind.Param{{Form: kind.Named, Letter: 'k'}}, Answer: func(e *kind.Event) string {
		if e.Outcome == kind.No {
			return "none"
		}
		return fmt.Sprintf("v%d", e.Val)
	}},
}}

// get is a line of lane a: what it found at a time, in a step.
func get(step int, at time.Duration, value int32) kind.Event {
	e := kind.Event{Step: step, At: at, Source: kind.Source{Lane: 'a'}, Verb: 1, Arg: 1, Outcome: kind.Yes, Val: value}
	if value == 0 {
		e.Outcome = kind.No
	}
	return e
}

func of(name string, events ...kind.Event) history.History {
	return history.History{Kind: table, Subject: "table/" + name, Events: events}
}

// TestSideBySide: pictures of histories beside each other.
func TestSideBySide(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name      string
		histories []history.History
		want      string
	}{
		{"nobody", nil, "history of \n"},
		{"nothing happened", []history.History{of("one")}, "history of table/one\n"},
		{"one", []history.History{of("one", get(1, 0, 2), get(3, 5*ms, 0))}, `history of table/one
  +0s          a get k1 -> v2                                     #1
  +5ms         a get k1 -> none                                   #3
`},
		{"two that agree", []history.History{of("one", get(1, 0, 2)), of("two", get(1, 0, 2))}, `history of table/one, table/two
  +0s          a get k1 -> v2                                     #1
`},
		{"two that differ in the middle", []history.History{
			of("one", get(1, 0, 2), get(2, ms, 2), get(3, 2*ms, 4)),
			of("three", get(1, 0, 2), get(2, ms, 3), get(3, 2*ms, 4)),
		}, `history of table/one, table/three
  +0s          a get k1 -> v2                                     #1
! table/one    +1ms         a get k1 -> v2                                     #2
! table/three  +1ms         a get k1 -> v3                                     #2
  +2ms         a get k1 -> v4                                     #3
`},
		{"one that ends early", []history.History{
			of("one", get(1, 0, 2), get(2, ms, 2), get(2, 2*ms, 2)),
			of("two", get(1, 0, 2)),
		}, `history of table/one, table/two
  +0s          a get k1 -> v2                                     #1
! table/one  +1ms         a get k1 -> v2                                     #2
! table/one  +2ms         a get k1 -> v2                                     #2
! table/two  nothing
`},
		{"three, the last alone", []history.History{
			of("one", get(1, 0, 2)), of("two", get(1, 0, 2)), of("six", get(1, 0, 9)),
		}, `history of table/one, table/two, table/six
! table/one  +0s          a get k1 -> v2                                     #1
! table/two  +0s          a get k1 -> v2                                     #1
! table/six  +0s          a get k1 -> v9                                     #1
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := SideBySide(c.histories); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
