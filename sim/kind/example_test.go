package kind_test

import (
	"fmt"
	"time"

	"batchlab/sim/kind"
)

// A gate, which lanes can pass while it is open: a kind in a few lines.
func Example() {
	gate := &kind.Kind{
		Name:     "gate",
		Settings: []kind.Setting{{Name: "width", Form: kind.Count, Min: 1, Max: 8, Draws: []int64{1, 2}}},
		Ops: []kind.Operation{
			kind.Time,
			{Name: "pass", Lane: true, Params: []kind.Param{{Name: "guest", Form: kind.Named, Letter: 'g', Max: 99}}},
			{Name: "close", Lane: true, Rare: true},
		},
		Laws: []kind.Law{{ID: "T1-closed", Text: "nobody passes a closed gate"}},
		End:  func(kind.Config, []kind.Op) []kind.Op { return []kind.Op{{Verb: 2, Lane: kind.LabLane}} },
	}
	fmt.Println(gate.Validate())

	pass, _ := gate.Op("pass")
	e := kind.Event{Step: 1, At: 10 * time.Millisecond, Source: kind.Source{Lane: 'a'}, Outcome: kind.Yes}
	gate.Label(kind.Op{Verb: pass, Lane: 'a', Args: kind.Args{7}}, &e)
	fmt.Println(gate.Text(e))

	gate.Ops[2].Name = "pass"
	fmt.Println(gate.Validate())
	// Output:
	// <nil>
	// a pass g7 -> true
	// kind "gate": two operations are called "pass": give one of them another name
}
