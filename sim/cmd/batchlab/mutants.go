package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/impls/mutants"
	"batchlab/sim"
	"batchlab/sim/subject"
)

func mutantsCommand(t *testing.T) *cobra.Command {
	var seed uint64
	var programs int
	cmd := &cobra.Command{
		Use:   "mutants",
		Short: "Show that the lab kills its mutants, and which law each breaks",
		Long: `Run a campaign on every mutant until a program kills it. A mutant that sequential
programs can reach and that survives is a hole in the lab, and so is a law that no
killed mutant breaks: status 1. Mutants that need interleavings are listed as such.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if programs < 1 {
				return fmt.Errorf("--programs must be at least 1, got %d", programs)
			}
			bar := newProgress(cmd.ErrOrStderr(), "mutants", len(mutants.All()), 0)
			fates, err := runMutants(cmd.Context(), t, seed, programs, bar.set)
			bar.end()
			if err != nil {
				return err
			}
			if holes := printFates(cmd.OutOrStdout(), seed, fates); holes > 0 {
				return errFound
			}
			if cmd.Context().Err() != nil {
				return errors.New("interrupted")
			}
			return nil
		},
	}
	cmd.Flags().Uint64Var(&seed, "seed", 1, "of the programs")
	cmd.Flags().IntVar(&programs, "programs", 20_000, "how many programs a mutant has to survive to count as surviving")
	return cmd
}

// fate is what became of a mutant.
type fate struct {
	mutant mutants.Mutant
	law    subject.Law // that was seen broken; "" if it survived
	after  int         // programs until then
}

func (f fate) killed() bool { return f.law != "" }

// named reports whether the mutant was killed for a law that it is said to break.
func (f fate) named() bool {
	return f.law == f.mutant.Law || slices.Contains(f.mutant.Also, f.law)
}

// runMutants runs a campaign on each mutant that sequential programs can reach.
func runMutants(ctx context.Context, t *testing.T, seed uint64, programs int, progress func(int)) ([]fate, error) {
	all := mutants.All()
	fates := make([]fate, len(all))
	var mu sync.Mutex
	var failed error
	done := 0
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Go(func() {
			for i := range next {
				f, err := runMutant(ctx, t, all[i], seed, programs)
				mu.Lock()
				fates[i] = f
				failed = errors.Join(failed, err)
				done++
				progress(done)
				mu.Unlock()
			}
		})
	}
	for i := range all {
		if ctx.Err() == nil {
			next <- i
		}
	}
	close(next)
	wg.Wait()
	return fates, failed
}

func runMutant(ctx context.Context, t *testing.T, m mutants.Mutant, seed uint64, programs int) (fate, error) {
	f := fate{mutant: m}
	if m.Reach != mutants.Sequential {
		return f, nil
	}
	lab := newLab(t, []subject.Subject{m.Subject})
	defer lab.Close()
	c, err := lab.Campaign(ctx, sim.CampaignOptions{Seed: seed, Programs: programs, First: true})
	if err != nil {
		return f, fmt.Errorf("%s: %w", m.Name, err)
	}
	// A law that the specification breaks itself is no kill.
	for _, find := range c.Finds {
		if !find.Specified && (f.after == 0 || find.Index+1 < f.after) {
			f.law, f.after = find.Violation.Law, find.Index+1
		}
	}
	return f, nil
}

// printFates prints a row per mutant and returns how many holes the lab has.
func printFates(out io.Writer, seed uint64, fates []fate) int {
	holes, killed, waiting := 0, 0, 0
	fmt.Fprintf(out, "mutants, seed %d\n%-14s %-26s %-20s %-20s %s\n", seed, "kind", "mutant", "breaks", "killed by", "programs")
	broken := map[subject.Law]bool{}
	for _, f := range fates {
		by, after := "SURVIVES", ""
		switch {
		case f.mutant.Reach != mutants.Sequential:
			by = "needs interleavings"
			waiting++
		case f.killed():
			killed++
			broken[f.mutant.Law] = true
			by, after = string(f.law), fmt.Sprint(f.after)
			if !f.named() {
				by += " (?)"
				holes++
			}
		default:
			holes++
		}
		fmt.Fprintf(out, "%-14s %-26s %-20s %-20s %s\n", f.mutant.Subject.Kind, f.mutant.Name, f.mutant.Law, by, after)
	}
	var unshown []string
	for _, g := range subject.Guarantees {
		if !broken[g.Law] {
			unshown = append(unshown, string(g.Law))
		}
	}
	holes += len(unshown)
	fmt.Fprintf(out, "%d killed of %d that sequential programs can reach; %d need interleavings\n", killed, len(fates)-waiting, waiting)
	if len(unshown) > 0 {
		fmt.Fprintf(out, "laws that no killed mutant breaks: %s\n", strings.Join(unshown, ", "))
	}
	return holes
}
