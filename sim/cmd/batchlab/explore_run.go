package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

func runExplore(ctx context.Context, t *testing.T, f exploreFlags, seeds []string, out,
	errOut io.Writer) (*exploreTotals, error) {
	fmt.Fprintf(out, "exploration seed %d\n", f.seed)
	subjects, err := f.on.subjects()
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

// explorer explores programs in several processes.
type explorer struct {
	t        *testing.T
	f        exploreFlags
	binary   string
	subjects []kind.Subject
	out      io.Writer

	totals *exploreTotals
	known  map[string]string // law in kind/name: the seed that shows it
	failed error
	lab    *lab.Lab // of replays, when there was one
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
			runner := newWovenLab(e.t, e.binary, e.subjects)
			defer runner.Close()
			for j := range next {
				j.study, j.err = runner.Study(ctx, j.program, runner.Of(j.program.Kind), e.f.search(j.program, j.generated > 0))
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
	runner := newWovenLab(e.t, e.binary, e.subjects)
	defer runner.Close()
	for i, j := range jobs {
		select {
		case <-done[i]:
			e.report(ctx, runner, j)
			progress(i + 1)
		case <-ctx.Done():
		}
	}
	wg.Wait()
}

// report prints a program's lines and adds it to the totals.
func (e *explorer) report(ctx context.Context, runner *lab.Lab, j *studied) {
	if ctx.Err() != nil {
		return
	}
	if j.err != nil {
		e.failed = fmt.Errorf("%s: %w", j.name(), j.err)
		fmt.Fprintf(e.out, "CANNOT BE EXPLORED  %s\n", e.failed)
		return
	}
	if j.generated > 0 {
		e.excuse(ctx, runner, j)
	}
	broken := j.study.Broken()
	if e.f.raceOnly {
		broken = slices.DeleteFunc(broken, func(line string) bool { return !strings.Contains(line, string(kind.NoRace)) })
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
				e.promote(ctx, runner, j, x, f)
			}
		}
	}
}
