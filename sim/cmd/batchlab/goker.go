package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"batchlab/sim/body"
)

// gokerFlags is what the goker command can be told.
type gokerFlags struct {
	compareFlags
	only string
	show bool
}

func gokerCommand() *cobra.Command {
	var f gokerFlags
	cmd := &cobra.Command{
		Use:   "goker",
		Short: "Run the blocking bugs that ship with Go as batchlab test would",
		Long: `The Go distribution has kernels of bugs of well-known projects in which goroutines wait for ever
(GoKer, of GoBench: Yuan et al., CGO 2021). Each is run as a body under schedules of several seeds, one
copy of it where the distribution runs many. They are read where they are, and copied nowhere.

Status 0: all were found with some seed. 1: not all. 2: they are not there.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := knownStrategies(f.strategies); err != nil {
				return err
			}
			env, err := goEnv(cmd.Context(), "GOROOT")
			if err != nil {
				return err
			}
			from := filepath.Join(env[0], "src/runtime/testdata/testgoroutineleakprofile/goker")
			return runGoker(cmd.Context(), from, f, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&f.only, "run", "", "only kernels that match")
	f.register(cmd, 2000, "at most so many with each seed", "that each is tried with")
	cmd.Flags().BoolVar(&f.show, "show", false, "print what is found of each with one seed, shrunk, instead")
	return cmd
}

// runGoker prints the table.
func runGoker(ctx context.Context, from string, f gokerFlags, out, errOut io.Writer) error {
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("%s is not there: this Go distribution has no kernels", from)
	}
	dir, err := os.MkdirTemp("", "batchlab-goker-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b, err := buildGoker(ctx, from, dir)
	if err != nil {
		return err
	}
	tests, err := b.tests(ctx, cmp.Or(f.only, "."))
	if err != nil {
		return err
	}
	order := body.Order{Seed: 1, Schedules: f.schedules, Whole: -1, Silence: 20 * time.Second}
	if f.show {
		total := &testTotals{out: out}
		return b.run(ctx, order, tests, func(o testOutcome) { total.add("goker", o) })
	}
	order.Rough = true
	if len(f.strategies) > 0 {
		return compareOnKernels(ctx, b, order, tests, f.compareFlags, out, errOut)
	}
	t, err := b.kernels(ctx, order, tests, f.seeds, errOut)
	if err != nil {
		return err
	}
	return t.print(out, f.seeds)
}

// kernels runs the tests with each seed.
func (t *testBinary) kernels(ctx context.Context, order body.Order, tests []string, seeds int,
	errOut io.Writer) (*kernelTable, error) {
	table := &kernelTable{of: map[string]*kernel{}}
	for seed := range seeds {
		order.Seed = uint64(1 + seed)
		if err := t.run(ctx, order, tests, table.add); err != nil {
			return nil, err
		}
		fmt.Fprintf(errOut, "seed %d of %d\n", seed+1, seeds)
	}
	return table, nil
}

// buildGoker makes a module of the kernels in a folder, in which no file of theirs lies, and
// builds its woven test binary.
func buildGoker(ctx context.Context, from, dir string) (*testBinary, error) {
	lab, err := labSource()
	if err != nil {
		return nil, err
	}
	extra, err := gokerFiles(from, dir)
	if err != nil {
		return nil, err
	}
	mod := fmt.Sprintf("module goker\n\ngo 1.26.0\n\nrequire batchlab v0.0.0\n\nrequire %s v1.3.5\n\n"+
		"replace batchlab => %s\n", clockPackage, lab)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o666); err != nil {
		return nil, err
	}
	sum, err := os.ReadFile(filepath.Join(lab, "go.sum"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o666)
	}
	if err != nil {
		return nil, err
	}
	build, err := weaveBodies(ctx, dir, filepath.Join(dir, "woven"), []string{"."}, nil, extra, true)
	if err != nil {
		return nil, err
	}
	return buildTestBinary(ctx, build, ".", dir, dir, false)
}

// kernel is what came of a kernel with each seed.
type kernel struct {
	laws    []string
	at      []int // with each seed: in which schedule it was found, 0 if it was not
	most    int   // so many schedules were taken in all, if more than were asked for
	seconds float64
	why     string // it could not be run
}

// kernelTable prints a row for each kernel.
type kernelTable struct {
	names []string
	of    map[string]*kernel
}

func (t *kernelTable) add(o testOutcome) {
	k := t.named(strings.TrimPrefix(o.Name, "Test"))
	k.seconds += o.Seconds
	k.at = append(k.at, 0)
	switch {
	case o.died != "" || o.Cannot != "":
		k.why = cmp.Or(o.died, o.Cannot)
	case o.Find != nil:
		k.at[len(k.at)-1] = o.Find.At
		if law := string(o.Find.Law); !slices.Contains(k.laws, law) {
			k.laws = append(k.laws, law)
		}
	}
}

func (t *kernelTable) named(name string) *kernel {
	k := t.of[name]
	if k == nil {
		k = &kernel{}
		t.of[name] = k
		t.names = append(t.names, name)
	}
	return k
}

// kernelRow is a line of the table.
type kernelRow struct {
	name, verdict string
	at            int // the median of the schedules to find it, 0 if no seed did
	seconds       float64
	seeds         string // the schedules of each
}

func (r kernelRow) String() string {
	return fmt.Sprintf("| %-16s | %-24s | %9d | %9.3f | %s |", r.name, r.verdict, r.at, r.seconds, r.seeds)
}

// row sums up what came of a kernel.
func (k *kernel) row(name string, seeds int) kernelRow {
	r := kernelRow{name: name, seconds: k.seconds / float64(seeds), seeds: strings.Trim(fmt.Sprint(k.at), "[]")}
	found := slices.DeleteFunc(slices.Sorted(slices.Values(k.at)), func(at int) bool { return at == 0 })
	if len(found) > 0 {
		r.at = found[len(found)/2]
	}
	if missed := len(k.at) - len(found); missed > 0 {
		k.laws = append(k.laws, fmt.Sprintf("missed by %d", missed))
	}
	r.verdict = cmp.Or(k.why, strings.Join(k.laws, ", "))
	return r
}

// print prints the table, and that of the projects.
func (t *kernelTable) print(out io.Writer, seeds int) error {
	if len(t.names) == 0 {
		return errors.New("no kernel matches")
	}
	slices.Sort(t.names)
	fmt.Fprintf(out, "| %-16s | %-24s | %9s | %9s | each seed |\n|%s|%s|%s:|%[7]s:|---|\n", "kernel", "verdict",
		"schedules", "seconds", strings.Repeat("-", 18), strings.Repeat("-", 26), strings.Repeat("-", 10))
	var rows []kernelRow
	for _, name := range t.names {
		rows = append(rows, t.of[name].row(name, seeds))
		fmt.Fprintln(out, rows[len(rows)-1])
	}
	fmt.Fprintf(out, "\n%s", projects(rows))
	if slices.ContainsFunc(rows, func(r kernelRow) bool { return r.at == 0 }) {
		return errFound
	}
	return nil
}

// projects is a table with a column for the kernels of each project, and one for all.
func projects(rows []kernelRow) string {
	project := func(r kernelRow) string { return strings.ToLower(strings.TrimRight(r.name, "0123456789")) }
	var names []string
	for _, r := range rows {
		if !slices.Contains(names, project(r)) {
			names = append(names, project(r))
		}
	}
	lines := []string{"| |", "|---|", "| found |", "| schedules: median |", "| at most |", "| seconds |"}
	for _, name := range append(names, "all") {
		all, seconds := 0, 0.0
		var at []int
		for _, r := range rows {
			if name != "all" && name != project(r) {
				continue
			}
			if all++; r.at > 0 {
				at = append(at, r.at)
			}
			seconds += r.seconds
		}
		median, most := 0, 0
		if slices.Sort(at); len(at) > 0 {
			median, most = at[len(at)/2], at[len(at)-1]
		}
		for i, cell := range []string{" " + name + " ", "---", fmt.Sprintf(" %d of %d ", len(at), all),
			fmt.Sprintf(" %d ", median), fmt.Sprintf(" %d ", most), fmt.Sprintf(" %.1f ", seconds)} {
			lines[i] += cell + "|"
		}
	}
	return strings.Join(lines, "\n") + "\n"
}
