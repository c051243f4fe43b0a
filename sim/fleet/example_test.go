package fleet_test

import (
	"encoding/json"
	"fmt"
	"io"

	"batchlab/sim/fleet"
)

// Who serves reads an order a line, and answers in a line.
func ExampleServe() {
	in, asks := io.Pipe()
	answers, out := io.Pipe()
	served := make(chan error)
	go func() {
		served <- fleet.Serve(in, out, func(o fleet.Order) fleet.Answer {
			var list []int
			if err := json.Unmarshal(o.Work, &list); err != nil {
				return fleet.Answer{Err: err.Error()}
			}
			return fleet.Answer{Result: fmt.Append(nil, len(list))}
		})
	}()
	from := json.NewDecoder(answers)
	for _, line := range []string{`{"ID":1,"Work":[2,3,5]}`, `{"ID":2,"Work":"none"}`} {
		fmt.Fprintln(asks, line)
		var a fleet.Answer
		if err := from.Decode(&a); err != nil {
			fmt.Println(err)
		}
		fmt.Printf("%d: %s%s\n", a.ID, a.Result, a.Err)
	}
	asks.Close()
	fmt.Println(<-served)
	// Output:
	// 1: 3
	// 2: json: cannot unmarshal string into Go value of type []int
	// <nil>
}
