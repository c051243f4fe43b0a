package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/mutated"
	"batchlab/sim"
	"batchlab/sim/subject"
	"batchlab/stress"
)

// commandEnv tells the tests' binary to be the command. The command ignores it.
const commandEnv = "BATCHLAB_BE_THE_COMMAND"

// everything is every subject that the command knows: the implementations, and the
// mutants, which only run where they are asked for by name.
func everything() []subject.Subject {
	list := impls.All()
	for _, m := range mutants.All() {
		list = append(list, m.Subject)
	}
	for _, r := range mutated.All() { // none, but in a binary built to hunt them
		list = append(list, r.Subjects...)
	}
	return append(list, mutants.Controls()...)
}

// workerCommand is what the command starts itself as to have a child.
func workerCommand(t *testing.T) *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Short:  "Run what a parent process asks for (internal)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			sim.Work(t, everything())
			return nil
		},
	}
}

// newLab returns a lab with the given subjects, whose workers are children of this
// process. One core each: a bubble's goroutines run one at a time anyway, and two
// workers are faster than two cores for one.
func newLab(t *testing.T, subjects []subject.Subject) *sim.Lab {
	return &sim.Lab{T: t, Subjects: subjects, Command: "make replay SEED=", Spawn: func() *exec.Cmd {
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
