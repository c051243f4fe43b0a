// Package fleet is what two processes say to each other of which one has units of work, and the other does them or
// passes them on: a line of JSON each way, an Order and an Answer. A process that starts the other asks with a Caller;
// the other Serves.
//
//	c, err := fleet.Start(exec.Command(program, "worker", "units"), nil)
//	answer, err := c.Do(ctx, fleet.Order{Name: "the first", Work: []byte(`{"Sum":[1,2]}`)})
//
// What the work is the package does not know, and it refuses to guess: who does not understand an order says so in its
// answer.
package fleet

import (
	"encoding/json"
	"fmt"
	"io"
)

// Protocol is raised when an Order or an Answer comes to mean something else.
const Protocol = 1

// Identity is what two machines must have in common if the one is to do the other's work.
type Identity struct {
	Source       string // its digest
	Go, Platform string
	Protocol     int
}

// Differs says what of an identity is not as wanted, or "".
func (a Identity) Differs(want Identity) string {
	for _, f := range []struct {
		what      string
		got, want any
	}{
		{"source", fmt.Sprintf("%.12s", a.Source), fmt.Sprintf("%.12s", want.Source)}, {"Go version", a.Go, want.Go},
		{"platform", a.Platform, want.Platform}, {"protocol", a.Protocol, want.Protocol},
	} {
		if f.got != f.want {
			return fmt.Sprintf("%s %v, want %v", f.what, f.got, f.want)
		}
	}
	return ""
}

// Order is a unit of work.
type Order struct {
	ID     int
	Name   string // by which a person would find it again
	Binary string `json:",omitempty"` // the file of the program that does it
	Work   json.RawMessage
}

// Answer is what came of an order. Without an ID it is news.
type Answer struct {
	ID      int             `json:",omitempty"`
	Result  json.RawMessage `json:",omitempty"`
	Seconds float64         `json:",omitempty"` // that it took
	Err     string          `json:",omitempty"` // why it cannot be done, by nobody
	GivenUp string          `json:",omitempty"` // why nobody has done it
	News    string          `json:",omitempty"` // for a person
	Fleet   *Fleet          `json:",omitempty"`
	Fatal   string          `json:",omitempty"` // why nothing more can be done
}

// Fleet is how those are who do the work.
type Fleet struct{ Workers, Running, Waiting int }

func (f Fleet) String() string {
	return fmt.Sprintf("%d workers do %d units, %d wait", f.Workers, f.Running, f.Waiting)
}

// Serve answers orders, one after another, until they end: then it returns, even if one is being done.
func Serve(in io.Reader, out io.Writer, do func(Order) Answer) error {
	orders, failed := make(chan Order), make(chan error, 2)
	go func() {
		to := json.NewEncoder(out)
		for o := range orders {
			a := do(o)
			a.ID = o.ID
			if err := to.Encode(a); err != nil {
				failed <- err
			}
		}
	}()
	go func() {
		from := json.NewDecoder(in)
		for {
			var o Order
			if err := from.Decode(&o); err != nil {
				failed <- err
				return
			}
			orders <- o
		}
	}()
	if err := <-failed; err != io.EOF {
		return err
	}
	return nil
}
