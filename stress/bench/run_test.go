package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls"
	"batchlab/impls/spec"
)

// serveEnv tells the tests' binary to be a worker.
const serveEnv = "BATCHLAB_TEST_SERVES"

func TestMain(m *testing.M) {
	if os.Getenv(serveEnv) != "" {
		if err := Serve(os.Stdin, os.Stdout, slices.Concat(impls.All(), toys)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func self(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), serveEnv+"=1")
	return cmd
}

// toys are batchers that are good for nothing, in five ways.
var toys = []spec.Subject{
	toy("honest", func(t *toyBatcher) {}),
	toy("panics", func(t *toyBatcher) { t.put = func(*spec.Item) { panic("toy: out of order") } }),
	toy("hangs", func(t *toyBatcher) { t.put = func(*spec.Item) { time.Sleep(time.Hour) } }),
	toy("forgets", func(t *toyBatcher) { t.put = func(*spec.Item) {} }),
	toy("exits", func(t *toyBatcher) { t.put = func(*spec.Item) { os.Exit(3) } }),
}

// toyBatcher calls its handler for each item.
type toyBatcher struct{ put func(*spec.Item) }

func (t *toyBatcher) Put(item *spec.Item) { t.put(item) }
func (t *toyBatcher) Trigger()            {}
func (t *toyBatcher) Close()              {}

func toy(name string, spoil func(*toyBatcher)) spec.Subject {
	return spec.Subject{
		Name: name, Kind: spec.KindBatcher,
		NewBatcher: func(_ spec.BatcherConfig, _ clock.Clock, fn func([]*spec.Item)) spec.Batcher {
			var mu sync.Mutex
			t := &toyBatcher{put: func(item *spec.Item) {
				mu.Lock()
				defer mu.Unlock()
				fn([]*spec.Item{item})
			}}
			spoil(t)
			return t
		},
	}
}

func toysNamed(names ...string) (list []spec.Subject) {
	for _, s := range toys {
		if slices.Contains(names, s.Name) {
			list = append(list, s)
		}
	}
	return list
}

func put(t *testing.T) []Scenario {
	t.Helper()
	list, err := Select([]string{"Batcher/put/producers=1"})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestEveryRowRuns has every implementation go through every scenario once, in this
// process, and sees that each says what it is to say.
func TestEveryRowRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	for _, sc := range Scenarios() {
		for _, s := range impls.Of(sc.Kind) {
			sample, err := measure(request{Row: sc.Row(s.Name)}, impls.All())
			if err != nil {
				t.Errorf("%s: %v", sc.Row(s.Name), err)
				continue
			}
			want := []string{NsPerOp, BytesPerOp, AllocsPerOp, ItemsPerSec, sc.Unit}
			if slices.Contains([]string{"light", "heavy", "bursty", "high-concurrency", "duplicates"}, sc.Name) {
				want = append(want, P50, P95, P99, P999, MaxLat)
			}
			for _, unit := range want {
				if !slices.ContainsFunc(sample.Values, func(v Value) bool { return v.Unit == unit }) {
					t.Errorf("%s: no %s in %v", sc.Row(s.Name), unit, sample.Values)
				}
			}
		}
	}
}

// TestExpireSeesAMapThatKeepsEverything: one whose clock stands still.
func TestExpireSeesAMapThatKeepsEverything(t *testing.T) {
	keeps := impls.Of(spec.KindDedup)[0]
	create := keeps.NewMap
	keeps.NewMap = func(c spec.MapConfig, _ clock.Clock) spec.Map { return create(c, clock.NewMock()) }
	w := mapWork{buckets: 1, keys: 1000}
	if err := w.expire(keeps, &meter{wanted: 50 * time.Millisecond}); err == nil || !strings.Contains(err.Error(), "nothing expires") {
		t.Errorf("got %v", err)
	}
}

// TestLatencyCountsFromWhenAnItemWasDue: who cannot be put to must not look fast.
func TestLatencyCountsFromWhenAnItemWasDue(t *testing.T) {
	slow := toysNamed("honest")[0]
	create := slow.NewBatcher
	slow.NewBatcher = func(c spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item)) spec.Batcher {
		b := create(c, clk, fn).(*toyBatcher)
		put, first := b.put, true
		b.put = func(item *spec.Item) {
			if first { // one Put takes as long as twenty items are apart
				first = false
				time.Sleep(100 * time.Millisecond)
			}
			put(item)
		}
		return b
	}
	m := &meter{}
	w := pace{size: 1, timeout: time.Second, producers: 1, burst: 1, every: 5 * time.Millisecond, times: 20}
	if err := w.run(slow, m); err != nil {
		t.Fatal(err)
	}
	if got := m.latency.ValueAtQuantile(50); got < int64(30*time.Millisecond) {
		t.Errorf("the median is %v, though half of the items were more than 45ms late", time.Duration(got))
	}
}

