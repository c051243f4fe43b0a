// Peers is the benchmarks' worker with components of other people in it: the
// implementations of the registry, and beside them batchers and maps that one would
// otherwise take from the shelf.
//
// It is a module of its own, so that nobody who uses the lab inherits what its peers
// depend on. It measures what its standard input asks for: see bench.Serve.
//
// A peer keeps a contract as far as it can: the adapter adds what is cheap, and its
// comment says where the peer differs from the baseline all the same. Where there are
// several ways to use a peer, the adapter takes the fastest that its documentation
// allows.
package main

import (
	"fmt"
	"os"

	"batchlab/impls"
	"batchlab/stress/bench"
)

func main() {
	if err := bench.Serve(os.Stdin, os.Stdout, append(impls.All(), All()...)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
