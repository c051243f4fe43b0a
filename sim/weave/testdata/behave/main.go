// Command behave prints what every construct does. Woven, with no scheduler active, it
// must print the same. With an argument it panics where that says, for its trace.
package main

import (
	"fmt"
	"os"
)

// rows are the constructs, by name.
var rows = []struct {
	name string
	run  func()
}{
	{"send and receive", sendReceive},
	{"operands in order", operandsInOrder},
	{"close", closing},
	{"range over a channel", rangeChannel},
	{"loop variables", loopVariables},
	{"select: each case", selectCases},
	{"select: order of operands", selectOrder},
	{"select: jumps", selectJumps},
	{"select: values", selectValues},
	{"select: lines broken", selectLines},
	{"go: what is computed when", goComputes},
	{"go: forms", goForms},
	{"defer", defers},
	{"locks", locks},
	{"promoted", promoted},
	{"method values", methodValues},
	{"groups, once, cond", groups},
	{"atomics", atomics},
	{"pool and map", poolAndMap},
	{"maps", maps},
	{"generic", generic},
	{"clock", clock},
	{"context", contexts},
	{"shadows", shadows},
	{"loggers", loggers},
}

// run runs a row; a test puts a scheduler here.
var run = func(row func()) { row() }

func main() {
	if len(os.Args) > 1 {
		for _, p := range panics {
			if p.name == os.Args[1] {
				p.run()
			}
		}
		return
	}
	for _, r := range rows {
		fmt.Printf("--- %s\n", r.name)
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Println("panic:", r)
				}
			}()
			run(r.run)
		}()
	}
}

// say prints and gives its argument.
func say[T any](v T) T {
	fmt.Print(v, " ")
	return v
}

// full is a channel with values in it.
func full[T any](values ...T) chan T {
	ch := make(chan T, len(values)+10)
	for _, v := range values {
		ch <- v
	}
	return ch
}
