package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// benchFlags is what the bench command can be told.
type benchFlags struct {
	scenarios, impls []string
	options          bench.Options
	evidence         string
	out, base        string
	peers            string // a worker that knows the peers
}

func benchCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure implementations side by side, if the evidence says that they are the same component",
		Long: "Bench refuses unless the evidence file, which `batchlab lab` writes, covers exactly this source. Rivals\n" +
			"take turns, sample by sample. What it prints is a median with its 95% interval and a verdict; the samples\n" +
			"themselves go to a file that benchstat reads. Less than 10 samples of each rival have no verdict.",
		Example: "  batchlab bench\n" +
			"  batchlab bench --scenario Batcher/put --impl direct --samples 20",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.resolve(); err != nil {
				return err
			}
			return runBench(cmd.Context(), f, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fl := cmd.Flags()
	fl.StringArrayVar(&f.scenarios, "scenario", nil,
		"a scenario, as in put, Batcher/put or Batcher/put/producers=2; may be repeated (default all)")
	fl.StringArrayVar(&f.impls, "impl", nil, "an implementation beside the baseline; may be repeated (default all)")
	fl.IntVar(&f.options.Samples, "samples", gate.MinSamples, "of each row")
	fl.DurationVar(&f.options.Time, "time", 50*time.Millisecond, "of a sample, at least")
	fl.DurationVar(&f.options.Limit, "limit", time.Minute, "after which a sample is given up")
	seedFlag(cmd, &f.options.Seed, "of the order in which rivals take turns")
	fl.StringVar(&f.options.Profile, "profile", "",
		"write CPU and heap profiles of each row into this directory, and list what is on top")
	fl.StringVar(&f.evidence, "evidence", ".batchlab/evidence.json", "where the evidence is kept")
	fl.StringVar(&f.out, "out", ".batchlab/bench.txt", "where the samples go")
	fl.StringVar(&f.base, "base", "", "compare with the samples in this file, of an earlier run on this machine")
	fl.StringVar(&f.peers, "peers", "", "measure peers too, with this program, which stress/bench/peers builds")
	return cmd
}

// resolve turns names into what they name.
func (f *benchFlags) resolve() (err error) {
	if f.options.Scenarios, err = bench.Select(f.scenarios); err != nil {
		return err
	}
	known := implNames()
	for _, name := range f.impls {
		if !slices.Contains(known, name) {
			return fmt.Errorf("unknown implementation %q, want one of %s", name, strings.Join(known, ", "))
		}
	}
	for _, s := range impls.All() {
		if len(f.impls) == 0 || s.Name == "baseline" || slices.Contains(f.impls, s.Name) {
			f.options.Subjects = append(f.options.Subjects, s)
		}
	}
	args := []string{"worker", "bench"}
	if f.peers != "" {
		args = nil
		if _, err := exec.LookPath(f.peers); err != nil {
			return fmt.Errorf("--peers: %w", err)
		}
		f.options.Subjects = append(f.options.Subjects, peerRows()...)
		f.options.Skip = cannotRun
	}
	f.options.WithLimits = true
	f.options.Worker = func(ctx context.Context) *exec.Cmd { return worker(ctx, f.peers, args...) }
	return f.options.Validate()
}

func implNames() []string {
	var names []string
	for _, s := range impls.All() {
		if !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// peerRows stand for the peers, whom only their own worker can make.
func peerRows() []spec.Subject {
	var rows []spec.Subject
	for _, k := range []struct {
		name string
		kind spec.Kind
	}{{"Batcher", spec.KindBatcher}, {"Map", spec.KindDedup}} {
		for _, peer := range gate.Peers[k.name] {
			rows = append(rows, spec.Subject{Name: peer, Kind: k.kind, Clockless: true, LawsOnly: true})
		}
	}
	return rows
}

// cannotRun says which rows a peer is left out of. A batch of go-resiliency leaves by the
// timer alone, which is an hour in one of these scenarios and a second in the other.
func cannotRun(sc bench.Scenario, s spec.Subject) bool {
	return s.Name == "go-resiliency" && (sc.Name == "put" || sc.Name == "worker")
}

// runBench measures, prints what may be said, and keeps the samples: those of a run that
// was not finished in a file of their own, so that they take nobody's place.
func runBench(ctx context.Context, f benchFlags, out, progress io.Writer) error {
	source, evidence, err := checkedEvidence(f.evidence, f.options.Subjects)
	if err != nil {
		return err
	}
	var earlier *bench.Table
	if f.base != "" {
		if earlier, err = bench.ReadFile(f.base); err != nil {
			return err
		}
		if err := earlier.OfThisMachine(); err != nil {
			return fmt.Errorf("%s: %w", f.base, err)
		}
	}
	if f.options.Profile != "" {
		if err := os.MkdirAll(f.options.Profile, 0o777); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "seed %d, source %.12s, %d samples a row, at least %v each, rivals in turns\n",
		f.options.Seed, source, f.options.Samples, f.options.Time)
	bar := newProgress(progress, "bench", "samples", 0)
	f.options.Progress = func(done, total int, _ string) { bar.of(done, total) }
	samples, failed := bench.Run(ctx, f.options)
	bar.end()
	samples.Describe(f.options)
	samples.Set("source", source)
	samples.Set("evidence", evidence.Digest)
	if len(failed) > 0 {
		return keepIncomplete(f.out, samples, errors.Join(failed...))
	}
	samples.Set("status", "complete")
	if err := gate.WriteSamples(f.out, samples); err != nil {
		return err
	}
	findings := gate.Judge(samples, evidence)
	if err := gate.WriteText(out, samples, findings); err != nil {
		return err
	}
	if f.options.Profile != "" {
		if err := bench.WriteTops(out, f.options.Profile, samples); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "\nsamples: %s\n", f.out)
	if earlier != nil && gate.WriteSince(out, f.base, earlier, samples) > 0 {
		return errFound
	}
	return nil
}

// keepIncomplete keeps the samples of a run that was not finished, if there are any.
func keepIncomplete(file string, t *bench.Table, failed error) error {
	if len(t.Rows) == 0 {
		return fmt.Errorf("no sample was taken: %w", failed)
	}
	t.Set("status", "incomplete: "+oneLine(failed))
	kept := strings.TrimSuffix(file, ".txt") + ".incomplete.txt"
	if err := gate.WriteSamples(kept, t); err != nil {
		return errors.Join(failed, err)
	}
	return fmt.Errorf("%w; %s holds what was measured before, and is incomplete", failed, kept)
}

// checkedEvidence reads the evidence, and refuses what does not cover this source and
// these subjects.
func checkedEvidence(file string, subjects []spec.Subject) (source string, e *gate.Evidence, err error) {
	if source, err = gate.SourceDigest("."); err != nil {
		return "", nil, fmt.Errorf("run it where go.mod is: %w", err)
	}
	e, err = gate.Read(file)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil, fmt.Errorf("no benchmark without evidence: there is no %s; make lab writes it", file)
	}
	if err != nil {
		return "", nil, fmt.Errorf("no benchmark without evidence: %w; make lab writes it anew", err)
	}
	if gaps := e.Gaps(source, subjects); len(gaps) > 0 {
		return "", nil, fmt.Errorf("no benchmark without evidence: %s does not do: %s; run make lab", file,
			strings.Join(gaps, ", "))
	}
	return source, e, nil
}
