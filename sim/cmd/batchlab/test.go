package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"batchlab/sim/body"
	"batchlab/sim/weave"
)

// testFlags is what the test command can be told.
type testOptions struct {
	order body.Order
	race  bool
	weave []string
	found func(*body.Find) // is told of each find, if it is not nil
}

func testCommand() *cobra.Command {
	f := testOptions{order: body.Order{Seed: 1, Keep: true, Silence: 20 * time.Second}}
	cmd := &cobra.Command{
		Use:   "test [packages]",
		Short: "Run existing tests, unchanged, each under many schedules",
		Long: `Weave packages of the module here and their tests, and run each test that matches as a body
under many schedules of its goroutines and timers. A test is found wrong if on some schedule it
fails, panics, races (with --race), spins, waits for ever, or leaves a goroutine behind that waits
for ever, or a lock that nobody can unlock. What is found, up to five causes of each test, is shrunk
to few choices and kept in testdata/sim of the package; the next run begins with it. A process of its
own shows it first: what only comes after other schedules is said, and is no find. A line that
begins with time is of a test which takes for granted that others are done in time: it is wrong on a
slow machine only. testing/synctest is served; what waits in code that is not woven cannot be run.

Status 0: nothing was found. 1: something was. 2: something could not be run.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkStrategy(f.order.Strategy); err != nil {
				return err
			}
			if len(args) == 0 {
				args = []string{"."}
			}
			return runTests(cmd.Context(), f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.order.Run, "run", "", "only tests, and subtests behind slashes, that match")
	fl.BoolVar(&f.race, "race", false, "under the race detector, to which the scheduler's own hand-offs are invisible")
	fl.IntVar(&f.order.Schedules, "schedules", 0, "at most so many of each test at random; default 1,000")
	fl.IntVar(&f.order.Whole, "whole", 0, "at most so many in search of all; default 10,000, -1 none")
	fl.IntVar(&f.order.Preemptions, "preemptions", 2, "the bound of that search")
	fl.DurationVar(&f.order.Budget, "budget", 10*time.Second, "an upper bound for each test")
	fl.StringVar(&f.order.Strategy, "strategy", "", "of the schedules at random; default portfolio")
	fl.StringVar(&f.order.Replay, "replay", "", "the file of a find, which is replayed and nothing else")
	fl.StringSliceVar(&f.weave, "weave", nil, "weave these packages as well")
	seedFlag(cmd, &f.order.Seed, "of the schedules")
	return cmd
}

// runTests runs the tests of packages of the module here.
func runTests(ctx context.Context, f testOptions, patterns []string, out, errOut io.Writer) error {
	scratch, _, err := scratchHere(ctx)
	if err != nil {
		return err
	}
	if f.order.Replay != "" {
		if f.order.Replay, err = filepath.Abs(f.order.Replay); err != nil {
			return err
		}
	}
	undo, err := requireLab(ctx, scratch)
	if err != nil {
		return err
	}
	defer undo()
	list, err := exec.CommandContext(ctx, "go", append([]string{"list"}, patterns...)...).Output()
	if err != nil {
		return fmt.Errorf("go list %s: %s", strings.Join(patterns, " "), errorText(err))
	}
	weaves := func(plain bool) (weave.Build, error) {
		return weaveBodies(ctx, "", filepath.Join(scratch, "woven"), patterns, f.weave, nil, plain)
	}
	build, err := weaves(true)
	if err != nil {
		return err
	}
	bare := sync.OnceValues(func() (weave.Build, error) { return weaves(false) })
	printWoven(errOut, build)
	total := &testTotals{out: out, race: f.race, found: f.found}
	for _, pkg := range strings.Fields(string(list)) {
		if err := f.runPackage(ctx, build, bare, pkg, total); ctx.Err() != nil {
			return errors.New("interrupted")
		} else if err != nil {
			total.broken++
			fmt.Fprintf(out, "?    %s\n", oneLine(err))
		}
	}
	return total.end()
}

// weaveBodies weaves packages with their tests as bodies, in the module in a folder, with plain accesses or without.
func weaveBodies(ctx context.Context, dir, cache string, patterns, also []string, extra map[string][]byte, plain bool) (
	weave.Build, error) {
	opts := weave.Options{Dir: dir, Extra: extra, Tests: true, Bodies: true, Reach: true, Plain: plain, Also: also,
		Quiet: []string{clockPackage}}
	return weave.Prepare(ctx, cache, opts, patterns...)
}

// runPackage runs the tests of a package, with bare what is woven of it where plain accesses are in the way of the
// compiler.
func (f testOptions) runPackage(ctx context.Context, build weave.Build, bare func() (weave.Build, error), pkg string,
	total *testTotals) error {
	into, err := os.MkdirTemp("", "batchlab-test-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(into)
	b, err := buildTestBinary(ctx, build, pkg, "", into, f.race)
	if err != nil && ctx.Err() == nil {
		if build, err = bare(); err == nil {
			b, err = buildTestBinary(ctx, build, pkg, "", into, f.race)
		}
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(b.exe); err != nil {
		fmt.Fprintf(total.out, "none %s has no tests\n", pkg)
		return nil
	}
	tests, err := b.tests(ctx, f.order.Run)
	if err != nil {
		return err
	}
	return b.run(ctx, f.order, tests, func(o testOutcome) { total.add(pkg, o) })
}
