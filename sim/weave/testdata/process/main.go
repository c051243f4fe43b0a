// Command process prints what differs from process to process. Woven and run under a
// scheduler it must print the same each time.
package main

import "fmt"

// rows are what a process draws anew, by name.
var rows = []struct {
	name string
	run  func()
}{
	{"seeds", seeds},
	{"what the runtime draws", links},
	{"a hash of its own seed", ownSeed},
	{"hashes of pointers", comparables},
	{"hashed before main", early},
	{"math/rand", random},
	{"math/rand/v2", randomV2},
	{"crypto/rand", randomCrypto},
	{"two goroutines draw", drawBoth},
	{"keys: pointers", pointerKeys},
	{"keys: channels", channelKeys},
	{"keys: interfaces", interfaceKeys},
	{"keys: structs", structKeys},
	{"keys: of a type parameter", genericKeys},
	{"keys: no numbers", nanKeys},
	{"keys: handles", handleKeys},
	{"keys: put in by two", keysOfTwo},
	{"keys: written down", literalKeys},
	{"package maps", mapsPackage},
	{"sync.Map", syncMap},
	{"text: addresses", addresses},
	{"text: inside of values", inside},
	{"text: errors", texts},
	{"process", process},
	{"stack", stack},
	{"weak pointers", weakPointers},
}

// run runs a row; a test puts a scheduler here.
var run = func(row func()) { row() }

func main() {
	for _, r := range rows {
		fmt.Printf("--- %s\n", r.name)
		run(r.run)
	}
}
