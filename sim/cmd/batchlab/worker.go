package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/stress"
)

// commandEnv tells the tests' binary to be the command. The command ignores it.
const commandEnv = "BATCHLAB_BE_THE_COMMAND"

// workerCommand is what the command starts itself as to have a child.
func workerCommand(t *testing.T) *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Short:  "Run what a parent process asks for (internal)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			lab.Work(t, everything())
			return nil
		},
	}
}

// newLab returns a lab with the given subjects, whose workers are children of this
// process. One core each: a bubble's goroutines run one at a time anyway, and two
// workers are faster than two cores for one.
func newLab(t *testing.T, subjects []kind.Subject) *lab.Lab {
	return &lab.Lab{T: t, Subjects: subjects, Command: "make replay SEED=", Weave: buildWoven, Spawn: func() *exec.Cmd {
		cmd := exec.Command(os.Args[0], "worker")
		cmd.Env = append(os.Environ(), commandEnv+"=1")
		if os.Getenv("GOMAXPROCS") == "" { // whoever sets it wants to see that it makes no difference
			cmd.Env = append(cmd.Env, "GOMAXPROCS=1")
		}
		if !stress.RaceEnabled { // under -race fresh memory costs more than collecting it
			cmd.Env = append(cmd.Env, "GOGC=1600", "GOMEMLIMIT=512MiB")
		}
		return cmd
	}}
}
