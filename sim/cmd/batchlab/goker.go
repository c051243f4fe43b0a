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
	only             string
	schedules, seeds int
	show             bool
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
			env, err := goEnv(cmd.Context(), "GOROOT")
			if err != nil {
				return err
			}
			from := filepath.Join(env[0], "src/runtime/testdata/testgoroutineleakprofile/goker")
			return runGoker(cmd.Context(), from, f, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&f.only, "run", "", "only kernels that match")
	intFlag(cmd, &f.schedules, "schedules", 2000, 1, manyPrograms, "at most so many with each seed")
	intFlag(cmd, &f.seeds, "seeds", 10, 1, 1000, "seeds that each is tried with")
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
	t := &kernelTable{out: out, of: map[string]*kernel{}}
	for seed := range f.seeds {
		order.Seed = uint64(1 + seed)
		if err := b.run(ctx, order, tests, t.add); err != nil {
			return err
		}
		fmt.Fprintf(errOut, "seed %d of %d\n", seed+1, f.seeds)
	}
	return t.print(f.seeds)
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
	build, err := weaveBodies(ctx, dir, filepath.Join(dir, "woven"), []string{"."}, nil, extra)
	if err != nil {
		return nil, err
	}
	return buildTestBinary(ctx, build, ".", dir, dir, false)
}

// kernel is what came of a kernel with each seed.
type kernel struct {
	laws    []string
	at      []int // in which schedule it was found
	seconds float64
	missed  int
	why     string // it could not be run
}

// kernelTable prints a row for each kernel.
type kernelTable struct {
	out   io.Writer
	names []string
	of    map[string]*kernel
}

func (t *kernelTable) add(o testOutcome) {
	name := strings.TrimPrefix(o.Name, "Test")
	k := t.of[name]
	if k == nil {
		k = &kernel{}
		t.of[name] = k
		t.names = append(t.names, name)
	}
	k.seconds += o.Seconds
	switch {
	case o.died != "" || o.Cannot != "":
		k.why = cmp.Or(o.died, o.Cannot)
		k.missed++
	case o.Find == nil:
		k.missed++
	default:
		k.at = append(k.at, o.Find.At)
		if law := string(o.Find.Law); !slices.Contains(k.laws, law) {
			k.laws = append(k.laws, law)
		}
	}
}

// print prints the table, the longest searches last.
func (t *kernelTable) print(seeds int) error {
	if len(t.names) == 0 {
		return errors.New("no kernel matches")
	}
	slices.Sort(t.names)
	fmt.Fprintf(t.out, "| %-16s | %-24s | %16s | %9s |\n|%s|%s|%s:|%s:|\n", "kernel", "verdict", "schedules", "seconds",
		strings.Repeat("-", 18), strings.Repeat("-", 26), strings.Repeat("-", 17), strings.Repeat("-", 10))
	found, seconds := 0, 0.0
	var medians []int
	for _, name := range t.names {
		k := t.of[name]
		slices.Sort(k.at)
		verdict, at := strings.Join(k.laws, ", "), "-"
		if n := len(k.at); n > 0 {
			found++
			medians = append(medians, k.at[n/2])
			at = fmt.Sprint(k.at[n/2])
		}
		if k.missed > 0 {
			verdict = strings.TrimPrefix(fmt.Sprintf("%s, missed by %d", verdict, k.missed), ", ")
		}
		if k.why != "" {
			verdict = k.why
		}
		seconds += k.seconds
		fmt.Fprintf(t.out, "| %-16s | %-24s | %16s | %9.3f |\n", name, verdict, at, k.seconds/float64(seeds))
	}
	slices.Sort(medians)
	median := 0
	if len(medians) > 0 {
		median = medians[len(medians)/2]
	}
	fmt.Fprintf(t.out, "\nfound %d of %d, median schedules to find %d, %.1f seconds a seed\n", found, len(t.names), median,
		seconds/float64(seeds))
	if found < len(t.names) {
		return errFound
	}
	return nil
}
