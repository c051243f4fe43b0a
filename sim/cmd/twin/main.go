// Command twin is the weaver as a process: it weaves a package, its tests and what they need,
// and builds the test binary of that.
//
// Package sim/twin builds and runs it, so that a test that needs the weaver does not come to
// depend on what that depends on. It answers with JSON: the packages that it has woven and
// their points. Behind -- are flags of the go command.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"batchlab/sim/weave"
)

func main() {
	var o weave.TestOrder
	flag.StringVar(&o.Package, "package", ".", "the package under test")
	flag.StringVar(&o.LDFlags, "ldflags", "", "-ldflags of the go command")
	flag.StringVar(&o.Before, "before", "", "a file that no source may be newer than")
	flag.StringVar(&o.Cache, "cache", "", "the folder for what is woven")
	flag.StringVar(&o.Out, "out", "", "the file to build")
	flag.Parse()
	o.Flags = flag.Args()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := weave.BuildTest(ctx, o)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(b)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
