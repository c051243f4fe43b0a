package body

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"batchlab/sim/weave/rt"
)

// Variables of packages outlive a schedule, and what one leaves in them may make a later one fail. So
// what was not found in the first schedule of a process is shown by a process which has run nothing
// before, or it is no find; and once something was none, all schedules have such processes.

// apartVariable is the environment variable that names the folder of such a process' errand.
const apartVariable = "BATCHLAB_APART"

var asked = func() string {
	dir := os.Getenv(apartVariable)
	os.Unsetenv(apartVariable)
	return dir
}()

// ran is how many schedules this process has run, of whatever body.
var ran int

const (
	mostApart = 200              // schedules with processes of their own
	patience  = 15 * time.Second // with one of them
)

// errand is what such a process does: it runs the body once.
type errand struct {
	Find  *Find // under this schedule; nil: under the nth drawn
	Nth   int
	Lines []string // see rt.Lines
}

// confirm reports whether a find is no matter of schedules before.
func (x *explorer) confirm(f *Find) bool {
	if x.o.Again == nil || x.o.Rough || x.apart || ran == 1 || f.Law == Races { // a race is one whatever was before
		return true
	}
	if r, ok := x.send(errand{Find: f}); !ok || r.Find != nil && r.Find.Law == f.Law {
		return true
	}
	x.dirty(fmt.Sprintf("%s in schedule %d (%s)", f.Law, f.At, f.Text))
	return false
}

// nextApart runs the nth schedule in a process of its own.
func (x *explorer) nextApart(n int) *Find {
	x.r.Schedules++
	x.r.Apart++
	r, ok := x.send(errand{Nth: n})
	if !ok {
		x.note("a process for one schedule ended before it")
		return nil
	}
	x.r.Points += r.Points
	x.r.Hasty += r.Hasty
	x.r.Full += r.Full
	x.r.Skipped, x.r.Cannot = r.Skipped, r.Cannot
	x.r.Uncontrolled = union(x.r.Uncontrolled, r.Uncontrolled)
	if r.Find != nil {
		r.Find.At = x.r.Schedules
	}
	return r.Find
}

// send has a process do an errand; ok is false if it does not answer.
func (x *explorer) send(e errand) (r *Report, ok bool) {
	if x.o.Beat != nil {
		x.o.Beat(x.r.Schedules)
	}
	dir, err := os.MkdirTemp("", "batchlab-apart-")
	if err != nil {
		return nil, false
	}
	defer os.RemoveAll(dir)
	e.Lines = rt.Lines()
	if err := writeJSON(filepath.Join(dir, "errand"), e); err != nil {
		return nil, false
	}
	cmd := x.o.Again()
	cmd.Env = append(cmd.Environ(), apartVariable+"="+dir)
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	if err := cmd.Start(); err != nil {
		return nil, false
	}
	context.AfterFunc(ctx, func() { cmd.Process.Kill() })
	cmd.Wait() // what it says is in its answer
	r = &Report{}
	return r, readJSON(filepath.Join(dir, "answer"), r) == nil
}

// answer does the errand that this process is there for.
func (x *explorer) answer(dir string) error {
	var e errand
	if err := readJSON(filepath.Join(dir, "errand"), &e); err != nil {
		return err
	}
	x.o.Rough, x.o.Again = true, nil
	rt.Learn(e.Lines)
	if e.Find != nil {
		x.r.Find = x.replayed(e.Find.Schedule, pace{early: widest.early, ahead: widest.ahead, unfair: e.Find.Unfair,
			traced: true})
	} else {
		strategies, err := x.strategies(x.o.Seed + uint64(e.Nth+1)<<16)
		if err != nil {
			return err
		}
		x.r.Find = x.next(strategies, e.Nth)
	}
	return writeJSON(filepath.Join(dir, "answer"), x.r)
}

func writeJSON(file string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

func readJSON(file string, v any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}
