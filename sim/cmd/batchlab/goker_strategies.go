package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"batchlab/impls/hunt"
	"batchlab/sim/body"
	"batchlab/sim/sched"
)

// compareOnKernels prints in which schedule each strategy finds each kernel.
func compareOnKernels(ctx context.Context, b *testBinary, order body.Order, tests []string, f gokerFlags,
	out, errOut io.Writer) error {
	var tables []*kernelTable
	for _, order.Strategy = range f.strategies {
		t, err := b.kernels(ctx, order, tests, f.seeds, errOut)
		if err != nil {
			return err
		}
		tables = append(tables, t)
	}
	printCompared(out, f, tables)
	return nil
}

// printCompared prints a row for each kernel, with a column for each strategy.
func printCompared(out io.Writer, f gokerFlags, tables []*kernelTable) {
	row := func(name string, cell func(i int) string) {
		fmt.Fprintf(out, "%-16s", name)
		for i := range tables {
			fmt.Fprintf(out, " %12s", cell(i))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "kernels: schedules to the find, median/90th percentile of %d seeds of at most %d schedules each\n",
		f.seeds, f.schedules)
	row("", func(i int) string { return f.strategies[i] })
	all := make([][]int, len(tables))
	for _, name := range slices.Sorted(slices.Values(tables[0].names)) {
		row(name, func(i int) string {
			var at []int
			if k := tables[i].of[name]; k != nil {
				at = slices.Clone(k.at)
			}
			for j, n := range at {
				if n == 0 {
					at[j] = -1
				}
			}
			all[i] = append(all[i], at...)
			return hunt.Spread(at, f.schedules)
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
