package main

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/stress"
	"batchlab/stress/bench"
)

// commandEnv tells the tests' binary to be the command. The command ignores it.
const commandEnv = "BATCHLAB_BE_THE_COMMAND"

// workerCommand serves a cluster. Below it is what the command starts itself as to have a child: of a lab, of a stress
// run, to take samples, to draw a find, or to do a cluster's units.
func workerCommand(t *testing.T) *cobra.Command {
	var f clusterFlags
	var w servingFlags
	cmd := &cobra.Command{
		Use:   "worker",
		Short: "Do units of work that a cluster has: see batchlab help cluster",
		Long: `Do what is asked for at a server, until interrupted. Whoever may publish there runs code
here: a unit comes with the binary that does it. It runs in a child process with limits on
time and memory, without this one's environment, and as this user.

A unit of another source, Go version or platform is refused, and the worker ends: status 2.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return w.serve(cmd.Context(), f) },
	}
	clusterFlag(cmd, &f)
	intFlag(cmd, &w.slots, "workers", runtime.NumCPU(), 1, 256, "units at a time")
	intFlag(cmd, &w.memory, "memory", 4096, 0, 1<<20, "of a unit, in MiB; 0: any")
	cmd.Flags().DurationVar(&w.limit, "time", 30*time.Minute, "of a unit")
	cmd.Flags().DurationVar(&w.grace, "grace", 30*time.Second, "after so long a silence a worker's unit is another's")
	for name, serve := range map[string]func(*cobra.Command) error{
		"lab": func(*cobra.Command) error { lab.Work(t, everything()); return nil },
		"stress": func(cmd *cobra.Command) error {
			return stress.Serve(cmd.Context(), os.Stdin, os.Stdout, impls.All())
		},
		"timeline": func(cmd *cobra.Command) error { return serveTimelines(cmd.Context(), os.Stdin, os.Stdout) },
		"reach":    func(cmd *cobra.Command) error { return serveReached(os.Stdin, os.Stdout) },
		"bench":    func(*cobra.Command) error { return bench.Serve(os.Stdin, os.Stdout, rows()) },
		"units":    func(*cobra.Command) error { return serveUnits(t, os.Stdin, os.Stdout) },
	} {
		cmd.AddCommand(&cobra.Command{Use: name, Hidden: true, Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd) }})
	}
	return cmd
}

// worker is a process of a program that does a worker's work; this one's if exe is "".
func worker(ctx context.Context, exe string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, cmp.Or(exe, os.Args[0]), args...)
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

// newPool returns the queue of this machine: labs whose workers are plain, or a woven binary.
func newPool(t *testing.T, workers int) *lab.Pool {
	return lab.NewPool(workers, func(binary string) *lab.Lab {
		if binary == "" {
			return newLab(t, everything())
		}
		return newWovenLab(t, binary, everything())
	})
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
