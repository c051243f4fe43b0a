package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/subject"
)

// exploreFlags is what the explore command can be told.
type exploreFlags struct {
	strategy  string
	schedules int
	seed      uint64
	race      bool
	on        []string
	programs  int
	corpora   string
	workers   int
	test      string
	weave     []string
	raceOnly  bool // only what the race detector says counts: the rest was explored without it
}

func exploreCommand(t *testing.T) *cobra.Command {
	var f exploreFlags
	cmd := &cobra.Command{
		Use:   "explore [SEED...]",
		Short: "Run programs under every schedule, or many, and compare what may be observed",
		Long: `Build this command with its subjects woven, so that each scheduling point asks who goes
on, and run programs whose operations run together under many schedules. Each run is
judged, and what may be observed of an implementation is compared with what may be
observed of the baseline.

Without arguments: every seed below the corpora that needs a schedule, under its own or
under all schedules of at most two preemptions, and generated programs under a portfolio of
random strategies. With seeds, those only. A find is shrunk, with its schedule, and written to found/ below the
corpora.

Status 0: all is as expected. 1: something is not. 2: it could not be done.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.validate(); err != nil {
				return err
			}
			if err := checkTestFlags(cmd, args); err != nil {
				return err
			}
			if f.test != "" {
				return exploreTest(cmd.Context(), f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			_, err := runExplore(cmd.Context(), t, f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
			return err
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.strategy, "strategy", "", "one of "+strings.Join(sched.Names, ", ")+"; default: dfs2 for seeds, portfolio for generated programs")
	fl.IntVar(&f.schedules, "schedules", 0, "at most so many of each program and subject; 0: all for dfs, 1,000 otherwise, 100 of generated programs")
	seedFlag(cmd, &f.seed, "of programs and strategies")
	fl.BoolVar(&f.race, "race", false, "under the race detector, to which the scheduler's own hand-offs are invisible")
	fl.StringSliceVar(&f.on, "on", nil, "only these subjects, as kind/name; mutants too")
	fl.IntVar(&f.programs, "programs", 60, "generated programs per kind")
	fl.StringVar(&f.corpora, "corpora", "corpora", "where the seeds are and finds are written")
	fl.StringVar(&f.test, "test", "", "instead: run the tests of this package of the module here, woven; what follows -- goes to go test")
	fl.StringSliceVar(&f.weave, "weave", nil, "with --test: weave these packages as well, of this module or of the module cache")
	fl.IntVar(&f.workers, "workers", runtime.NumCPU(), "child processes")
	return cmd
}

func (f *exploreFlags) validate() error {
	const most = 100_000_000
	switch {
	case f.strategy != "" && !slices.Contains(sched.Names, f.strategy):
		return fmt.Errorf("--strategy %q is unknown, want one of %s", f.strategy, strings.Join(sched.Names, ", "))
	case f.schedules < 0 || f.schedules > most:
		return fmt.Errorf("--schedules must be 0 to %d, got %d", most, f.schedules)
	case f.programs < 0 || f.programs > most:
		return fmt.Errorf("--programs must be 0 to %d, got %d", most, f.programs)
	case f.workers < 1 || f.workers > 256:
		return fmt.Errorf("--workers must be 1 to 256, got %d", f.workers)
	}
	return nil
}

// allSchedules bounds a search that is to be complete.
const allSchedules = 2_000_000

// search is how a seed is explored: one with a schedule follows it.
func (f *exploreFlags) search(p *program.Program, generated bool) sim.Search {
	s := sim.Search{Strategy: f.strategy, Seed: f.seed, Schedules: f.schedules}
	switch {
	case len(p.Schedule) > 0 && f.strategy == "":
		s.Strategy = sim.Replaying
	case s.Strategy == "" && generated:
		s.Strategy = "portfolio"
	case s.Strategy == "":
		s.Strategy = "dfs2"
	}
	if s.Schedules == 0 {
		switch {
		case strings.HasPrefix(s.Strategy, "dfs"):
			s.Schedules = allSchedules
		case generated:
			s.Schedules = 100
		}
	}
	return s
}

// studied is a program that was explored, or could not be.
type studied struct {
	file      string // of a seed
	generated int    // else which of the generated programs, from 1
	study     *sim.Study
	program   *program.Program
	err       error
}

func runExplore(ctx context.Context, t *testing.T, f exploreFlags, seeds []string, out, errOut io.Writer) (*exploreTotals, error) {
	fmt.Fprintf(out, "exploration seed %d\n", f.seed)
	subjects, err := (&campaignFlags{on: f.on}).subjects()
	if err != nil {
		return nil, err
	}
	jobs, err := f.jobs(newLab(t, everything()), seeds, subjects)
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	if len(seeds) == 0 {
		k, err := readKnown(f.corpora)
		if err != nil {
			return nil, err
		}
		known = k.Titles()
	}
	begun := time.Now()
	binary, err := wovenBuild{race: f.race}.binary(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, errors.New("interrupted")
	case err != nil:
		return nil, err
	}
	fmt.Fprintf(errOut, "explore: woven and built in %.1fs\n", time.Since(begun).Seconds())
	e := &explorer{t: t, f: f, binary: binary, subjects: subjects, out: out, known: known,
		totals: &exploreTotals{subjects: map[string]*subjectTotals{}, known: map[string]int{}}}
	bar := newProgress(errOut, "explore", len(jobs), 0)
	e.all(ctx, jobs, bar.set)
	bar.end()
	e.totals.print(out)
	switch {
	case ctx.Err() != nil:
		return e.totals, errors.New("interrupted")
	case e.failed != nil:
		return e.totals, e.failed
	case len(e.totals.broken) > 0:
		return e.totals, errFound
	}
	return e.totals, nil
}

// jobs lists the programs to explore, seeds first.
func (f *exploreFlags) jobs(lab *sim.Lab, seeds []string, subjects []subject.Subject) ([]*studied, error) {
	paths := seeds
	if len(paths) == 0 {
		paths = []string{f.corpora}
	}
	kinds := map[string]bool{}
	for _, s := range subjects {
		kinds[string(s.Kind)] = true
	}
	var jobs []*studied
	for _, path := range paths {
		files, err := sim.SeedFiles(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			p, err := sim.ReadSeed(file, lab.Names())
			if err != nil {
				return nil, err
			}
			if kinds[p.Kind] && (len(seeds) > 0 || p.NeedsSchedule()) {
				jobs = append(jobs, &studied{file: file, program: p})
			}
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s: no file named *%s is here", path, sim.SeedSuffix)
		}
	}
	if len(seeds) > 0 {
		return jobs, nil
	}
	for _, k := range program.Kinds {
		if !kinds[k] {
			continue
		}
		for i := range f.programs {
			jobs = append(jobs, &studied{generated: i + 1, program: program.GenerateConcurrent(rand.New(rand.NewPCG(f.seed, uint64(i))), k)})
		}
	}
	return jobs, nil
}

// explorer explores programs in several processes.
type explorer struct {
	t        *testing.T
	f        exploreFlags
	binary   string
	subjects []subject.Subject
	out      io.Writer

	totals *exploreTotals
	known  map[string]string // law in kind/name: the seed that shows it
	failed error
	lab    *sim.Lab // of replays, when there was one
}

// all explores the programs and reports on them in their order.
func (e *explorer) all(ctx context.Context, jobs []*studied, progress func(int)) {
	next, done := make(chan *studied), make([]chan struct{}, len(jobs))
	at := map[*studied]int{}
	for i, j := range jobs {
		done[i], at[j] = make(chan struct{}), i
	}
	var wg sync.WaitGroup
	for range min(e.f.workers, len(jobs)) {
		wg.Go(func() {
			lab := newWovenLab(e.t, e.binary, e.subjects)
			defer lab.Close()
			for j := range next {
				j.study, j.err = lab.Study(ctx, j.program, lab.Of(j.program.Kind), e.f.search(j.program, j.generated > 0))
				close(done[at[j]])
			}
		})
	}
	wg.Go(func() {
		defer close(next)
		for _, j := range jobs {
			select {
			case next <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	lab := newWovenLab(e.t, e.binary, e.subjects)
	defer lab.Close()
	for i, j := range jobs {
		select {
		case <-done[i]:
			e.report(ctx, lab, j)
			progress(i + 1)
		case <-ctx.Done():
		}
	}
	wg.Wait()
}

// report prints a program's lines and adds it to the totals.
func (e *explorer) report(ctx context.Context, lab *sim.Lab, j *studied) {
	if ctx.Err() != nil {
		return
	}
	if j.err != nil {
		e.failed = fmt.Errorf("%s: %w", j.name(), j.err)
		fmt.Fprintf(e.out, "CANNOT BE EXPLORED  %s\n", e.failed)
		return
	}
	if j.generated > 0 {
		e.expect(ctx, lab, j)
	}
	broken := j.study.Broken()
	if e.f.raceOnly {
		broken = slices.DeleteFunc(broken, func(line string) bool { return !strings.Contains(line, string(subject.NoRace)) })
	}
	e.totals.add(j, broken)
	if j.file != "" {
		verdict := "as expected"
		if len(broken) > 0 {
			verdict = "NOT AS EXPECTED"
		}
		fmt.Fprintf(e.out, "%-16s %s\n", verdict, j.file)
		for i, x := range j.study.Explorations {
			fmt.Fprintf(e.out, "    %-24s %s\n", x.Subject, explorationText(x, j.study, i))
		}
	}
	for _, line := range broken {
		fmt.Fprintf(e.out, "  %s: %s\n", j.name(), line)
	}
	for _, x := range j.study.Explorations {
		for _, f := range x.News(j.program) {
			if len(broken) > 0 {
				e.promote(ctx, lab, j, x, f)
			}
		}
	}
}

func (j *studied) name() string {
	if j.file != "" {
		return j.file
	}
	return fmt.Sprintf("generated program %d of %s", j.generated, j.program.Kind)
}
