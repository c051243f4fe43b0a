package derive_test

import (
	"fmt"
	"reflect"

	"batchlab/sim/derive"
)

// Stack is a type of somebody's own.
type Stack struct{ items []int }

func (s *Stack) Push(item int)    { s.items = append(s.items, item) }
func (s *Stack) Pop() (int, bool) { return 0, false }

// The operations of a type are its methods; a program is made of calls of them.
func Example() {
	d, err := derive.New(reflect.TypeFor[*Stack](), derive.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range d.Kind.Ops {
		if o.Lane {
			fmt.Println(o.Name)
		}
	}
	fmt.Print(d.Programs(7).Next())
	// Output:
	// Pop
	// Push
	// batchlab: 1
	// subject: derive_test.Stack
	// config:  epoch=0s
	// expect:  pass
	//
	// a Push 1
	// a Push 1
	// & b Pop
}

// What cannot be called is an error that says what helps.
func ExampleNew() {
	_, err := derive.New(reflect.TypeFor[struct{}](), derive.Options{})
	fmt.Println(err)
	// Output: struct {} has no method to call: give the constructors a type with exported methods, such as a pointer or an interface
}
