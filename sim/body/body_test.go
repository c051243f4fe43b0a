package body

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"batchlab/sim/weave/rt"
)

// Bodies here call what woven code calls.
func woven(t *testing.T) {
	t.Helper()
	old := rt.Woven
	rt.Woven = "by hand"
	t.Cleanup(func() { rt.Woven = old })
}

func explore(t *testing.T, f func(*T), o Options) *Report {
	t.Helper()
	r, err := Explore("TestX", f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNotWoven(t *testing.T) {
	if _, err := Explore("TestX", func(*T) {}, Options{}); !errors.Is(err, ErrNotWoven) {
		t.Error(err)
	}
}

// TestLaws shows each law a body that breaks it, and one that is like it and does not.
func TestLaws(t *testing.T) {
	woven(t)
	recv := func() { <-rt.From("x.go:1", make(chan int)) }
	for _, c := range []struct {
		name string
		body func(*T)
		law  Law
		text string
	}{
		{"a panic", func(*T) { rt.Go("x.go:1", func() { panic("oh") }) }, Panics, "oh"},
		{"a panic that is caught", func(*T) { defer func() { _ = recover() }(); panic("oh") }, "", ""},
		{"a watchdog that nobody stopped", func(*T) {
			rt.TimeAfterFunc("x.go:1", time.Minute, func() { panic("it hangs") })
		}, "", ""},
		{"a watchdog that complains", func(t *T) {
			rt.TimeAfterFunc("x.go:1", time.Minute, func() { t.Error("it hangs") })
		}, "", ""},
		{"a panic soon after", func(*T) {
			rt.TimeAfterFunc("x.go:1", time.Millisecond, func() { panic("oh") })
		}, Panics, "oh"},
		{"a panic long after, not of the test's making", func(*T) {
			var ch chan int
			rt.TimeAfterFunc("x.go:1", time.Minute, func() { rt.Close("x.go:2", ch) })
		}, Panics, "close of nil channel"},
		{"a failure", func(t *T) { t.Error("wrong") }, Fails, "wrong"},
		{"a failure of a subtest", func(t *T) { t.Run("sub", func(t *T) { t.Fatal("wrong") }) }, Fails, "wrong"},
		{"a failure elsewhere", func(t *T) { rt.Go("x.go:1", func() { t.Fatal("wrong") }); rt.Yield("") }, Fails, "wrong"},
		{"Goexit", func(*T) { func() { panic(nil) }() }, Panics, "nil"},
		{"a deadlock", func(*T) { recv() }, Deadlock, "test waits to receive at x.go:1"},
		{"left behind", func(*T) { rt.Go("x.go:9", recv) }, Left, "test/1 waits to receive at x.go:1"},
		{"left sleeping", func(*T) {
			rt.Go("x.go:9", func() {
				for {
					rt.TimeSleep("x.go:1", time.Second)
				}
			})
		}, "", ""},
		{"left on a ticker", func(*T) {
			rt.Go("x.go:9", func() {
				for c := rt.TimeTick("x.go:1", time.Second); ; {
					<-rt.From("x.go:2", c)
				}
			})
		}, "", ""},
		{"a spin", func(*T) {
			for {
				rt.RuntimeGosched("x.go:1")
			}
		}, Spins, "test is at x.go:1"},
		{"a spin of two", func(*T) {
			var a, b atomic.Bool
			for _, flag := range []*atomic.Bool{&a, &b} {
				rt.Go("x.go:9", func() {
					for !rt.At("x.go:1", flag).Load() {
					}
				})
			}
		}, Spins, "test/"},
		{"much work on one number", func(*T) {
			for n := new(atomic.Int64); rt.At("x.go:1", n).Add(1) < 1_500_000; {
			}
		}, "", ""},
		{"much work on many", func(*T) {
			var many [100]atomic.Bool
			for i := range 1_500_000 {
				rt.At("x.go:1", &many[i%len(many)]).Load()
			}
		}, "", ""},
		{"much work under a lock", func(*T) {
			var mu sync.Mutex
			for range 1_500_000 {
				rt.MutexLock("x.go:1", &mu)
				rt.MutexUnlock("x.go:2", &mu)
			}
		}, "", ""},
		{"a wait for time that spins", func(*T) {
			for begin := rt.TimeNow("x.go:1"); rt.TimeSince("x.go:1", begin) < time.Millisecond; {
			}
		}, "", ""},
		{"held", func(*T) { rt.Go("x.go:9", func() { rt.MutexLock("x.go:1", new(sync.Mutex)) }) }, Held, "locked it at x.go:1"},
		{"unlocked by another", func(*T) {
			var mu sync.Mutex
			rt.MutexLock("x.go:1", &mu)
			rt.Go("x.go:9", func() { rt.MutexUnlock("x.go:2", &mu) })
		}, "", ""},
		{"a circle", func(*T) {
			var a, b sync.Mutex
			two := func(x, y *sync.Mutex) func() {
				return func() {
					rt.MutexLock("x.go:1", x)
					rt.MutexLock("x.go:2", y)
					rt.MutexUnlock("x.go:3", y)
					rt.MutexUnlock("x.go:4", x)
				}
			}
			rt.Go("x.go:8", two(&a, &b))
			rt.Go("x.go:9", two(&b, &a))
		}, Left, "wait for each other: test/1 waits for a lock at x.go:2, held by test/2 since x.go:1"},
	} {
		r := explore(t, c.body, Options{Schedules: 50, Whole: 50})
		if r.Find == nil && c.law == "" {
			continue
		}
		if r.Find == nil || r.Find.Law != c.law || !strings.Contains(r.Find.Text, c.text) {
			t.Errorf("%s: %+v, want %s: %s", c.name, r.Find, c.law, c.text)
		}
		if r := explore(t, c.body, Options{Schedules: 5, Whole: -1, Waive: []Law{c.law}}); r.Find != nil {
			t.Errorf("%s, waived: %+v", c.name, r.Find)
		}
	}
}

// TestHurried: what a test takes for granted about time is not held against it, but a fault of
// others is.
func TestHurried(t *testing.T) {
	woven(t)
	soon := func(done *bool) {
		timer := rt.TimeNewTimer("x.go:1", time.Second)
		for range 5 {
			rt.RuntimeGosched("x.go:2")
		}
		<-rt.From("x.go:3", timer.C)
		*done = true
	}
	early := func(say func(t *T)) func(*T) {
		return func(t *T) {
			var fired atomic.Bool
			rt.TimeAfterFunc("x.go:1", time.Second, func() { fired.Store(true) })
			for range 5 {
				rt.RuntimeGosched("x.go:2")
			}
			if fired.Load() {
				say(t)
			}
		}
	}
	if r := explore(t, early(func(t *T) { t.Fatal("too early") }), Options{}); r.Find != nil || r.Hasty == 0 {
		t.Errorf("%+v, %d hasty", r.Find, r.Hasty)
	}
	if r := explore(t, early(func(*T) { panic("too early") }), Options{}); r.Find != nil || r.Hasty == 0 {
		t.Errorf("%+v, %d hasty", r.Find, r.Hasty)
	}
	other := early(func(*T) { rt.Go("x.go:4", func() { panic("oh") }) })
	if r := explore(t, other, Options{}); r.Find == nil || r.Find.Law != Panics {
		t.Errorf("%+v", r.Find)
	}
	twice := early(func(*T) { rt.Go("x.go:4", func() { var ch chan int; rt.Close("x.go:5", ch) }) })
	if r := explore(t, twice, Options{}); r.Find != nil || r.Hasty == 0 {
		t.Errorf("a callback that closes too often: %+v, %d hasty", r.Find, r.Hasty)
	}
	done := false
	if r := explore(t, func(*T) { soon(&done) }, Options{Schedules: 5}); r.Find != nil || !done {
		t.Errorf("%+v, done %v", r.Find, done)
	}
}

// TestReadLockInside: who waits behind a writer is told where the reader before it has locked.
func TestReadLockInside(t *testing.T) {
	woven(t)
	r := explore(t, func(*T) {
		var mu sync.RWMutex
		rt.RWMutexRLock("x.go:1", &mu)
		rt.Go("x.go:9", func() { rt.RWMutexLock("x.go:2", &mu) })
		rt.RuntimeGosched("x.go:3")
		rt.RWMutexRLock("x.go:4", &mu)
	}, Options{})
	if f := r.Find; f == nil || f.Law != Deadlock || !slices.ContainsFunc(f.Detail, func(l string) bool {
		return strings.Contains(l, "waits for readers to unlock at x.go:2, held by test since x.go:1")
	}) {
		t.Errorf("%+v", f)
	}
}

// TestT: what package testing does.
func TestT(t *testing.T) {
	woven(t)
	var said []string
	say := func(text string) { said = append(said, text) }
	r := explore(t, func(t *T) {
		said = nil
		t.Cleanup(func() { say("cleanup " + t.Name()) })
		t.Cleanup(func() {
			if t.Context().Err() != nil {
				say("done")
			}
		})
		if t.Context().Err() == nil {
			say("begin")
		}
		t.Run("a b", func(t *T) { say(t.Name()); t.SkipNow() })
		t.Run("a b", func(t *T) { say(t.Name()); t.Cleanup(func() { say("in between") }) })
		t.Run("p", func(t *T) { t.Parallel(); say(t.Name()) })
		t.Run("only not", func(t *T) { say("never") })
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f"), nil, 0o666); err != nil {
			t.Error(err)
		}
		t.Setenv("BODY_TEST", "x")
		say("end " + os.Getenv("BODY_TEST"))
		var tb testing.TB = t
		tb.Helper()
	}, Options{Schedules: 1, Whole: -1, Only: func(name string) bool { return !strings.Contains(name, "not") }})
	want := []string{"begin", "TestX/a_b", "TestX/a_b#01", "in between", "end x", "TestX/p", "done", "cleanup TestX"}
	if r.Find != nil || !slices.Equal(said, want) {
		t.Errorf("%+v\n%q\nwant\n%q", r.Find, said, want)
	}
	if os.Getenv("BODY_TEST") != "" || len(r.Uncontrolled) != 1 {
		t.Errorf("variable %q, uncontrolled %q", os.Getenv("BODY_TEST"), r.Uncontrolled)
	}
	if r := explore(t, func(t *T) { t.Skip("not here") }, Options{}); !strings.HasSuffix(r.Skipped, "not here") || r.Schedules != 1 {
		t.Errorf("%+v", r)
	}
	if r := explore(t, func(t *T) { t.Outside("f takes a *testing.T") }, Options{}); !strings.Contains(r.Cannot, "not woven") {
		t.Errorf("%+v", r)
	}
}

// lost is wrong if the second goroutine comes between the two steps of the first.
func lost(t *T) {
	var n atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		rt.WaitGroupGo("x.go:1", &wg, func() {
			mine := n.Load()
			rt.At("x.go:2", &n).Store(mine + 1)
		})
	}
	rt.WaitGroupWait("x.go:3", &wg)
	if got := n.Load(); got != 2 {
		t.Fatalf("got %d", got)
	}
}

