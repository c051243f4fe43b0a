package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"batchlab/sim/fleet"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "batchlab: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
		os.Exit(2)
	}
}

// run is main: serve, work or submit, with flags.
func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("want serve, work or submit: batchlab starts this program")
	}
	f := flag.NewFlagSet(args[0], flag.ContinueOnError)
	id := fleet.Identity{Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Protocol: fleet.Protocol}
	f.StringVar(&id.Source, "source", "", "digest of the source")
	var d dialing
	var s serving
	var w working
	switch args[0] {
	case "serve":
		s.flags(f)
	case "work":
		d.flags(f)
		w.flags(f)
	case "submit":
		d.flags(f)
	default:
		return fmt.Errorf("%q is unknown, want serve, work or submit", args[0])
	}
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "serve":
		return serve(ctx, s, os.Stderr)
	case "work":
		return work(ctx, d, w, id, os.Stderr)
	}
	return submit(ctx, d, id, os.Stdin, os.Stdout)
}
