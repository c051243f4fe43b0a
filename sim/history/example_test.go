package history_test

import (
	"fmt"
	"time"

	"batchlab/sim/history"
	"batchlab/sim/kind"
)

// Two histories, as far as they agree.
func Example() {
	door := &kind.Kind{Name: "door", Ops: []kind.Operation{kind.Time, {Name: "knock", Lane: true}}}
	knock := kind.Event{Step: 1, Source: kind.Source{Lane: 'a'}, Verb: 1, Outcome: kind.OK}
	later := kind.Event{Step: 3, At: time.Second, Source: kind.Source{Lane: 'b'}, Verb: 1, Outcome: kind.OK}
	one := history.History{Kind: door, Subject: "door/one", Events: []kind.Event{knock, later}}

	later.Outcome = kind.Waits
	two := history.History{Kind: door, Subject: "door/two", Events: []kind.Event{knock, later}}

	n := history.Agree(one, two)
	fmt.Println(one.Line(n))
	fmt.Println(two.Line(n))
	fmt.Println(one.Digest() == two.Digest(), one.Until(2).Digest() == two.Until(2).Digest())
	// Output:
	// +1s          b knock -> ok                                      #3
	// +1s          b knock -> waits                                   #3
	// false true
}
