package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"batchlab/impls/hunt"
	"batchlab/sim/body"
	"batchlab/sim/sched"
)

// compareFlags is what commands can be told that compare strategies.
type compareFlags struct {
	strategies       []string
	schedules, seeds int
}

func (f *compareFlags) register(cmd *cobra.Command, schedules int, many, seeds string) {
	intFlag(cmd, &f.schedules, "schedules", schedules, 1, manyPrograms, many)
	intFlag(cmd, &f.seeds, "seeds", 10, 1, 1000, "seeds "+seeds)
	cmd.Flags().StringSliceVar(&f.strategies, "strategies", nil,
		"compare these: the schedules to the find, median and 90th percentile")
}

// compareOnKernels prints in which schedule each strategy finds each kernel.
func compareOnKernels(ctx context.Context, b *testBinary, order body.Order, tests []string, f compareFlags,
	out, errOut io.Writer) error {
	var tables []*kernelTable
	for _, order.Strategy = range f.strategies {
		t, err := b.kernels(ctx, order, tests, f.seeds, errOut)
		if err != nil {
			return err
		}
		tables = append(tables, t)
	}
	printCompared(out, "kernels", "each", f, tables)
	return nil
}

// compareOnCases prints the same of the cases. Of a type the schedules of all its programs count.
func compareOnCases(ctx context.Context, pattern string, f compareFlags, out, errOut io.Writer) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	dir, err := caseModule(ctx, root, nil)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var tables []*kernelTable
	for _, strategy := range f.strategies {
		t := &kernelTable{of: map[string]*kernel{}}
		for seed := range f.seeds {
			results, err := testCases(ctx, dir, "-run", cmp.Or(pattern, "."), "-short", ".", "-sim.budget=10m",
				fmt.Sprint("-sim.seed=", 1+seed), "-sim.strategy="+strategy, fmt.Sprint("-sim.schedules=", f.schedules))
			if err != nil {
				return err
			}
			for _, r := range results {
				t.addCase(r, f.schedules)
			}
			fmt.Fprintf(errOut, "%s: seed %d of %d\n", strategy, seed+1, f.seeds)
		}
		tables = append(tables, t)
	}
	printCompared(out, "cases", "of each program", f, tables)
	return nil
}

// addCase adds what came of a case with a seed: each program takes all its schedules but the one that finds it.
func (t *kernelTable) addCase(r caseResult, schedules int) {
	k := t.named(strings.TrimPrefix(r.name, "Test"))
	at, _ := strconv.Atoi(r.schedule)
	if program, _ := strconv.Atoi(r.program); program > 1 {
		at += (program - 1) * schedules
	}
	looked := 0
	if m := nothingIn.FindStringSubmatch(r.output); m != nil {
		looked, _ = strconv.Atoi(m[2])
	}
	k.most = max(k.most, looked, at)
	k.at = append(k.at, at)
}

// printCompared prints a row for each kernel or case, with a column for each strategy.
func printCompared(out io.Writer, what, each string, f compareFlags, tables []*kernelTable) {
	row := func(name string, cell func(i int) string) {
		fmt.Fprintf(out, "%-22s", name)
		for i := range tables {
			fmt.Fprintf(out, " %12s", cell(i))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "%s: schedules to the find, median/90th percentile of %d seeds of at most %d schedules %s\n",
		what, f.seeds, f.schedules, each)
	row("", func(i int) string { return f.strategies[i] })
	all := make([][]int, len(tables))
	for _, name := range slices.Sorted(slices.Values(tables[0].names)) {
		row(name, func(i int) string {
			k := tables[i].of[name]
			if k == nil {
				return hunt.Spread(nil, 0)
			}
			most, at := max(f.schedules, k.most), slices.Clone(k.at)
			for j := range at {
				if at[j] == 0 {
					at[j] = most + 1
				}
			}
			all[i] = append(all[i], at...)
			return hunt.Spread(at, most)
		})
	}
	row("geometric mean", func(i int) string { return hunt.Mean(all[i], f.schedules) })
}

// knownStrategies says which of the names is no strategy's.
func knownStrategies(names []string) error {
	for _, name := range names {
		if _, err := sched.New(name, 0); err != nil {
			return fmt.Errorf("--strategies: %w", err)
		}
	}
	return nil
}
