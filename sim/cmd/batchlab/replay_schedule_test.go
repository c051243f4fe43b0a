package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/lab"
)

// waitTogether is a program nothing of which runs together, and which has two outcomes all the
// same: when the handler returns, an item and a trigger wait, and the worker takes either.
const waitTogether = `batchlab: 1
subject: batcher
config:  size=2 timeout=10ms mode=foreground epoch=0s

handler blocks
a put x2
a put
b trigger
release
+3ms
`

// TestAScheduleIsFollowedWithoutGroups: a seed that has a schedule is replayed under it,
// whether or not operations run together. Each outcome becomes a seed that shows its own
// lines, which without the schedule is a matter of luck.
func TestAScheduleIsFollowedWithoutGroups(t *testing.T) {
	p := programOf(t, waitTogether)
	search := lab.Search{Strategy: "random", Seed: 1, Schedules: 100}
	e, err := wovenLab(t, t, false).Explore(t.Context(), p, find(t, spec.KindBatcher, "baseline"), search)
	if err != nil || len(e.Outcomes) != 2 {
		t.Fatalf("%d outcomes, want 2; %v", len(e.Outcomes), err)
	}
	for i, o := range e.Outcomes {
		q := p.Bare()
		q.Schedule = o.Schedule
		other := e.Outcomes[1-i].Lines
		for _, line := range o.Lines {
			if text, _, _ := strings.Cut(line, " #"); !slices.Contains(other, line) {
				q.Shows = append(q.Shows, strings.TrimSpace(text))
			}
		}
		if len(q.Shows) == 0 || !q.NeedsSchedule() {
			t.Fatalf("two outcomes that show no difference: %q, %q", o.Lines, other)
		}
		r := runCommand(t, "replay", writeFile(t, "x.seed", q.String()), "--on", "baseline")
		if r.status != 0 || !strings.Contains(r.out, "1 schedules of replay") || strings.Contains(r.out, "not reached") {
			t.Errorf("status %d\n%s%s", r.status, r.out, r.errout)
		}
	}
}

// TestTheLabRunsEverySeed: wherever below the corpora a seed is, one stage of the lab runs it,
// and just one, and the page counts it.
func TestTheLabRunsEverySeed(t *testing.T) {
	dir := t.TempDir()
	scheduled := strings.Replace(waitTogether, "\n\n", "\nschedule: lab/1 1 there -> #0\n\n", 1)
	together := waitTogether + "a put\n& b trigger\n"
	for name, text := range map[string]string{
		"batcher/plain.seed": waitTogether, "found/plain.seed": waitTogether, "found/together.seed": together,
		"found/scheduled.seed": scheduled, "mine/deep/together.seed": together, "mine/plain.seed": waitTogether,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	runner := newLab(t, implementations())
	defer runner.Close()
	l := &labRun{t: t, f: labFlags{corpora: dir}, lab: runner, out: io.Discard, err: io.Discard}
	r, err := l.replay(t.Context())
	if err != nil || r.Covered["seeds"] != 3 || len(r.Found) > 0 {
		t.Errorf("%d seeds in bubbles, %q found, %v; want 3", r.Covered["seeds"], r.Found, err)
	}
	want := "3 seeds in bubbles, 0 not as expected; 3 seeds need a schedule: see explore"
	if !strings.Contains(l.page.lines[0], want) {
		t.Errorf("the page says %q, want %q", l.page.lines[0], want)
	}
	jobs, err := (&exploreFlags{corpora: dir}).jobs(nil, implementations())
	var explored []string
	for _, j := range jobs {
		name, _ := filepath.Rel(dir, j.File)
		explored = append(explored, name)
	}
	all := []string{"found/scheduled.seed", "found/together.seed", "mine/deep/together.seed"}
	if err != nil || !slices.Equal(explored, all) {
		t.Errorf("explored are %q, %v; want %q", explored, err, all)
	}
}
