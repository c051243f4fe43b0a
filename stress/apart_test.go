package stress

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"batchlab/impls/spec"
)

// The environment of a worker: that it is one, where those that run side by side meet, and how long they wait
// for each other.
const (
	workerEnv   = "BATCHLAB_TEST_STRESSES"
	meetingEnv  = "BATCHLAB_TEST_MEETING"
	patienceEnv = "BATCHLAB_TEST_PATIENCE"
)

func TestMain(m *testing.M) {
	if os.Getenv(workerEnv) != "" {
		if err := Serve(context.Background(), os.Stdin, os.Stdout, apartToys()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// apartToys are what workers of the tests know.
func apartToys() []spec.Subject {
	named := func(name string, s spec.Subject) spec.Subject {
		s.Name = name
		return s
	}
	return []spec.Subject{
		named("good", flaw{}.subject()),
		named("drops", flaw{batch: once(func(t *toy, b []*spec.Item) { t.run(b[1:]) })}.subject()),
		named("exits", flaw{born: func(*toy) { os.Exit(3) }}.subject()),
		named("crashes", flaw{
			born: func(*toy) { go panic("toy: out of order") },
			put:  func(*toy, *spec.Item) { nap() },
		}.subject()),
		named("races", flaw{put: func(t *toy, _ *spec.Item) { t.count++ }}.subject()),
		named("meets-a", meets("a", "b")),
		named("meets-b", meets("b", "a")),
		named("loose", mapFlaw{set: func(m *toyMap, key, _ int) (bool, bool) {
			_, ok := m.Get(key)
			return true, ok && key%7 == 0
		}}.subject()),
	}
}

// meets is a batcher that first comes alive beside another, or not at all.
func meets(me, other string) spec.Subject {
	at := func(who string) string { return filepath.Join(os.Getenv(meetingEnv), who) }
	var met bool // passes are one after the other
	return flaw{born: func(*toy) {
		if met {
			return
		}
		met = true
		if err := os.WriteFile(at(me), nil, 0o666); err != nil {
			panic(err)
		}
		patience, _ := time.ParseDuration(os.Getenv(patienceEnv))
		for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if _, err := os.Stat(at(other)); err == nil {
				return
			}
		}
		panic("toy: nobody beside me")
	}}.subject()
}

func apartNamed(t *testing.T, names ...string) (list []spec.Subject) {
	t.Helper()
	for _, name := range names {
		for _, s := range apartToys() {
			if s.Name == name {
				list = append(list, s)
			}
		}
	}
	return list
}

func testWorker(env ...string) func(context.Context) *exec.Cmd {
	return func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, os.Args[0])
		cmd.Env = append(append(os.Environ(), workerEnv+"=1"), env...)
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		return cmd
	}
}

// TestApartSeesWhatRunSees: the same rows in the same order, and what is broken in them.
func TestApartSeesWhatRunSees(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	o := Options{
		Items: 3000, Subjects: apartNamed(t, "good", "drops", "loose"), Scenarios: []string{"heavy"}, Producers: []int{1, 2},
		Known: map[string][]spec.Law{"dedup/loose": {spec.OneWinner}},
	}
	whole, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var done []int
	o.Progress = func(n, total int, _ string) {
		if total != len(whole.Rows) {
			t.Errorf("%d cells in all, want %d", total, len(whole.Rows))
		}
		done = append(done, n)
	}
	parts, err := RunApart(t.Context(), o, Apart{Worker: testWorker()})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := cellsOf(parts), cellsOf(whole); !reflect.DeepEqual(a, b) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	if !parts.Broken() || parts.Interrupted || parts.Race != RaceEnabled {
		t.Errorf("broken %v, interrupted %v, race detector %v", parts.Broken(), parts.Interrupted, parts.Race)
	}
	if want := []int{1, 2, 3, 4, 5, 6}; !reflect.DeepEqual(done, want) {
		t.Errorf("progress %v, want %v", done, want)
	}
}

// cellsOf says what each row is about and what is wrong with it, but not how often.
func cellsOf(s Summary) (list []string) {
	for _, r := range s.Rows {
		text := fmt.Sprintf("%s %s %d", r.ID(), r.Scenario, r.Producers)
		if len(r.Breaches) > 0 { // what a lost item breaks besides is the schedule's
			text += " BROKEN " + r.Breaches[0].What
		}
		for _, b := range r.Known {
			text += " known " + b.What
		}
		list = append(list, text)
	}
	return list
}

// TestApartRunsSideBySide: two that wait for one another find each other, unless there is room
// for one alone.
func TestApartRunsSideBySide(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	o := Options{Items: 10, Subjects: apartNamed(t, "meets-a", "meets-b"), Producers: []int{1}}
	o.Scenarios = []string{"heavy"}
	for width, broken := range map[int]bool{1: true, 2: false} {
		patience := map[bool]string{true: "100ms", false: "1m"}[broken]
		worker := testWorker(meetingEnv+"="+t.TempDir(), patienceEnv+"="+patience)
		s, err := RunApart(t.Context(), o, Apart{Worker: worker, Width: width})
		if err != nil {
			t.Fatal(err)
		}
		if s.Broken() != broken {
			t.Errorf("width %d: broken is %v, want %v: %q", width, s.Broken(), broken, cellsOf(s))
		}
	}
}

// TestApartNamesWhoEndsItsProcess: and has what the others saw.
func TestApartNamesWhoEndsItsProcess(t *testing.T) {
	for name, want := range map[string]string{
		"exits":   "batcher/exits: exit status 3",
		"crashes": "batcher/crashes: exit status 2",
	} {
		var stderr bytes.Buffer
		o := Options{Items: 100, Subjects: apartNamed(t, "good", name), Scenarios: []string{"heavy"}, Producers: []int{1}}
		s, err := RunApart(t.Context(), o, Apart{Worker: testWorker(), Stderr: &stderr})
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
		if got := strings.Join(cellsOf(s), "; "); got != "batcher/good heavy 1" {
			t.Errorf("beside %s: rows %s", name, got)
		}
		if name == "crashes" && !strings.Contains(stderr.String(), "panic: toy: out of order") {
			t.Errorf("its panic is not shown: %s", &stderr)
		}
	}
}

func TestApartIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := Options{Items: 100, Subjects: apartNamed(t, "good", "drops", "good"), Producers: []int{1}}
	o.Progress = func(int, int, string) { cancel() }
	s, err := RunApart(ctx, o, Apart{Worker: testWorker(), Width: 1})
	if err != nil || !s.Interrupted {
		t.Errorf("error %v, interrupted %v", err, s.Interrupted)
	}
	for _, r := range s.Rows {
		if r.Subject == "drops" {
			t.Error("a subject was started after the interruption")
		}
	}
}

func TestApartRefusesBadInput(t *testing.T) {
	_, err := RunApart(t.Context(), Options{}, Apart{Worker: testWorker()})
	if err == nil || err.Error() != "stress: items is 0, want 1 to 10000000" {
		t.Errorf("no items: %v", err)
	}
	err = Serve(t.Context(), strings.NewReader("hello"), io.Discard, nil)
	if err == nil || !strings.Contains(err.Error(), "a request that is none") {
		t.Errorf("no request: %v", err)
	}
	unknown := spec.Subject{Name: "nobody", Kind: spec.KindBatcher, NewBatcher: flaw{}.new}
	_, err = RunApart(t.Context(), Options{Items: 1, Subjects: []spec.Subject{unknown}}, Apart{Worker: testWorker()})
	if err == nil || err.Error() != "batcher/nobody: stress: no subjects" {
		t.Errorf("a subject that the worker does not know: %v", err)
	}
}
