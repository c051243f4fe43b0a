package code_test

import (
	"fmt"

	"batchlab/sim/code"
	"batchlab/sim/kind"
)

// Two calls that run together are two goroutines.
func Example() {
	calls := []string{"q.Push(1)", "q.Pop()", "q.Pop()"}
	text, err := (&code.Test{
		Package: "queue", Name: "TestTwoPops", Comment: []string{"TestTwoPops takes one item twice."},
		Setup: []string{"q := New()"},
		Ops:   []kind.Op{{Lane: 'a'}, {Lane: 'a'}, {Lane: 'b', And: true}},
		Call:  func(i int) string { return calls[i] },
	}).Source()
	fmt.Printf("%s%v", text, err)
	// Output:
	// package queue
	//
	// import (
	// 	"sync"
	// 	"testing"
	// )
	//
	// // TestTwoPops takes one item twice.
	// func TestTwoPops(t *testing.T) {
	// 	q := New()
	// 	var wg sync.WaitGroup
	// 	q.Push(1)
	//
	// 	wg.Go(func() { // a
	// 		q.Pop()
	// 	})
	// 	wg.Go(func() { // b
	// 		q.Pop()
	// 	})
	// 	wg.Wait()
	// }
	// <nil>
}