func TestRivalsTakeTurns(t *testing.T) {
	var order []string
	o := Options{
		Scenarios: put(t), Subjects: append(impls.Of(spec.KindBatcher)[:2], toysNamed("honest")...),
		Samples: 3, Limit: time.Minute, Seed: 1, Worker: self,
		Progress: func(done, total int, row string) {
			if total != 9 || done != len(order)+1 {
				t.Errorf("%d of %d, want %d of 9", done, total, len(order)+1)
			}
			order = append(order, row)
		},
	}
	table, failed := Run(t.Context(), o)
	if len(failed) > 0 || len(table.Rows) != 3 {
		t.Fatalf("%d rows, %v", len(table.Rows), failed)
	}
	for i := 0; i < len(order); i += 3 {
		turn := slices.Clone(order[i : i+3])
		slices.Sort(turn)
		if len(slices.Compact(turn)) != 3 {
			t.Errorf("turn %d is of %v, want each row once", i/3, order[i:i+3])
		}
	}
	for _, r := range table.Rows {
		if len(r.Samples) != 3 {
			t.Errorf("%s has %d samples", r.Name, len(r.Samples))
		}
	}
}

// TestARowThatFailsIsNamed: a failure is one line, and takes no other row with it.
func TestARowThatFailsIsNamed(t *testing.T) {
	for name, want := range map[string]string{
		"panics":  "panic: toy: out of order",
		"hangs":   "did not end within",
		"forgets": "the handler saw 0 of",
		"exits":   "the process ended: exit status 3",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := Options{Scenarios: put(t), Subjects: toysNamed("honest", name), Samples: 2, Limit: 20 * time.Second, Seed: 1, Worker: self}
			if name == "hangs" {
				o.Limit = 2 * time.Second
			}
			table, failed := Run(t.Context(), o)
			if len(failed) != 1 || !strings.HasPrefix(failed[0].Error(), "Batcher/impl="+name+"/") || !strings.Contains(failed[0].Error(), want) {
				t.Errorf("got %v, want one that says %q", failed, want)
			}
			if row := table.Row("honest", "Batcher/put/producers=1"); row == nil || len(row.Samples) != 2 {
				t.Errorf("the honest one has %v, want two samples", row)
			}
			if table.Row(name, "Batcher/put/producers=1") != nil {
				t.Error("the one that failed has samples")
			}
		})
	}
}

func TestInterruptedKeepsSamples(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := Options{Scenarios: put(t), Subjects: toysNamed("honest"), Samples: 100, Limit: time.Minute, Seed: 1, Worker: self,
		Progress: func(done, _ int, _ string) {
			if done == 2 {
				cancel()
			}
		}}
	table, failed := Run(ctx, o)
	if len(failed) != 1 || failed[0].Error() != "interrupted" {
		t.Errorf("got %v", failed)
	}
	if len(table.Rows) != 1 || len(table.Rows[0].Samples) != 2 {
		t.Errorf("kept %+v, want two samples", table.Rows)
	}
}

