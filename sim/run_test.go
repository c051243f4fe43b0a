package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"batchlab/sim"
	"batchlab/sim/body"
	"batchlab/sim/weave/rt"
)

// TestWithinBody: a test that is a call of batchlab is not run once more under the schedules of `batchlab test`, and
// what was found by a call of another sort is not taken for a schedule of a body.
func TestWithinBody(t *testing.T) {
	defer func(was string) { rt.Woven = was }(rt.Woven)
	rt.Woven = "here"
	dir := t.TempDir()
	kept := filepath.Join(dir, "it_00000000.seed")
	if err := os.WriteFile(kept, []byte("# Found by it.\nbatchlab: 1\nsubject: x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func(t *sim.T){
		"Explore":      func(t *sim.T) { sim.Explore(t, func(*sim.T) {}) },
		"Linearizable": func(t *sim.T) { sim.Linearizable(t, func(*sim.Env) *strings.Reader { return nil }) },
	} {
		r, err := body.Explore("it", call, body.Options{Dir: dir})
		if err != nil || r.Find != nil || !strings.Contains(r.Skipped, "it is a call of batchlab already") {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
	}
	_, err := body.Explore("it", func(*sim.T) {}, body.Options{Replay: kept})
	if err == nil || !strings.Contains(err.Error(), "it_00000000.seed:2:1: it is a find of Equivalent or Linearizable") {
		t.Error(err)
	}
}