// TestKept: a find is shrunk, kept, and run first the next time; the same seed writes the same bytes.
func TestKept(t *testing.T) {
	woven(t)
	var texts []string
	dir := ""
	for range 2 {
		dir = t.TempDir()
		r := explore(t, lost, Options{Dir: dir, Seed: 3})
		if r.Find == nil || len(r.Find.Schedule) != 1 || r.Find.Known {
			t.Fatalf("%+v", r.Find)
		}
		text, err := os.ReadFile(r.Find.File)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	want := "# the test fails: body_test.go:*: got 1\n# one choice is not the default.\nbody: TestX\nlaw: failed\n" +
		"schedule: test/1 1 x.go:2 touch -> test/2\n"
	if ok, _ := filepath.Match(want, texts[0]); !ok || texts[0] != texts[1] {
		t.Errorf("got\n%s\nthen\n%s", texts[0], texts[1])
	}
	r := explore(t, lost, Options{Dir: dir, Seed: 4})
	if r.Find == nil || !r.Find.Known || r.Schedules != 1 {
		t.Errorf("%+v in %d schedules", r.Find, r.Schedules)
	}
	if r := explore(t, func(*T) {}, Options{Dir: dir}); r.Find != nil || r.Schedules < 2 {
		t.Errorf("%+v in %d schedules", r.Find, r.Schedules)
	}
	for text, want := range map[string]string{
		"body: TestX\nschedule: what": "x.seed:2:11: ", "law: left\n": "no body: line", "body: a\nfoo: b": "x.seed:2:1: ",
		"body: TestX\nunfair: -1": "x.seed:2:1: ", "body: TestY": "is of TestY, not of TestX",
	} {
		file := filepath.Join(t.TempDir(), "x.seed")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Explore("TestX", lost, Options{Replay: file}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestStale: a lock that a schedule has left locked is a fault of that schedule, and what comes of it in later
// ones is said and not guessed.
func TestStale(t *testing.T) {
	woven(t)
	var global sync.Mutex
	n := 0
	r := explore(t, func(*T) {
		if n++; n < 3 {
			return
		}
		rt.MutexLock("x.go:1", &global)
		rt.Go("x.go:2", func() { <-rt.From("x.go:3", make(chan int)) })
	}, Options{Waive: []Law{Left, Held}, Schedules: 10})
	if r.Find != nil || !strings.Contains(r.Cannot, "x.go:1") || r.Schedules != 4 {
		t.Errorf("%+v", r)
	}
}

// TestSame: the same seed finds the same in the same schedule.
func TestSame(t *testing.T) {
	woven(t)
	for seed := range uint64(5) {
		a, b := explore(t, lost, Options{Seed: seed}), explore(t, lost, Options{Seed: seed})
		if a.Find.At != b.Find.At || a.Points != b.Points || !slices.Equal(a.Find.Schedule, b.Find.Schedule) {
			t.Errorf("seed %d: %+v\n%+v", seed, a, b)
		}
	}
}

// TestWhole: a body with few schedules is run under all of them.
func TestWhole(t *testing.T) {
	woven(t)
	two := func(*T) {
		rt.Go("x.go:1", func() { rt.RuntimeGosched("x.go:2") })
		rt.RuntimeGosched("x.go:3")
	}
	if r := explore(t, two, Options{}); !r.Complete || r.Find != nil {
		t.Errorf("%+v", r)
	}
	if r := explore(t, two, Options{Whole: 2}); r.Complete {
		t.Errorf("%+v", r)
	}
	if r := explore(t, func(*T) {}, Options{}); !r.Complete || r.Schedules > 4 {
		t.Errorf("%+v", r)
	}
}

// TestShownWhatRunsDo: a strategy that learns from what a run does is shown that.
func TestShownWhatRunsDo(t *testing.T) {
	woven(t)
	between := func(t *T) {
		var s, own atomic.Int64
		rt.Go("x.go:1", func() {
			rt.At("x.go:2", &s).Store(1)
			rt.At("x.go:3", &s).Store(2)
		})
		for range 12 {
			rt.At("x.go:4", &own).Add(1)
		}
		if rt.At("x.go:5", &s).Load() == 1 {
			t.Error("between")
		}
	}
	for strategy, found := range map[string]bool{"random": false, "surw": true} {
		r := explore(t, between, Options{Strategy: strategy, Seed: 1, Schedules: 200, Whole: -1})
		if (r.Find != nil) != found {
			t.Errorf("%s finds %v in %d schedules", strategy, r.Find, r.Schedules)
		}
	}
}
