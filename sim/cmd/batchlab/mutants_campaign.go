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

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

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
	law    kind.LawID // that was seen broken; "" if it survived
	after  int        // programs until then
	small  int        // operations after shrinking; 0 if not shrunk
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
	runner := newLab(t, impls.Lab(m.Subject))
	defer runner.Close()
	c, err := runner.Campaign(ctx, lab.CampaignOptions{Seed: o.seed, Programs: o.programs, Ops: o.ops, First: true})
	if err != nil {
		return f, fmt.Errorf("%s: %w", m.Name, err)
	}
	// A law that the specification breaks itself is no kill.
	var killer lab.Find
	for _, find := range c.Finds {
		if !find.Specified && (f.after == 0 || find.Index+1 < f.after) {
			f.law, f.after, killer = find.Violation.Law, find.Index+1, find
		}
	}
	if o.shrink && f.killed() {
		start := time.Now()
		small, _, err := runner.Shrink(ctx, killer.Program, runner.Subjects[0], f.law)
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
	fmt.Fprintf(out, "mutants, seed %d\n%-14s %-26s %-20s %-20s %s\n", o.seed, "kind", "mutant", "breaks", "killed by",
		"programs")
	broken := map[kind.LawID]bool{}
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
	for _, g := range spec.Guarantees() {
		if !broken[g.ID] && !g.Together {
			unshown = append(unshown, string(g.ID))
		}
	}
	holes += len(unshown)
	fmt.Fprintf(out, "%d killed of %d that sequential programs can reach; %d need interleavings\n", killed,
		len(fates)-waiting, waiting)
	if len(unshown) > 0 {
		fmt.Fprintf(out, "laws that no killed mutant breaks: %s\n", strings.Join(unshown, ", "))
	}
	return holes
}
