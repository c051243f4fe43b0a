package body

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"batchlab/sim/weave/rt"
)

// T is what a body is given. It has the methods of *testing.T, and does what they do, in each
// schedule anew.
type T struct {
	testing.TB // nil: only so that T is one

	once   *once
	parent *T
	name   string

	mu       sync.Mutex // as package testing has one; nobody waits for it
	failed   bool
	skipped  bool
	over     bool // the function has returned, or was ended by FailNow or SkipNow
	cleanups []func()
	helpers  map[string]bool
	names    map[string]int // of subtests, how often each
	unset    []func()       // what is undone if the run ended before its cleanups

	ctx    context.Context
	cancel context.CancelFunc

	subs     []*T // those that called Parallel
	parallel bool
	free     bool // those who called Parallel may go on
	paused   bool // it called Parallel, or is done: Run of its parent returns
	done     bool
	past     bool // the same, which the race detector sees
}

func newT(o *once, parent *T, name string) *T {
	t := &T{once: o, parent: parent, name: name, names: map[string]int{}, helpers: map[string]bool{}}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// Name returns the name of the test.
func (t *T) Name() string { return t.name }

// Context returns a context that is canceled before the cleanups are called.
func (t *T) Context() context.Context { return t.ctx }

// Deadline says that there is none.
func (t *T) Deadline() (time.Time, bool) { return time.Time{}, false }

// Helper marks the caller as one whose lines no message names.
func (t *T) Helper() {
	pc, _, _, _ := runtime.Caller(1)
	t.mu.Lock()
	t.helpers[runtime.FuncForPC(pc).Name()] = true
	t.mu.Unlock()
}

// Fail marks the test as failed, and those that it is part of.
func (t *T) Fail() {
	if t.once.late() {
		return
	}
	if t.parent != nil {
		t.parent.Fail()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed = true
	if e := &t.once.fails; t.parent == nil && e.Seq == 0 && rt.Tracing() {
		e.G, e.Seq, e.Over = rt.Self().Name, rt.Seq(), true
	}
}

func (t *T) set(flag *bool, to bool) {
	t.mu.Lock()
	*flag = to
	t.mu.Unlock()
}

func (t *T) is(flag *bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return *flag
}

// Failed reports whether the test has failed.
func (t *T) Failed() bool { return t.is(&t.failed) }

// FailNow is Fail, and ends the goroutine.
func (t *T) FailNow() {
	t.Fail()
	t.stop()
}

// Skipped reports whether the test was skipped.
func (t *T) Skipped() bool { return t.is(&t.skipped) }

// SkipNow marks the test as skipped and ends the goroutine.
func (t *T) SkipNow() {
	t.set(&t.skipped, true)
	t.stop()
}

func (t *T) stop() {
	t.set(&t.over, true)
	runtime.Goexit()
}

// Log, Logf and the rest that say something keep it for the report of this schedule.
func (t *T) Log(args ...any) { t.say(rt.FmtSprintln(args...)) }

// Logf is Log with a format.
func (t *T) Logf(format string, args ...any) { t.say(rt.FmtSprintf(format, args...)) }

// Error is Log and Fail.
func (t *T) Error(args ...any) { t.say(rt.FmtSprintln(args...)); t.Fail() }

// Errorf is Logf and Fail.
func (t *T) Errorf(format string, args ...any) { t.say(rt.FmtSprintf(format, args...)); t.Fail() }

// Fatal is Log and FailNow.
func (t *T) Fatal(args ...any) { t.say(rt.FmtSprintln(args...)); t.FailNow() }

// Fatalf is Logf and FailNow.
func (t *T) Fatalf(format string, args ...any) { t.say(rt.FmtSprintf(format, args...)); t.FailNow() }

// Skip is Log and SkipNow.
func (t *T) Skip(args ...any) { t.say(rt.FmtSprintln(args...)); t.SkipNow() }

// Skipf is Logf and SkipNow.
func (t *T) Skipf(format string, args ...any) { t.say(rt.FmtSprintf(format, args...)); t.SkipNow() }

// Attr says nothing: the test is run many times.
func (t *T) Attr(string, string) {}

// Output returns where what is written is said like what is logged.
func (t *T) Output() io.Writer { return output{t} }

type output struct{ t *T }

func (o output) Write(p []byte) (int, error) {
	o.t.say(string(p))
	return len(p), nil
}

// say keeps what the test says, with the line of the test that says it. As with package testing, who says
// something of a test that is done races with its end, and fails if no test goes on to which it could be said.
func (t *T) say(text string) {
	if past := t.past; past && t.once.ended != 0 && rt.Now()-t.once.ended < int64(hasty) {
		text = "after " + t.once.root.name + " has completed, in a goroutine: " + text
		t.once.root.failed = true
	}
	at := t.place()
	t.once.root.mu.Lock()
	defer t.once.root.mu.Unlock()
	const most = 100
	if log := &t.once.log; len(*log) < most {
		*log = append(*log, at+strings.TrimRight(text, "\n"))
	}
}

// place is the file and line of the caller that is neither T's own nor a helper.
func (t *T) place() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		t.mu.Lock()
		helper := t.helpers[f.Function]
		t.mu.Unlock()
		if !helper && !strings.HasPrefix(f.Function, "batchlab/sim/body.(*T)") {
			return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line) + ": "
		}
		if !more {
			return ""
		}
	}
}

// Cleanup has a function called when the test and its subtests are done, the last one first.
func (t *T) Cleanup(f func()) {
	t.mu.Lock()
	t.cleanups = append(t.cleanups, f)
	t.mu.Unlock()
}

// Setenv sets a variable of the environment for the rest of the test.
func (t *T) Setenv(key, value string) {
	old, had := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		t.Fatalf("cannot set environment variable: %v", err)
	}
	t.undo(func() {
		if had {
			os.Setenv(key, old)
		} else {
			os.Unsetenv(key)
		}
	})
}

// Chdir changes the folder of the process for the rest of the test.
func (t *T) Chdir(dir string) {
	old, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.undo(func() { os.Chdir(old) })
}

// TempDir returns a new folder, which goes when the test is done.
func (t *T) TempDir() string {
	o := t.once
	o.root.mu.Lock()
	o.dirs++
	dir := filepath.Join(o.x.scratch(), strconv.Itoa(o.dirs))
	o.upon = append(o.upon, "a folder of the machine (TempDir)")
	o.root.mu.Unlock()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatalf("TempDir: %v", err)
	}
	t.undo(func() { os.RemoveAll(dir) })
	return dir
}

// ArtifactDir is TempDir: what one of many schedules writes nobody keeps.
func (t *T) ArtifactDir() string { return t.TempDir() }

// scratch is where the folders of all schedules are made, one after another at the same place.
func (x *explorer) scratch() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("batchlab-%d", os.Getpid()))
}

// undo has something undone when the test is done, or when the run has ended before that.
func (t *T) undo(f func()) {
	done := false
	once := func() {
		if !done {
			done = true
			f()
		}
	}
	t.Cleanup(once)
	r := t.once.root
	r.mu.Lock()
	r.unset = append(r.unset, once)
	r.mu.Unlock()
}

// forget undoes what is left to be undone of a run that is over.
func (t *T) forget() {
	for _, f := range slices.Backward(t.unset) {
		f()
	}
	if t.once.dirs > 0 {
		os.Remove(t.once.x.scratch())
	}
}
