package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"batchlab/sim/weave"
)

// exploreTest runs the tests of any module with its code woven, and with it what else is
// named, which may be in the module cache. The tests call sim.Test, which then explores.
func exploreTest(ctx context.Context, f exploreFlags, args []string, out, errOut io.Writer) error {
	patterns := append([]string{f.test}, f.weave...)
	build, err := weave.Prepare(ctx, filepath.Join(".batchlab", "woven"), weave.Options{Dir: ".", Quiet: []string{clockPackage}}, append(patterns, clockPackage)...)
	if err != nil {
		return err
	}
	for _, p := range build.Packages {
		for _, g := range p.Gaps {
			fmt.Fprintf(errOut, "not woven: %s\n", g)
		}
	}
	list := append([]string{"test", "-count=1", "-v", "-vet=off"}, build.Flags()...)
	list = append(list, "-ldflags", "-X batchlab/sim/weave/rt.Woven="+filepath.Base(build.Dir))
	if f.race {
		list = append(list, "-race")
	}
	cmd := exec.CommandContext(ctx, "go", append(append(list, f.test), args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdout, cmd.Stderr = out, errOut
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted")
	case errors.As(err, &exit):
		return errFound
	}
	return err
}
