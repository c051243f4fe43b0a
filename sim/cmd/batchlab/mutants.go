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
	h := huntOptions{}
	var only string
	cmd := &cobra.Command{
		Use:   "mutants",
		Short: "Show that the lab kills its mutants, and which law each breaks",
		Long: `Run a campaign on every mutant that sequential programs can reach until a program kills
it, and hunt those that need interleavings, written by hand or made from the source by
operators over its syntax tree, with the litmus programs under every random strategy. A
mutant that survives and that nobody has argued to be equivalent is a hole in the lab, and
so is a law that no killed mutant breaks: status 1.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case o.programs < 1 || o.ops < 1 || o.ops > 1000:
				return fmt.Errorf("--programs must be at least 1 and --ops 1 to 1000, got %d and %d", o.programs, o.ops)
			case h.repeats < 1 || h.repeats > 1000 || h.schedules < 1 || h.schedules > 100_000_000:
				return fmt.Errorf("--repeats must be 1 to 1000 and --schedules 1 to 100000000, got %d and %d", h.repeats, h.schedules)
			case !slices.Contains([]string{"", "sequential", "interleaving"}, only):
				return fmt.Errorf("--only %q is unknown, want sequential or interleaving", only)
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
	fl.IntVar(&o.programs, "programs", 20_000, "how many programs a sequential mutant has to survive to count as surviving")
	fl.IntVar(&o.ops, "ops", 40, "operations per program")
	fl.BoolVar(&o.shrink, "shrink", false, "shrink the program that kills a sequential mutant, and show how far and how fast")
	fl.StringVar(&only, "only", "", "sequential or interleaving mutants")
	fl.IntVar(&h.repeats, "repeats", 5, "hunts of an interleaving mutant with each strategy")
	fl.IntVar(&h.schedules, "schedules", 6000, "of each hunt, at most")
	fl.StringVar(&h.only, "mutant", "", "only interleaving mutants whose name holds this")
	fl.StringVar(&h.corpora, "corpora", "corpora", "where litmus/ is")
	return cmd
}

func sequentialMutants(cmd *cobra.Command, t *testing.T, o mutantOptions) (int, error) {
	bar := newProgress(cmd.ErrOrStderr(), "mutants", len(mutants.All()), 0)
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
	list, err := sourcePrey(root)
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(append(interleavingPrey(), list...), func(p *prey) bool { return !strings.Contains(p.name, o.only) })
	h, err := newHunter(ctx, t, o, list)
	if err != nil {
		return 0, err
	}
	bar := newProgress(cmd.ErrOrStderr(), "hunt", len(list), 0)
	err = h.all(ctx, list, bar.set)
	bar.end()
	if err != nil && ctx.Err() == nil {
		return 0, err
	}
	return printHunt(cmd.OutOrStdout(), o, list), nil
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
