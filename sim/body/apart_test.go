package body

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/view/timeline"
	"batchlab/sim/weave/rt"
)

// TestShownApart: what is kept of a find, and said of its file, is what a process shows that has run nothing before.
func TestShownApart(t *testing.T) {
	woven(t)
	dir := t.TempDir()
	answer := func(f Find) func() *exec.Cmd {
		f.Law, f.Timeline = Deadlock, &timeline.Timeline{Runs: []timeline.Run{{}}}
		text, err := json.Marshal(Report{Find: &f})
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "answer"), text, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		return func() *exec.Cmd { return exec.Command("sh", "-c", `cp "$0" "$`+apartVariable+`"`, filepath.Join(dir, "answer")) }
	}
	body := func(*T) {
		a, b := new(sync.Mutex), new(sync.Mutex)
		rt.Go("x.go:1", func() { rt.MutexLock("x.go:2", a); rt.MutexLock("x.go:3", b); rt.MutexUnlock("x.go:4", a) })
		rt.MutexLock("x.go:5", b)
		rt.MutexLock("x.go:6", a)
		rt.MutexUnlock("x.go:7", b)
	}
	there := []program.Decision{{Who: "test", Nth: 7, Where: "x.go:6 lock", To: "test/1", Alt: -1}}
	x := explore(t, body, Options{Dir: dir, Again: answer(Find{Schedule: there})})
	if x.Find == nil || x.Find.File == "" {
		t.Fatalf("%+v", x)
	}
	kept, err := Read(x.Find.File)
	if err != nil || len(kept.Schedule) != 1 || kept.Schedule[0] != there[0] {
		t.Errorf("kept %v, %v, want %v", kept, err, there)
	}
	here := explore(t, body, Options{Dir: t.TempDir()}).Find.File
	for _, amiss := range [][]string{nil, {"moved"}} {
		x := explore(t, body, Options{Replay: here, Again: answer(Find{Amiss: amiss})})
		if x.Find == nil || len(x.Find.Timeline.Warnings) != len(amiss) {
			t.Errorf("%v: %+v", amiss, x.Find)
		}
	}
}
