package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"batchlab/sim/lab"
	"batchlab/stress/gate"
)

// labFlags is what the lab command can be told.
type labFlags struct {
	campaign, fuzz                time.Duration
	items, explore, schedules     int
	raceBinary, corpora, evidence string
	seed                          uint64
	cluster                       clusterFlags
}

func labCommand(t *testing.T) *cobra.Command {
	var f labFlags
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "The main job: replay, campaign, explore, fuzz, stress, and one page that says what came of it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.campaign <= 0 || f.fuzz < time.Second || f.items < 1 {
				return fmt.Errorf("--campaign and --items must be positive and --fuzz at least 1s, got %v, %d and %v",
					f.campaign, f.items, f.fuzz)
			}
			units := func(do func(lab.Queue) error) error { return f.cluster.with(cmd, t, runtime.NumCPU(), do) }
			return runLab(cmd.Context(), t, units, f, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fl := cmd.Flags()
	fl.DurationVar(&f.campaign, "campaign", 30*time.Second, "how long to generate programs")
	fl.DurationVar(&f.fuzz, "fuzz", 5*time.Second, "how long to fuzz each target")
	intFlag(cmd, &f.explore, "explore", 30, 0, manyPrograms, "generated programs per kind whose schedules are explored")
	intFlag(cmd, &f.schedules, "schedules", 0, 0, manyPrograms,
		"of each explored program, at most; 0: all of at most two preemptions of seeds, 100 of generated ones")
	fl.IntVar(&f.items, "items", 100_000, "items through each stress cell")
	fl.StringVar(&f.raceBinary, "race-binary", "",
		"this command built with -race, for the stress stage; without it that stage runs without the race detector")
	corporaFlag(cmd, &f.corpora)
	fl.StringVar(&f.evidence, "evidence", ".batchlab/evidence.json", "where the evidence is kept")
	seedFlag(cmd, &f.seed, "of programs and strategies")
	clusterFlag(cmd, &f.cluster)
	return cmd
}

// labRun is a run of the lab: its stages, and the page that they fill.
type labRun struct {
	t        *testing.T
	f        labFlags
	lab      *lab.Lab
	units    func(do func(lab.Queue) error) error // of a stage; what is left of them is dropped
	out, err io.Writer
	known    map[string]string // law in kind/name: the seed that shows it
	evidence *gate.Evidence
	page     labPage
	met      lab.Met // by the campaign, and when schedules were explored
}

// runLab runs the stages one after another. A find does not stop the later ones; an
// error does. What was done is written as evidence in any case.
func runLab(ctx context.Context, t *testing.T, units func(func(lab.Queue) error) error, f labFlags,
	out, progress io.Writer) error {
	source, err := gate.SourceDigest(".")
	if err != nil {
		return fmt.Errorf("run it where go.mod is: %w", err)
	}
	known, err := readKnown(f.corpora)
	if err != nil {
		return err
	}
	l := &labRun{t: t, f: f, units: units, lab: newLab(t, implementations()), met: lab.Met{}, out: out, err: progress,
		known: known.Titles(), evidence: gate.New(source)}
	defer l.lab.Close()
	built := l.build(ctx)
	stages := []struct {
		name string
		run  func(context.Context) (gate.Record, error)
	}{
		{"replay", l.replay}, {"campaign", l.campaign}, {"explore", l.explore}, {"fuzz", l.fuzz}, {"stress", l.stress},
	}
	var failed error
	for i, s := range stages {
		fmt.Fprintf(progress, "lab: stage %d of %d, %s\n", i+1, len(stages), s.name)
		var r gate.Record
		if r, failed = s.run(ctx); failed == nil {
			failed = ctx.Err()
		}
		if failed != nil {
			failed = fmt.Errorf("%s: %w", s.name, failed)
			break
		}
		l.evidence.Add(r)
		<-built // the replay is one program after another; what comes after it takes all processors
	}
	<-built
	if failed == nil {
		failed = l.canary(ctx)
	}
	if err := l.evidence.Write(f.evidence); err != nil {
		return errors.Join(failed, err)
	}
	l.page.write(out, l)
	if err := l.draw(ctx); err == nil {
		fmt.Fprintf(out, "page: %s\n", labFile)
	} else if failed == nil {
		failed = err
	}
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted; the evidence holds the stages that were finished")
	case failed != nil:
		return failed
	case len(l.evidence.Missing()) > 0:
		return errFound
	}
	return nil
}

