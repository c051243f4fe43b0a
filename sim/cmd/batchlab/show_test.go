package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"batchlab/sim/view/timeline"
)

// TestShowOfASeed: a seed of this repository is drawn as it is expected to be found, beside the baseline if it is
// another's, and for Perfetto.
func TestShowOfASeed(t *testing.T) {
	skipIfShort(t)
	dir := t.TempDir()
	for _, c := range []struct{ seed, flag, want string }{
		{"double-win-leaves-count-wrong", "", "dedup/baseline breaks D4-count: |count → 1|<strong>want 0</strong>|batcher_deduplication.go:|m.mu.Lock()"},
		{"count-against-set", "", "verdict sound|dedup/baseline, the original|dedup/optimized|m.count.Add("},
		{"double-win-leaves-count-wrong", "--perfetto", `"traceEvents":[|"name":"set k1 v1","cat":"call"`},
	} {
		file := filepath.Join(dir, "out")
		args := []string{"show", "--out", file, "corpora/litmus/" + c.seed + ".seed"}
		if c.flag != "" {
			args = append(args, c.flag)
		}
		r := runCommand(t, args...)
		text, err := os.ReadFile(file)
		if r.status != 0 || r.out != file+"\n" || err != nil {
			t.Fatalf("%s: status %d, %v\n%s%s", c.seed, r.status, err, r.out, r.errout)
		}
		for want := range strings.SplitSeq(c.want, "|") {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: no %q in %d bytes", c.seed, want, len(text))
			}
		}
	}
}

// TestDrawNowhere: where a page cannot be written, that is said in a line, and nothing is left.
func TestDrawNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "no folder", "find.html")
	for _, perfetto := range []bool{false, true} {
		s := showFlags{out: file, perfetto: perfetto}
		var out bytes.Buffer
		err := s.draw("x.seed", &timeline.Timeline{Runs: []timeline.Run{{Open: -1}}}, &out)
		if err == nil || !strings.HasPrefix(err.Error(), file+" cannot be written: ") || out.Len() > 0 {
			t.Errorf("%v, %q", err, out.String())
		}
	}
}

// TestTimelineCutShort: what is not whole is no timeline.
func TestTimelineCutShort(t *testing.T) {
	text, err := json.Marshal(timeline.Timeline{Title: "TestX", Runs: []timeline.Run{{Name: "q"}}})
	if err != nil {
		t.Fatal(err)
	}
	if tl, err := readTimeline(text, "x.seed"); err != nil || tl.Title != "TestX" {
		t.Errorf("%v, %v", tl, err)
	}
	for n := range len(text) {
		if _, err := readTimeline(text[:n], "x.seed"); err == nil ||
			err.Error() != "x.seed: what was written down of the run is not whole: run it again" {
			t.Errorf("of %d bytes: %v", n, err)
		}
	}
	if _, err := readTimeline([]byte("{}"), "x.seed"); err == nil {
		t.Error("nothing is a timeline")
	}
}
