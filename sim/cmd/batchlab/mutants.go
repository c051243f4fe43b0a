package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/impls/hunt"
	"batchlab/impls/mutants"
	"batchlab/sim/lab"
	"batchlab/sim/weave/mutate"
)

// mutantFlags is what the mutants command can be told.
type mutantFlags struct {
	sequential         hunt.Sequential
	repeats, schedules int
	only, mutant       string
	strategies         []string
	corpora            string
	cluster            clusterFlags
	learn, inTurn      bool
}

func mutantsCommand(t *testing.T) *cobra.Command {
	f := mutantFlags{sequential: sequential(nil)}
	cmd := &cobra.Command{
		Use:   "mutants",
		Short: "Show that the lab kills its mutants, and which law each breaks",
		Long: `Run a campaign on every mutant that sequential programs can reach until a program kills
it, and hunt those that need interleavings, written by hand or made from the source by
operators over its syntax tree, with the litmus programs under the portfolio: all
with few schedules, and who survives with many. So are the implementations themselves, with
few, which must not be killed. A
mutant that survives and that nobody has argued to be equivalent is a hole in the lab, and
so is a law that no killed mutant breaks: status 1.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains([]string{"", "sequential", "interleaving"}, f.only) {
				return fmt.Errorf("--only %q is unknown, want sequential or interleaving", f.only)
			}
			if err := knownStrategies(f.strategies); err != nil {
				return err
			}
			return f.cluster.with(cmd, t, runtime.NumCPU(), func(queue lab.Queue) error {
				return runMutants(cmd, queue, f)
			})
		},
	}
	fl := cmd.Flags()
	seedFlag(cmd, &f.sequential.Seed, "of the programs and schedules")
	intFlag(cmd, &f.sequential.Programs, "programs", 20_000, 1, manyPrograms,
		"how many programs a sequential mutant has to survive to count as surviving")
	opsFlag(cmd, &f.sequential.Ops)
	fl.BoolVar(&f.sequential.Shrink, "shrink", false,
		"shrink the program that kills a sequential mutant, and show how far and how fast")
	fl.StringVar(&f.only, "only", "", "sequential or interleaving mutants")
	intFlag(cmd, &f.repeats, "repeats", 5, 1, 1000, "hunts of an interleaving mutant with each strategy, for the table")
	intFlag(cmd, &f.schedules, "schedules", 24_000, 1, manyPrograms,
		"of a hunt; four times as many of who survives, and a sixteenth for the table")
	fl.StringSliceVar(&f.strategies, "strategies", hunt.Strategies, "of the table")
	fl.StringVar(&f.mutant, "mutant", "", "only interleaving mutants whose name holds this")
	fl.BoolVar(&f.learn, "learn", false, "find out which litmus program kills whom, and keep that in "+hunt.KillsFile)
	fl.BoolVar(&f.inTurn, "in-turn", false, "a column for hunts in which no programs come first")
	corporaFlag(cmd, &f.corpora)
	clusterFlag(cmd, &f.cluster)
	return cmd
}

func runMutants(cmd *cobra.Command, queue lab.Queue, f mutantFlags) error {
	f.sequential.Queue = queue
	holes, table := 0, bytes.Buffer{}
	out := io.MultiWriter(cmd.OutOrStdout(), &table)
	if f.only != "interleaving" {
		bar := newProgress(cmd.ErrOrStderr(), "mutants", "mutants", len(mutants.All()))
		shows(queue, bar)
		fates, err := f.sequential.All(cmd.Context(), bar.set)
		bar.end()
		if err != nil {
			return err
		}
		holes += f.sequential.Print(out, fates)
	}
	if f.only != "sequential" {
		root, err := moduleRoot(cmd.Context())
		if err != nil {
			return err
		}
		made, err := hunt.Made(root)
		if err != nil {
			return err
		}
		list := slices.DeleteFunc(slices.Concat(hunt.Controls(), hunt.Written(), made),
			func(p *hunt.Hunted) bool { return !strings.Contains(p.Name, f.mutant) })
		h, err := newHunter(queue, f.corpora)
		if err != nil {
			return err
		}
		if f.inTurn {
			f.strategies = append(f.strategies, hunt.InTurn)
		}
		h.Learn = f.learn
		h.Seed, h.Table, h.Repeats, h.Schedules = f.sequential.Seed, f.strategies, f.repeats, f.schedules
		bar := newProgress(cmd.ErrOrStderr(), "hunt", "mutants", len(list))
		shows(queue, bar)
		err = h.All(cmd.Context(), list, bar.set)
		bar.end()
		if err != nil && cmd.Context().Err() == nil {
			return err
		}
		holes += h.Print(out, list)
		if f.learn && f.mutant == "" && cmd.Context().Err() == nil {
			if err := os.WriteFile(filepath.Join(root, hunt.KillsFile), []byte(hunt.Kills(list)), 0o666); err != nil {
				return err
			}
		}
		if f.only == "" && f.mutant == "" && cmd.Context().Err() == nil {
			if err := keepMutants(root, table.Bytes()); err != nil {
				return err
			}
		}
	}
	if holes > 0 && cmd.Context().Err() == nil {
		return errFound
	}
	return nil
}

// sequential hunts mutants in the workers of a queue.
func sequential(queue lab.Queue) hunt.Sequential {
	return hunt.Sequential{Queue: queue, Seed: 1, Ops: 40}
}

// newHunter hunts mutants in woven binaries of this command, with the litmus programs.
func newHunter(queue lab.Queue, corpora string) (*hunt.Hunter, error) {
	litmus, err := readSeeds(filepath.Join(corpora, "litmus"))
	return &hunt.Hunter{
		Litmus: litmus,
		Table:  hunt.Strategies,
		Build: func(ctx context.Context, made []mutate.Mutant, race bool) (string, error) {
			return wovenBuild{race, made}.binary(ctx)
		},
		Queue: queue,
	}, err
}