func TestTableSurvivesWritingAndReading(t *testing.T) {
	table := &Table{}
	table.Set("cpu", "a b: c")
	table.Set("status", "incomplete: x; y")
	table.add("Batcher/impl=baseline/scenario=bursty/producers=8", Sample{10, []Value{{NsPerOp, 123.25}, {P99, 4096}, {ItemsPerSec, 1e6}, {CPUPerOp, 7}}})
	table.add("Map/impl=direct/scenario=get-miss/buckets=60/keys=100", Sample{20, []Value{{NsPerOp, 0.5}, {AllocsPerOp, 0.0105}, {BytesPerKey, 24}}})
	table.add("Batcher/impl=baseline/scenario=bursty/producers=8", Sample{11, []Value{{NsPerOp, 125}}})
	var text bytes.Buffer
	if err := table.Write(&text); err != nil {
		t.Fatal(err)
	}
	got, err := Read(bytes.NewReader(text.Bytes()), "samples")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprintf("%+v", dump(got)), fmt.Sprintf("%+v", dump(table)); a != b {
		t.Errorf("read\n%s\nwant\n%s", a, b)
	}
	if r := got.Row("baseline", "Batcher/bursty/producers=8"); r == nil || !slices.Equal(r.Values(NsPerOp), []float64{123.25, 125}) {
		t.Errorf("got %+v", r)
	}
}

func dump(t *Table) (list []any) {
	for _, c := range t.Config {
		list = append(list, c)
	}
	for _, r := range t.Rows {
		list = append(list, *r)
	}
	return list
}

func TestReadRefusesWhatIsNoTable(t *testing.T) {
	for name, text := range map[string]string{
		"empty":       "",
		"other":       "hello\n",
		"half a line": "BenchmarkBatcher/impl=x/scenario=put 10 12\n",
		"no number":   "BenchmarkBatcher/impl=x/scenario=put 10 many ns/op\n",
	} {
		if table, err := Read(strings.NewReader(text), name); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: read %+v, %v", name, table, err)
		}
	}
}

func TestServeRefusesWhatIsNoRequest(t *testing.T) {
	if err := Serve(strings.NewReader("get\n"), io.Discard, nil); err == nil {
		t.Error("served it")
	}
	var out bytes.Buffer
	if err := Serve(strings.NewReader(`{"Row":"Batcher/impl=nobody/scenario=put"}`), &out, impls.All()); err != nil || !strings.Contains(out.String(), "no row") {
		t.Errorf("got %q, %v", out.String(), err)
	}
}

func TestSelect(t *testing.T) {
	if list, err := Select(nil); err != nil || len(list) != len(Scenarios()) {
		t.Errorf("no names: %d, %v", len(list), err)
	}
	if list, err := Select([]string{"bursty", "Map/set-new/buckets=1/keys=1000"}); err != nil || len(list) != 3 {
		t.Errorf("got %d, %v", len(list), err)
	}
	if _, err := Select([]string{"put", "busty"}); err == nil || !strings.Contains(err.Error(), `"busty"`) {
		t.Errorf("got %v", err)
	}
}

func TestIDsAreUniqueAndFollowFromNames(t *testing.T) {
	seen := map[string]bool{}
	for _, sc := range Scenarios() {
		if seen[sc.ID()] {
			t.Errorf("%s is there twice", sc.ID())
		}
		seen[sc.ID()] = true
		if r := newRow(sc.Row("x")); r.ID != sc.ID() || r.Impl != "x" {
			t.Errorf("%s became %+v", sc.Row("x"), r)
		}
		if got, ok := ByID(sc.ID()); !ok || got.Name != sc.Name {
			t.Errorf("%s is not found", sc.ID())
		}
	}
}

func TestValidate(t *testing.T) {
	good := Options{Scenarios: put(t), Subjects: toys, Samples: 1, Limit: 1}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for _, spoil := range []func(*Options){
		func(o *Options) { o.Samples = 0 }, func(o *Options) { o.Samples = 1001 }, func(o *Options) { o.Time = -1 },
		func(o *Options) { o.Limit = 0 }, func(o *Options) { o.Scenarios = nil }, func(o *Options) { o.Subjects = nil },
	} {
		o := good
		spoil(&o)
		if o.Validate() == nil {
			t.Errorf("%+v is taken for good", o)
		}
	}
}
