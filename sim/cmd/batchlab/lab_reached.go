package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/lab"
	"batchlab/sim/program"
	"batchlab/sim/view/overview"
)

// reachSchedules is how many schedules of each seed whose operations run together tell on each implementation what
// they reach in the source. To write that down makes a run several times as long, so few do.
const reachSchedules = 32

// reaching is what a child is to run.
type reaching struct {
	Seed      uint64
	Schedules int      // of each whose operations run together
	Texts     []string // of seed files
}

// reach has all seeds below the corpora run by woven commands that write down what they reach. It is done while the
// finds are drawn, by a process each.
func (l *labRun) reach(ctx context.Context) (*overview.Reach, error) {
	job := reaching{Seed: l.f.seed, Schedules: reachSchedules}
	if l.f.schedules > 0 {
		job.Schedules = min(job.Schedules, l.f.schedules)
	}
	if l.f.corpora == "" {
		return nil, nil
	}
	seeds, err := readSeeds(l.f.corpora)
	if err != nil {
		return nil, err
	}
	for _, s := range seeds {
		job.Texts = append(job.Texts, s.Program.String())
	}
	reached, err := job.split(ctx, runtime.NumCPU())
	if err != nil {
		return nil, err
	}
	sources, err := reachable(ctx)
	if err != nil {
		return nil, err
	}
	pairs := map[string][2]int{}
	for pair, orders := range reached.Pairs {
		pairs[pair] = *orders
	}
	r := overview.NewReach(sources, reached.Points, pairs)
	r.Runs, r.Schedules = reached.Runs, job.Schedules
	return r, nil
}

// reachable are the sources of the implementations.
func reachable(ctx context.Context) (s overview.Sources, err error) {
	root, err := moduleRoot(ctx)
	if err != nil {
		return s, err
	}
	build, err := (wovenBuild{}).prepare(ctx, root)
	if err != nil {
		return s, err
	}
	if s.Points, err = build.Points(); err != nil {
		return s, err
	}
	maps.DeleteFunc(s.Points, func(path string, _ []int) bool {
		return filepath.Dir(path) != filepath.Join(root, "impls", "batcher")
	})
	s.Text = map[string][]byte{}
	for path := range s.Points {
		if s.Text[path], err = os.ReadFile(path); err != nil {
			return s, err
		}
	}
	return s, nil
}

// split has several children do a part each. What comes of it does not depend on how many.
func (r reaching) split(ctx context.Context, workers int) (*lab.Reached, error) {
	binary, err := (wovenBuild{}).binary(ctx)
	if err != nil {
		return nil, err
	}
	var wg sync.WaitGroup
	failed, parts := make([]error, workers), make([]*lab.Reached, workers)
	for i := range workers {
		part := r
		part.Texts = nil
		for n := i; n < len(r.Texts); n += workers {
			part.Texts = append(part.Texts, r.Texts[n])
		}
		wg.Go(func() { parts[i], failed[i] = part.do(ctx, binary) })
	}
	wg.Wait()
	all := lab.NewReached()
	for i, part := range parts {
		if failed[i] != nil {
			return nil, failed[i]
		}
		all.Add(part)
	}
	return all, nil
}

// do has a child do it.
func (r reaching) do(ctx context.Context, binary string) (*lab.Reached, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var out, errOut bytes.Buffer
	cmd := worker(ctx, binary, "worker", "reach")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), &out, &errOut
	if err := onOneCore(cmd, false, "GOGC=800").Run(); err != nil {
		return nil, fmt.Errorf("what schedules reach: %s", firstProblem(errOut.String()))
	}
	reached := lab.NewReached()
	return reached, json.Unmarshal(out.Bytes(), reached)
}

// serveReached runs seeds here, which is the woven command, and writes down what they reach.
func serveReached(in io.Reader, out io.Writer) error {
	var r reaching
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return err
	}
	reached, names := lab.NewReached(), (&lab.Lab{Subjects: everything()}).Names()
	for _, text := range r.Texts {
		p, err := program.Parse("program", []byte(text), names)
		if err != nil {
			return err
		}
		for _, s := range impls.Lab(impls.Of(spec.Kind(p.Kind.Name))...) {
			if err := reached.Reach(p, s, r.Seed, r.Schedules); err != nil {
				return err
			}
		}
	}
	return json.NewEncoder(out).Encode(reached)
}
