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
	"time"

	"github.com/spf13/cobra"

	"batchlab/impls/mutants"
	"batchlab/sim"
	"batchlab/sim/subject"
)

func mutantsCommand(t *testing.T) *cobra.Command {
	var o mutantOptions
	cmd := &cobra.Command{
		Use:   "mutants",
		Short: "Show that the lab kills its mutants, and which law each breaks",
		Long: `Run a campaign on every mutant until a program kills it. A mutant that sequential
programs can reach and that survives is a hole in the lab, and so is a law that no
killed mutant breaks: status 1. Mutants that need interleavings are listed as such.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.programs < 1 || o.ops < 1 || o.ops > 1000 {
				return fmt.Errorf("--programs must be at least 1 and --ops 1 to 1000, got %d and %d", o.programs, o.ops)
			}
			bar := newProgress(cmd.ErrOrStderr(), "mutants", len(mutants.All()), 0)
			fates, err := runMutants(cmd.Context(), t, o, bar.set)
			bar.end()
			if err != nil {
				return err
			}
			if holes := printFates(cmd.OutOrStdout(), o, fates); holes > 0 {
				return errFound
			}
			if cmd.Context().Err() != nil {
				return errors.New("interrupted")
			}
			return nil
		},
	}
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "of the programs")
	cmd.Flags().IntVar(&o.programs, "programs", 20_000, "how many programs a mutant has to survive to count as surviving")
	cmd.Flags().IntVar(&o.ops, "ops", 40, "operations per program")
	cmd.Flags().BoolVar(&o.shrink, "shrink", false, "shrink the program that kills, and show how far and how fast")
	return cmd
}

// mutantOptions says how mutants are hunted.
type mutantOptions struct {
	seed     uint64
	programs int
	ops      int
	shrink   bool
}

// fate is what became of a mutant.
type fate struct {
	mutant mutants.Mutant
	law    subject.Law // that was seen broken; "" if it survived
	after  int         // programs until then
	small  int         // operations after shrinking; 0 if not shrunk
	took   time.Duration
}

func (f fate) killed() bool { return f.law != "" }

// named reports whether the mutant was killed for a law that it is said to break.
func (f fate) named() bool {
	return f.law == f.mutant.Law || slices.Contains(f.mutant.Also, f.law)
}

// runMutants runs a campaign on each mutant that sequential programs can reach.
func runMutants(ctx context.Context, t *testing.T, o mutantOptions, progress func(int)) ([]fate, error) {
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
				f, err := runMutant(ctx, t, all[i], o)
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

func runMutant(ctx context.Context, t *testing.T, m mutants.Mutant, o mutantOptions) (fate, error) {
	f := fate{mutant: m}
	if m.Reach != mutants.Sequential {
		return f, nil
	}
	lab := newLab(t, []subject.Subject{m.Subject})
	defer lab.Close()
	c, err := lab.Campaign(ctx, sim.CampaignOptions{Seed: o.seed, Programs: o.programs, Ops: o.ops, First: true})
	if err != nil {
		return f, fmt.Errorf("%s: %w", m.Name, err)
	}
	// A law that the specification breaks itself is no kill.
	var killer sim.Find
	for _, find := range c.Finds {
		if !find.Specified && (f.after == 0 || find.Index+1 < f.after) {
			f.law, f.after, killer = find.Violation.Law, find.Index+1, find
		}
	}
	if o.shrink && f.killed() {
		start := time.Now()
		small, _, err := lab.Shrink(ctx, killer.Program, m.Subject, f.law)
		if err != nil {
			return f, fmt.Errorf("%s: %w", m.Name, err)
		}
		f.small, f.took = len(small.Ops), time.Since(start)
	}
	return f, nil
}

// printFates prints a row per mutant and returns how many holes the lab has.
func printFates(out io.Writer, o mutantOptions, fates []fate) int {
	holes, killed, waiting := 0, 0, 0
	fmt.Fprintf(out, "mutants, seed %d\n%-14s %-26s %-20s %-20s %s\n", o.seed, "kind", "mutant", "breaks", "killed by", "programs")
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
			if f.small > 0 {
				after = fmt.Sprintf("%-9s shrunk from %d operations to %d in %.1fs", after, o.ops, f.small, f.took.Seconds())
			}
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
		if !broken[g.Law] && !g.Law.NeedsTogether() {
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
