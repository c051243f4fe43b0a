package subject_test

import (
	"fmt"

	"batchlab/sim/subject"
)

// Events are spelled as in histories.
func ExampleEvent_String() {
	a1, a2 := subject.ItemID{Lane: 'a', N: 1}, subject.ItemID{Lane: 'a', N: 2}
	fmt.Println(subject.Event{Source: subject.Source{Lane: 'a'}, Verb: subject.Put, Outcome: subject.OK, Items: []subject.ItemID{a1, a2}})
	fmt.Println(subject.Event{Source: subject.HandlerSource([]subject.ItemID{a1}, false), Verb: subject.Begin, Items: []subject.ItemID{a1, a2}})
	fmt.Println(subject.Event{Source: subject.Source{Lane: 'b'}, Verb: subject.Get, Key: 7, Outcome: subject.No})
	// Output:
	// a put a1..a2 -> ok
	// handler [a1 a2] begins
	// b get k7 -> none
}
