package main

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/stress"
	"batchlab/stress/bench"
)

// commandEnv tells the tests' binary to be the command. The command ignores it.
const commandEnv = "BATCHLAB_BE_THE_COMMAND"

// workerCommand is what the command starts itself as to have a child: of a lab, of a stress run, or to
// take samples.
func workerCommand(t *testing.T) *cobra.Command {
	return &cobra.Command{
		Use:       "worker",
		Short:     "Run what a parent process asks for (internal)",
		Hidden:    true,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"lab", "stress", "bench", "timeline"},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch args[0] {
			case "stress":
				return stress.Serve(cmd.Context(), os.Stdin, os.Stdout, impls.All())
			case "timeline":
				return serveTimelines(cmd.Context(), os.Stdin, os.Stdout)
			case "bench":
				return bench.Serve(os.Stdin, os.Stdout, rows())
			}
			lab.Work(t, everything())
			return nil
		},
	}
}

// worker is a process of a program that does a worker's work; this one's if exe is "".
func worker(ctx context.Context, exe string, args ...string) *exec.Cmd {
	if exe == "" {
		exe = os.Args[0]
	}
	cmd := exec.CommandContext(ctx, exe, args...)
	cmd.Env = append(os.Environ(), commandEnv+"=1")
	return cmd
}

// newLab returns a lab with the given subjects, whose workers are children of this
// process. One core each: a bubble's goroutines run one at a time anyway, and two
// workers are faster than two cores for one.
func newLab(t *testing.T, subjects []kind.Subject) *lab.Lab {
	return &lab.Lab{T: t, Subjects: subjects, Command: "make replay SEED=", Weave: buildWoven, Spawn: func() *exec.Cmd {
		return onOneCore(worker(context.Background(), "", "worker", "lab"), stress.RaceEnabled, "GOGC=1600")
	}}
}

// onOneCore has a lab's worker run on one core, unless somebody has said what it runs on and wants to
// see that it makes no difference, and collect garbage seldom; under the race detector fresh memory costs
// more than collecting it.
func onOneCore(cmd *exec.Cmd, race bool, gogc string) *exec.Cmd {
	if os.Getenv("GOMAXPROCS") == "" {
		cmd.Env = append(cmd.Env, "GOMAXPROCS=1")
	}
	if !race {
		cmd.Env = append(cmd.Env, gogc, "GOMEMLIMIT=512MiB")
	}
	return cmd
}