// build has what later stages need built beside the first, and returns a channel that is closed
// when that is done. What cannot be built is an error of the stage that needs it.
func (l *labRun) build(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, race := range []bool{false, true} {
			if !race || l.f.raceBinary != "" {
				_, _ = wovenBuild{race: race}.binary(ctx)
			}
		}
	}()
	return done
}

// recordOf is an empty record of a stage.
func recordOf(stage gate.Stage) gate.Record {
	return gate.Record{Stage: stage, Covered: map[string]int{}, Subjects: map[string]string{}}
}

// replay runs the corpora.
func (l *labRun) replay(ctx context.Context) (gate.Record, error) {
	r := recordOf(gate.Replay)
	seeds, err := readSeeds(l.f.corpora)
	if err != nil {
		return r, err
	}
	bar := newProgress(l.err, "replay", "seeds", len(seeds))
	defer bar.end()
	runs, explored := map[string]int{}, 0
	for i, s := range seeds {
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		if s.Program.NeedsSchedule() { // the explore stage runs it
			explored++
			continue
		}
		rep, err := l.lab.Check(s.Program, l.lab.Of(s.Program.Kind))
		if err != nil {
			return r, fmt.Errorf("%s: %w", s.File, err)
		}
		for _, v := range rep.Verdicts {
			runs[v.Subject]++
		}
		for _, line := range rep.Broken() {
			r.Found = append(r.Found, s.File+": "+line)
		}
		bar.set(i + 1)
	}
	r.Covered["seeds"] = len(seeds) - explored
	for s, n := range runs {
		r.Subjects[s] = fmt.Sprintf("as expected in %d seeds", n)
	}
	for title, file := range l.known {
		r.Known = append(r.Known, title+": "+file)
	}
	slices.Sort(r.Known)
	l.page.line("replay", "%d seeds in bubbles, %d not as expected; %d seeds need a schedule: see explore",
		len(seeds)-explored, len(r.Found), explored)
	return r, nil
}

// fuzz runs the native targets.
func (l *labRun) fuzz(ctx context.Context) (gate.Record, error) {
	r := recordOf(gate.Fuzz)
	f := fuzzFlags{time: l.f.fuzz, corpora: l.f.corpora}
	targets, err := f.targets()
	if err == nil {
		f.module, err = moduleRoot(ctx)
	}
	if err != nil {
		return r, err
	}
	total := 0
	for _, target := range targets {
		n, err := f.run(ctx, l.t, target, l.out, l.err)
		if errors.Is(err, errFound) {
			r.Found = append(r.Found, target.Name+" failed")
		} else if err != nil {
			return r, err
		}
		total += n
		r.Covered[target.Name+" inputs"] = n
		for _, s := range l.lab.Of(target.Kind) {
			r.Subjects[s.Title()] = fmt.Sprintf("no violation in %d fuzz inputs", n)
			if err != nil {
				r.Subjects[s.Title()] = "fuzzing found a violation"
			}
		}
	}
	l.page.line("fuzz", "%d targets, %d inputs, %d targets failed", len(targets), total, len(r.Found))
	return r, nil
}

// labPage is what the lab prints at the end.
type labPage struct{ lines []string }

func (p *labPage) line(what, format string, args ...any) {
	p.lines = append(p.lines, fmt.Sprintf("%-10s %s", what, fmt.Sprintf(format, args...)))
}

func (p *labPage) write(out io.Writer, l *labRun) {
	fmt.Fprintf(out, "\nbatchlab: source %.12s, %s, %s/%s\n\n", l.evidence.Source, l.evidence.Go, runtime.GOOS,
		runtime.GOARCH)
	for _, line := range p.lines {
		fmt.Fprintln(out, line)
	}
	fmt.Fprintln(out)
	for _, s := range l.lab.Subjects {
		var parts []string
		for _, r := range l.evidence.Records {
			if text := r.Subjects[s.Title()]; text != "" {
				parts = append(parts, text)
			}
		}
		fmt.Fprintf(out, "%-24s %s\n", s.Title(), strings.Join(parts, "; "))
	}
	fmt.Fprintln(out, "\nKnown violations, and how to see them:")
	for _, t := range slices.Sorted(maps.Keys(l.known)) {
		fmt.Fprintf(out, "  %-44s make replay SEED=%s\n", t, l.known[t])
	}
	for _, r := range l.evidence.Records {
		for _, f := range r.Found {
			fmt.Fprintf(out, "NEW: %s: %s\n", r.Stage, f)
		}
	}
	if _, err := os.Stat(l.f.evidence); err == nil {
		fmt.Fprintf(out, "\nevidence: %s\n", l.f.evidence)
	}
}
