package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

func runExplore(ctx context.Context, t *testing.T, queue lab.Queue, f exploreFlags, seeds []string, out,
	errOut io.Writer) (*exploreTotals, error) {
	fmt.Fprintf(out, "exploration seed %d\n", f.seed)
	subjects, err := f.on.subjects()
	if err != nil {
		return nil, err
	}
	jobs, err := f.jobs(seeds, subjects)
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
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(errOut, "explore: woven and built in %.1fs\n", time.Since(begun).Seconds())
	e := &explorer{t: t, f: f, queue: lab.On(queue, binary), binary: binary, subjects: subjects, out: out, known: known,
		totals: &exploreTotals{subjects: map[string]*subjectTotals{}, known: map[string]int{},
			met: lab.Met{}}}
	bar := newProgress(errOut, "explore", "programs", len(jobs))
	shows(queue, bar)
	e.all(ctx, jobs, bar.set)
	bar.end()
	e.totals.print(out)
	switch {
	case ctx.Err() != nil:
		return e.totals, ctx.Err()
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
	queue    lab.Queue
	binary   string
	subjects []kind.Subject
	out      io.Writer

	totals *exploreTotals
	known  map[string]string // law in kind/name: the seed that shows it
	failed error
	lab    *lab.Lab // of replays, when there was one
}

// all explores the programs and reports on them in their order. What is handed out is an
// exploration, and not a program: of the last one all its subjects would be one worker's.
func (e *explorer) all(ctx context.Context, jobs []*studied, progress func(int)) {
	runner := newWovenLab(e.t, e.binary, e.subjects)
	runner.Queue = e.queue
	for _, j := range jobs {
		j.done = make(chan struct{})
		j.study, j.err = lab.NewStudy(j.Program, runner.Of(j.Program.Kind), e.f.search(j.Program, j.generated > 0))
		if j.err != nil {
			close(j.done)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = lab.Each(ctx, e.queue.Width(), explorations(jobs), func(explore func(context.Context, lab.Queue)) error {
			explore(ctx, e.queue)
			return nil // what went wrong is the program's
		})
	})
	for i, j := range jobs {
		select {
		case <-j.done:
			e.report(ctx, runner, j)
			progress(i + 1)
		case <-ctx.Done():
		}
	}
	wg.Wait()
}

// explorations are what there is to do of programs. The last of each to be done ends it.
func explorations(jobs []*studied) iter.Seq[func(context.Context, lab.Queue)] {
	return func(yield func(func(context.Context, lab.Queue)) bool) {
		for _, j := range jobs {
			if j.err != nil {
				continue
			}
			failed := make([]error, len(j.study.Explorations))
			var done atomic.Int32
			for i := range failed {
				if !yield(func(ctx context.Context, q lab.Queue) {
					failed[i] = j.study.Explore(ctx, q, i)
					if int(done.Add(1)) < len(failed) {
						return
					}
					if j.err = cmp.Or(failed...); j.err == nil {
						j.err = j.study.Compare(ctx, q)
					}
					close(j.done)
				}) {
					return
				}
			}
		}
	}
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
	if j.File != "" {
		fmt.Fprintf(e.out, "%-16s %s\n", verdictOf(broken), j.File)
		for i, x := range j.study.Explorations {
			fmt.Fprintf(e.out, "    %-24s %s\n", x.Subject, explorationText(x, j.study, i))
		}
	}
	for _, line := range broken {
		fmt.Fprintf(e.out, "  %s: %s\n", j.name(), line)
	}
	for _, x := range j.study.Explorations {
		for _, f := range x.News(j.Program) {
			if len(broken) > 0 {
				if seed, ok := e.keep(ctx, runner, j, x, f); ok {
					seed.Violation.Write(e.out, seed.Program, runner.Command+seed.File)
					pictured(ctx, seed, e.out)
				}
			}
		}
	}
}

// excuse takes out of what a generated program showed what is nobody's failure: a fault of the
// specification or of the baseline, and of another subject one that the baseline has there in
// the same way, or that a seed expects of it where the model allows what it does. What no seed
// expects yet is kept as one that does.
func (e *explorer) excuse(ctx context.Context, runner *lab.Lab, j *studied) {
	for _, x := range j.study.Explorations {
		told := map[kind.LawID]bool{}
		for i := range x.Finds {
			f := &x.Finds[i]
			law := f.Violation.Law
			title := string(law) + " in " + x.Subject
			isKnown := e.known[title] != ""
			if f.Excused = f.Specified || x.Subject == x.Search.Beside || f.Allowed && isKnown; !f.Excused {
				continue
			}
			if !told[law] {
				e.totals.known[title]++
			}
			told[law] = true
			if isKnown || e.failed != nil {
				continue
			}
			_, name, _ := strings.Cut(x.Subject, "/")
			expect := program.Expect{Law: string(law), Subjects: []string{name}}
			if seed, ok := e.keep(ctx, runner, j, x, *f, expect); ok {
				e.known[title] = seed.File
				e.totals.findings = append(e.totals.findings, title+", kept as "+seed.File)
			}
		}
	}
}

// keep shrinks what an exploration found, with its schedule, and writes it as a seed among those that were
// found.
func (e *explorer) keep(ctx context.Context, runner *lab.Lab, j *studied, x *lab.Exploration, f lab.Sighting,
	expect ...program.Expect) (lab.Seed, bool) {
	i := slices.IndexFunc(e.subjects, func(s kind.Subject) bool { return s.Title() == x.Subject })
	seed, err := runner.PromoteSighting(ctx, j.Program, e.subjects[i], f, x.Search.Beside, expect,
		filepath.Join(e.f.corpora, "found"))
	if err != nil {
		e.failed = err
	}
	return seed, err == nil
}
