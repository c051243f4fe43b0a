package stress

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"batchlab/impls/spec"
)

// Apart says how [RunApart] has subjects run in processes of their own.
type Apart struct {
	// Worker is a process that calls [Serve] on its standard input and output.
	Worker func(context.Context) *exec.Cmd
	// Stderr gets what a worker says on its standard error, reports of the race detector
	// for example, when the worker has ended.
	Stderr io.Writer
	// Width is how many subjects run side by side; 0 means as many as there are processors.
	Width int
}

// request asks a worker for one subject's cells.
type request struct {
	Subject string // "kind/name"
	Options Options
}

// report is what a worker says: a cell is done, or all are.
type report struct {
	Done, Total int
	Label       string   `json:",omitempty"`
	Summary     *Summary `json:",omitempty"`
	Error       string   `json:",omitempty"`
}

// Serve runs what the request on in asks for, as [Run] does, and reports on out.
func Serve(ctx context.Context, in io.Reader, out io.Writer, subjects []spec.Subject) error {
	var r request
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return fmt.Errorf("stress: a request that is none: %w", err)
	}
	reports := json.NewEncoder(out)
	o := r.Options
	for _, s := range subjects {
		if id(s) == r.Subject {
			o.Subjects = []spec.Subject{s}
		}
	}
	var broken error
	o.Progress = func(done, total int, label string) {
		broken = errors.Join(broken, reports.Encode(report{Done: done, Total: total, Label: label}))
	}
	s, err := Run(ctx, o)
	if err != nil {
		return errors.Join(broken, reports.Encode(report{Error: err.Error()}))
	}
	return errors.Join(broken, reports.Encode(report{Summary: &s}))
}

// RunApart is [Run] with each subject in a process of its own, several side by side: a cell
// with few producers leaves processors idle, and a pass is mostly one goroutine's waiting
// for another. What a cell is judged by is its own process's: goroutines and memory. A
// subject that ends its process takes no other with it. The error then names it, and
// the Summary has what the others saw.
func RunApart(ctx context.Context, o Options, a Apart) (Summary, error) {
	if err := o.Validate(); err != nil {
		return Summary{}, err
	}
	r := &apart{Apart: a, options: o, total: len(o.cells()), rows: make([][]Row, len(o.Subjects))}
	begin := time.Now()
	// From the last on: those of the later kinds keep what they have seen, and take longest.
	next := make(chan int, len(o.Subjects))
	for i := len(o.Subjects) - 1; i >= 0; i-- {
		next <- i
	}
	close(next)
	var wg sync.WaitGroup
	for range min(cmp.Or(a.Width, runtime.GOMAXPROCS(0)), len(o.Subjects)) {
		wg.Go(func() {
			for i := range next {
				if ctx.Err() == nil {
					r.one(ctx, i)
				}
			}
		})
	}
	wg.Wait()
	s := Summary{Seed: o.Seed, Items: o.Items, Race: r.race, Elapsed: time.Since(begin)}
	s.Interrupted = r.interrupted || ctx.Err() != nil
	for _, rows := range r.rows {
		s.Rows = append(s.Rows, rows...)
	}
	return s, errors.Join(r.failed...)
}

// apart is a run under way.
type apart struct {
	Apart
	options Options
	total   int // cells

	mu                sync.Mutex
	rows              [][]Row // by subject
	done              int     // cells
	race, interrupted bool
	failed            []error
}

// one runs the i-th subject in a worker.
func (r *apart) one(ctx context.Context, i int) {
	name := id(r.options.Subjects[i])
	cmd := r.Worker(ctx)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	s, err := r.ask(cmd, name)
	r.mu.Lock()
	defer r.mu.Unlock()
	if s != nil {
		r.rows[i], r.race = s.Rows, r.race || s.Race
		r.interrupted = r.interrupted || s.Interrupted
	}
	if err != nil && ctx.Err() == nil {
		r.failed = append(r.failed, fmt.Errorf("%s: %w", name, err))
	}
	if r.Stderr != nil {
		_, _ = stderr.WriteTo(r.Stderr) // there is nobody else to tell
	}
}

// ask starts a worker, and returns its summary, and what went wrong with either.
func (r *apart) ask(cmd *exec.Cmd, name string) (*Summary, error) {
	text, err := json.Marshal(request{Subject: name, Options: r.options})
	if err != nil {
		return nil, err
	}
	cmd.Stdin = bytes.NewReader(text)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s, err := r.follow(json.NewDecoder(out))
	// How it ended says more than that it said nothing any more.
	if ended := cmd.Wait(); ended != nil {
		return s, ended
	}
	return s, err
}

// follow reads reports until the last.
func (r *apart) follow(reports *json.Decoder) (*Summary, error) {
	for {
		var rep report
		if err := reports.Decode(&rep); err != nil {
			return nil, fmt.Errorf("it said nothing any more: %w", err)
		}
		switch {
		case rep.Error != "":
			return nil, errors.New(rep.Error)
		case rep.Summary != nil:
			return rep.Summary, nil
		}
		r.mu.Lock()
		r.done++
		if r.options.Progress != nil {
			r.options.Progress(r.done, r.total, rep.Label)
		}
		r.mu.Unlock()
	}
}
