package view_test

import (
	"fmt"
	"time"

	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/view"
)

// What histories share stands once, what differs is marked.
func ExampleSideBySide() {
	table := &kind.Kind{Name: "table", Ops: []kind.Operation{
		kind.Time,
		{Name: "set", Lane: true, Params: []kind.Param{{Form: kind.Named, Letter: 'k'}, {Form: kind.Named, Letter: 'v'}}},
		{Name: "has", Lane: true, Params: []kind.Param{{Form: kind.Named, Letter: 'k'}}},
	}}
	lane := kind.Source{Lane: 'a'}
	set := kind.Event{Step: 1, Source: lane, Verb: 1, Arg: 1, Val: 1, Outcome: kind.Yes}
	hit := kind.Event{Step: 3, At: time.Second, Source: lane, Verb: 2, Arg: 1, Outcome: kind.Yes}
	miss := hit
	miss.Outcome = kind.No
	fmt.Print(view.SideBySide([]history.History{
		{Kind: table, Subject: "table/a", Events: []kind.Event{set, hit}},
		{Kind: table, Subject: "table/b", Events: []kind.Event{set, miss}},
	}))
	// Output:
	// history of table/a, table/b
	//   +0s          a set k1 v1 -> true                                #1
	// ! table/a  +1s          a has k1 -> true                                   #3
	// ! table/b  +1s          a has k1 -> false                                  #3
}
