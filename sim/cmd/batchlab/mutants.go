package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/impls/mutants"
)

func mutantsCommand(t *testing.T) *cobra.Command {
	var o mutantOptions
	h := huntOptions{}
	var only string
	cmd := &cobra.Command{
		Use:   "mutants",
		Short: "Show that the lab kills its mutants, and which law each breaks",
		Long: `Run a campaign on every mutant that sequential programs can reach until a program kills
it, and hunt those that need interleavings, written by hand or made from the source by
operators over its syntax tree, with the litmus programs under every random strategy: all
with few schedules, and who survives with many. So are the implementations themselves, with
few, which must not be killed. A
mutant that survives and that nobody has argued to be equivalent is a hole in the lab, and
so is a law that no killed mutant breaks: status 1.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkMutantFlags(o, h, only); err != nil {
				return err
			}
			h.seed = o.seed
			holes := 0
			if only != "interleaving" {
				n, err := sequentialMutants(cmd, t, o)
				if err != nil {
					return err
				}
				holes += n
			}
			if only != "sequential" {
				n, err := interleavingMutants(cmd, t, h)
				if err != nil {
					return err
				}
				holes += n
			}
			switch {
			case cmd.Context().Err() != nil:
				return errors.New("interrupted")
			case holes > 0:
				return errFound
			}
			return nil
		},
	}
	fl := cmd.Flags()
	seedFlag(cmd, &o.seed, "of the programs and schedules")
	fl.IntVar(&o.programs, "programs", 20_000,
		"how many programs a sequential mutant has to survive to count as surviving")
	fl.IntVar(&o.ops, "ops", 40, "operations per program")
	fl.BoolVar(&o.shrink, "shrink", false,
		"shrink the program that kills a sequential mutant, and show how far and how fast")
	fl.StringVar(&only, "only", "", "sequential or interleaving mutants")
	fl.IntVar(&h.repeats, "repeats", 5, "hunts of an interleaving mutant with each strategy, for the table")
	fl.IntVar(&h.schedules, "schedules", 6000,
		"of a hunt; four times as many of who survives, and a quarter of that for the table")
	fl.StringVar(&h.only, "mutant", "", "only interleaving mutants whose name holds this")
	fl.StringVar(&h.corpora, "corpora", "corpora", "where litmus/ is")
	return cmd
}

func checkMutantFlags(o mutantOptions, h huntOptions, only string) error {
	switch {
	case o.programs < 1 || o.ops < 1 || o.ops > 1000:
		return fmt.Errorf("--programs must be at least 1 and --ops 1 to 1000, got %d and %d", o.programs, o.ops)
	case h.repeats < 1 || h.repeats > 1000 || h.schedules < 1 || h.schedules > 100_000_000:
		return fmt.Errorf("--repeats must be 1 to 1000 and --schedules 1 to 100000000, got %d and %d", h.repeats,
			h.schedules)
	case !slices.Contains([]string{"", "sequential", "interleaving"}, only):
		return fmt.Errorf("--only %q is unknown, want sequential or interleaving", only)
	}
	return nil
}

func sequentialMutants(cmd *cobra.Command, t *testing.T, o mutantOptions) (int, error) {
	bar := newProgress(cmd.ErrOrStderr(), "mutants", "mutants", len(mutants.All()))
	fates, err := runMutants(cmd.Context(), t, o, bar.set)
	bar.end()
	if err != nil {
		return 0, err
	}
	return printFates(cmd.OutOrStdout(), o, fates), nil
}

func interleavingMutants(cmd *cobra.Command, t *testing.T, o huntOptions) (int, error) {
	ctx := cmd.Context()
	root, err := moduleRoot(ctx)
	if err != nil {
		return 0, err
	}
	list, err := madeMutants(root)
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(slices.Concat(controls(), writtenMutants(), list),
		func(p *hunted) bool { return !strings.Contains(p.name, o.only) })
	h, err := newHunter(ctx, t, o, list)
	if err != nil {
		return 0, err
	}
	bar := newProgress(cmd.ErrOrStderr(), "hunt", "mutants", len(list))
	err = h.all(ctx, list, bar.set)
	bar.end()
	if err != nil && ctx.Err() == nil {
		return 0, err
	}
	return printHunt(cmd.OutOrStdout(), o, list), nil
}
