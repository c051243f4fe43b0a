package view_test

import (
	"fmt"
	"time"

	"batchlab/sim"
	"batchlab/sim/subject"
	"batchlab/sim/view"
)

// What histories share stands once, what differs is marked.
func ExampleSideBySide() {
	lane := subject.Source{Lane: 'a'}
	set := subject.Event{Step: 1, Source: lane, Verb: subject.Set, Key: 1, Value: 1, Outcome: subject.Yes}
	hit := subject.Event{Step: 3, At: time.Second, Source: lane, Verb: subject.Get, Key: 1, Value: 1, Outcome: subject.Yes}
	miss := hit
	miss.Value, miss.Outcome = 0, subject.No
	fmt.Print(view.SideBySide([]sim.History{
		{Subject: "dedup/a", Events: []subject.Event{set, hit}},
		{Subject: "dedup/b", Events: []subject.Event{set, miss}},
	}))
	// Output:
	// history of dedup/a, dedup/b
	//   +0s          a set k1 v1 -> true                                #1
	// ! dedup/a  +1s          a get k1 -> v1                                     #3
	// ! dedup/b  +1s          a get k1 -> none                                   #3
}
