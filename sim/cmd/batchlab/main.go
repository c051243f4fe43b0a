// Command batchlab runs the lab: it replays seeds, looks for new ones, and judges
// what it finds. Run it without arguments for its subcommands.
//
// It refuses to guess: an unknown flag, subject or law is an error on one line and
// a status other than zero. Status 1 means that a subject was found wrong, 2 that
// the command could not do what it was asked.
//
// The Makefile has a target for each subcommand, and turns both statuses into its own 2. What
// is drawn is drawn from a fixed seed, which is printed; --seed 7 is another, and --seed random
// draws one.
//
// What fuzz finds (Go's native fuzzer, which looks for code that no input has reached yet) and
// what campaign finds (without such feedback) is shrunk, and becomes a seed in corpora/found.
// Stress takes real goroutines on the real clock. Explore builds this command with its
// subjects woven: the source that is benchmarked is the source that is woven, by -overlay, and
// nothing is edited. Weave shows what that does, as a diff. Mutants shows that what is broken on
// purpose is found; lab does nearly all of it, and writes the evidence without which bench
// refuses.
//
// The test suite does the same small: mutants, digests in other processes, at one and two
// cores and with -race, and the commands of README.md.
//
// How fast all that is, make bench-lab measures on one core: programs of 40 operations a second,
// each on model, baseline and optimized, with and without -race; the same programs on a mock
// outside of a bubble, beside them; virtual seconds a second; decisions and whole schedules a
// second, with and without -race; and how far and how fast each mutant's 400-operation program
// shrinks.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

// The statuses of the command.
const (
	statusFound = 1 // a law was broken, or an expectation did not hold
	statusError = 2 // bad input, bad flags, a lab that cannot run
)

// errFound ends a command that has already printed what it found.
var errFound = errors.New("found a violation")

// main runs everything as the one test of a test binary, for bubbles exist only in
// tests.
func main() {
	testing.Init()
	if err := flag.CommandLine.Parse(nil); err != nil {
		panic(err)
	}
	all := func(string, string) (bool, error) { return true, nil }
	testing.Main(all, []testing.InternalTest{{Name: "batchlab", F: func(t *testing.T) {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, t, os.Args[1:], os.Stdout, os.Stderr))
	}}}, nil, nil)
}

// run is main without its process: it returns the status.
func run(ctx context.Context, t *testing.T, args []string, stdout, stderr io.Writer) int {
	root := rootCommand(t)
	root.SetArgs(args)
	out := &checkedWriter{w: stdout}
	root.SetOut(out)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case out.err != nil: // a report that nobody can read is no success
		err = out.err
	case errors.Is(err, errFound):
		return statusFound
	case ctx.Err() != nil && !cmd.Hidden && (err == nil || !strings.Contains(err.Error(), "interrupted; ")):
		err = errors.New("interrupted")
	case err == nil:
		return 0
	}
	fmt.Fprintf(stderr, "batchlab: %s\n", oneLine(err))
	return statusError
}

// checkedWriter remembers that something could not be written, a full disk for
// example, so that no print has to look.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.err = cmp.Or(c.err, err)
	return n, err
}

// oneLine keeps an error on the single line that a person can act on.
func oneLine(err error) string {
	text := strings.TrimPrefix(strings.TrimSpace(err.Error()), "batchlab: ")
	return strings.NewReplacer("\n\n", "; ", "?\n\t", "? ", "\n", "; ").Replace(text)
}

func rootCommand(t *testing.T) *cobra.Command {
	root := &cobra.Command{
		Use:           "batchlab",
		Short:         "Tell whether an optimized concurrent Go component is still the same component",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(labCommand(t), replayCommand(t), campaignCommand(t), fuzzCommand(t), mutantsCommand(t),
		stressCommand(), exploreCommand(t), testCommand(), gokerCommand(), weaveCommand(), benchCommand(), reportCommand(),
		workerCommand(t), clusterCommand(), casesCommand(), codeCommand(), showCommand(t))
	return root
}
