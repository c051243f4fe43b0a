package hunt

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// Sequential says how mutants are hunted that programs reach whose operations follow one another.
type Sequential struct {
	Queue    lab.Queue
	Seed     uint64
	Programs int
	Ops      int
	Shrink   bool
}

// Fate is what became of a mutant.
type Fate struct {
	After int // programs until it was killed
	Small int // operations after shrinking; 0 if not shrunk

	mutant mutants.Mutant
	law    kind.LawID // that was seen broken; "" if it survived
	took   time.Duration
}

// Killed reports whether the mutant was seen to break a law.
func (f Fate) Killed() bool { return f.law != "" }

// named reports whether the mutant was killed for a law that it is said to break.
func (f Fate) named() bool {
	return f.law == f.mutant.Law || slices.Contains(f.mutant.Also, f.law)
}

// All runs a campaign on each mutant that sequential programs can reach.
func (o Sequential) All(ctx context.Context, progress func(int)) ([]*Fate, error) {
	var fates []*Fate
	for _, m := range mutants.All() {
		fates = append(fates, &Fate{mutant: m})
	}
	var done atomic.Int64
	return fates, lab.Each(ctx, o.Queue.Width(), slices.Values(fates), func(f *Fate) error {
		defer func() { progress(int(done.Add(1))) }()
		return o.hunt(ctx, f)
	})
}

// One runs a campaign on a mutant.
func (o Sequential) One(ctx context.Context, m mutants.Mutant) (*Fate, error) {
	f := &Fate{mutant: m}
	return f, o.hunt(ctx, f)
}

func (o Sequential) hunt(ctx context.Context, f *Fate) error {
	if f.mutant.Reach != mutants.Sequential {
		return nil
	}
	l := &lab.Lab{Subjects: impls.Lab(f.mutant.Subject), Queue: o.Queue}
	c, err := l.Campaign(ctx, lab.CampaignOptions{Seed: o.Seed, Programs: o.Programs, Ops: o.Ops, Workers: 1, First: true})
	if err != nil {
		return fmt.Errorf("%s: %w", f.mutant.Name, err)
	}
	// A law that the specification breaks itself is no kill.
	var killer lab.Find
	for _, find := range c.Finds {
		if !find.Specified && (f.After == 0 || find.Index+1 < f.After) {
			f.law, f.After, killer = find.Violation.Law, find.Index+1, find
		}
	}
	if o.Shrink && f.Killed() {
		start := time.Now()
		small, _, err := l.Shrunk(ctx, killer)
		if err != nil {
			return fmt.Errorf("%s: %w", f.mutant.Name, err)
		}
		f.Small, f.took = len(small.Ops), time.Since(start)
	}
	return nil
}

// Print prints a row per mutant and returns how many holes the lab has.
func (o Sequential) Print(out io.Writer, fates []*Fate) int {
	holes, killed, waiting := 0, 0, 0
	fmt.Fprintf(out, "mutants, seed %d\n%-14s %-26s %-20s %-20s %s\n", o.Seed, "kind", "mutant", "breaks", "killed by",
		"programs")
	broken := map[kind.LawID]bool{}
	for _, f := range fates {
		by, after := "SURVIVES", ""
		switch {
		case f.mutant.Reach != mutants.Sequential:
			by = "needs interleavings"
			waiting++
		case f.Killed():
			killed++
			broken[f.mutant.Law] = true
			by, after = string(f.law), fmt.Sprint(f.After)
			if f.Small > 0 {
				after = fmt.Sprintf("%-9s shrunk from %d operations to %d in %.1fs", after, o.Ops, f.Small, f.took.Seconds())
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
