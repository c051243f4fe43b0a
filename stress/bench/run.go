package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/fleet"
)

// Options says what to measure. All of it is needed but WithLimits, Skip, Profile and Progress.
type Options struct {
	Scenarios  []Scenario
	Subjects   []spec.Subject // rivals, the baseline of each kind first
	WithLimits bool           // measure each scenario's limit beside its rivals
	Samples    int            // of each row
	Time       time.Duration  // of a sample, at least
	Limit      time.Duration  // after which a sample is given up
	Seed       uint64         // of the order in which rivals take turns
	// Skip, if not nil, leaves out rows that a subject has no way to run.
	Skip func(Scenario, spec.Subject) bool
	// Worker starts a process that calls Serve on its standard input and output.
	Worker  func(context.Context) *exec.Cmd
	Profile string // a directory: profiles of each row go there as well
	// Progress, if not nil, is called after each sample.
	Progress func(done, total int, row string)
}

// Validate reports the first thing wrong, before anything runs.
func (o Options) Validate() error {
	switch {
	case o.Samples < 1 || o.Samples > 1000:
		return fmt.Errorf("samples is %d, want 1 to 1000", o.Samples)
	case o.Time < 0 || o.Time > time.Minute:
		return fmt.Errorf("time is %v, want at most 1m", o.Time)
	case o.Limit <= 0:
		return fmt.Errorf("limit is %v, want more than 0", o.Limit)
	case len(o.Scenarios) == 0 || len(o.Subjects) == 0:
		return errors.New("nothing to measure")
	}
	return nil
}

// Run measures, and returns the samples, and what went wrong. A row that fails stays
// as it is, and the others go on. When ctx ends, what was measured is returned.
func Run(ctx context.Context, o Options) (samples *Table, failed []error) {
	r := &runner{Options: o, table: &Table{}, rng: rand.New(rand.NewPCG(o.Seed, 0)), dead: map[string]bool{}}
	groups := o.groups()
	for _, g := range groups {
		r.total += len(g) * o.Samples
		for _, row := range g { // in this order, whoever's turn is first
			r.table.row(row)
		}
	}
	defer func() {
		samples.Rows = slices.DeleteFunc(samples.Rows, func(r *Row) bool { return len(r.Samples) == 0 })
	}()
	for _, g := range groups {
		for range o.Samples {
			r.turn(ctx, g)
		}
		r.profiles(ctx, g)
		if ctx.Err() != nil {
			return r.table, append(r.failed, errors.New("interrupted"))
		}
	}
	return r.table, r.failed
}

// groups are the rows of each scenario.
func (o Options) groups() [][]string {
	var groups [][]string
	for _, sc := range o.Scenarios {
		var rows []string
		for _, s := range o.Subjects {
			if s.Kind == sc.Kind && !(sc.Ours && s.Clockless) && (o.Skip == nil || !o.Skip(sc, s)) {
				rows = append(rows, sc.Row(s.Name))
			}
		}
		if len(rows) > 0 && o.WithLimits && sc.Limit != "" {
			rows = append(rows, sc.Row(sc.Limit))
		}
		if len(rows) > 0 {
			groups = append(groups, rows)
		}
	}
	return groups
}

type runner struct {
	Options
	table       *Table
	rng         *rand.Rand
	done, total int
	dead        map[string]bool // rows that failed
	failed      []error
}

// turn takes a sample of each row of a group, in a random order, in one new process.
func (r *runner) turn(ctx context.Context, rows []string) {
	if ctx.Err() != nil {
		return
	}
	var w *worker
	defer func() { w.stop() }()
	for _, i := range r.rng.Perm(len(rows)) {
		row := rows[i]
		if r.dead[row] {
			r.done++
			continue
		}
		if w == nil {
			var err error
			if w, err = startWorker(r.Worker(ctx)); err != nil {
				r.fail(row, err)
				return
			}
		}
		s, err := w.ask(ctx, request{Row: row, Time: r.Time}, r.Limit)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			r.fail(row, err)
			w.stop()
			w = nil // the others of the group get a new process
		} else {
			r.table.add(row, s)
		}
		r.done++
		if r.Progress != nil {
			r.Progress(r.done, r.total, row)
		}
	}
}

func (r *runner) fail(row string, err error) {
	r.dead[row] = true
	r.failed = append(r.failed, fmt.Errorf("%s: %w", row, err))
}

// profileTime is for how long a row is profiled, at least.
const profileTime = time.Second

// profiles profiles each row of a group, in a process each.
func (r *runner) profiles(ctx context.Context, rows []string) {
	if r.Profile == "" {
		return
	}
	for _, row := range rows {
		if r.dead[row] || ctx.Err() != nil {
			continue
		}
		w, err := startWorker(r.Worker(ctx))
		if err == nil {
			_, err = w.ask(ctx, request{Row: row, Time: max(r.Time, profileTime), Profile: ProfilePrefix(r.Profile, row)},
				r.Limit)
			w.stop()
		}
		if err != nil && ctx.Err() == nil {
			r.fail(row, fmt.Errorf("profile: %w", err))
		}
	}
}

// ProfilePrefix is how the names of a row's profiles begin.
func ProfilePrefix(dir, row string) string {
	return filepath.Join(dir, strings.NewReplacer("/", "_", "=", "-").Replace(row))
}

// worker is a process that serves.
type worker struct {
	cmd    *exec.Cmd
	in     *json.Encoder
	close  func() error
	out    *json.Decoder
	stderr fleet.Said
}

func startWorker(cmd *exec.Cmd) (*worker, error) {
	w := &worker{cmd: cmd}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = &w.stderr
	w.in, w.close, w.out = json.NewEncoder(stdin), stdin.Close, json.NewDecoder(stdout)
	return w, cmd.Start()
}

// ask returns the answer to one request. A process that does not answer in time is ended.
func (w *worker) ask(ctx context.Context, r request, limit time.Duration) (Sample, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	defer context.AfterFunc(limited, func() { _ = w.cmd.Process.Kill() })() // it may have ended by itself
	var a answer
	err := w.in.Encode(r)
	if err == nil {
		err = w.out.Decode(&a)
	}
	switch {
	case err == nil && a.Error != "":
		return Sample{}, errors.New(a.Error)
	case err == nil:
		return a.Sample, nil
	case ctx.Err() != nil:
		return Sample{}, ctx.Err()
	case limited.Err() != nil:
		return Sample{}, fmt.Errorf("did not end within %v", limit)
	}
	return Sample{}, w.death(err)
}

// death says of what the process died: the first line of its panic, if there is one.
func (w *worker) death(err error) error {
	waited := w.cmd.Wait()
	if line := w.stderr.Death(); line != "" {
		return errors.New(line)
	}
	if waited != nil {
		return fmt.Errorf("the process ended: %w", waited)
	}
	return err
}

// stop ends the process. A nil worker has none.
func (w *worker) stop() {
	if w == nil {
		return
	}
	_ = w.close()
	_ = w.cmd.Process.Kill() // nobody needs what it may still be doing
	_ = w.cmd.Wait()
}
