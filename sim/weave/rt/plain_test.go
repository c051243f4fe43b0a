package rt

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// TestPlain: lines that touch memory beside each other without a common lock are found, and no others; then
// they are points, and an increment can be lost there.
func TestPlain(t *testing.T) {
	if RaceEnabled {
		t.Skip("the accesses race")
	}
	var mu sync.Mutex
	var rw sync.RWMutex
	inc := func(site string, p *int) { *Wrote(site, "n", p) = Then(site, "n", *Read(site, "n", p)+1) }
	locked := func(p *int) func() {
		return func() {
			MutexLock("lock", &mu)
			inc("locked", p)
			MutexUnlock("unlock", &mu)
		}
	}
	shared := func(site string, access func(p *int), p *int) func() {
		return func() {
			RWMutexRLock("read lock", &rw)
			access(p)
			RWMutexRUnlock("read unlock", &rw)
		}
	}
	read := func(p *int) { _ = *Read("reader", "n", p) }
	for _, c := range []struct {
		name string
		of   func(p *int) (a, b func())
		want []string
	}{
		{"no lock", func(p *int) (a, b func()) { a = func() { inc("bare", p) }; return a, a }, one("bare")},
		{"a lock", func(p *int) (a, b func()) { return locked(p), locked(p) }, nil},
		{"half a lock", func(p *int) (a, b func()) { return locked(p), func() { read(p) } }, one("locked", "reader")},
		{"reads", func(p *int) (a, b func()) { return func() { read(p) }, func() { read(p) } }, nil},
		{"read locks", func(p *int) (a, b func()) { return shared("r", read, p), shared("r", read, p) }, nil},
		{"written under a read lock", func(p *int) (a, b func()) {
			a = shared("w", func(p *int) { inc("shared", p) }, p)
			return a, a
		}, one("shared")},
		{"two places", func(p *int) (a, b func()) { return func() { inc("mine", p) }, func() { inc("yours", new(int)) } }, nil},
	} {
		unlocked.n, unlocked.heeded = 0, 0
		lost := false
		for seed := range 100 {
			n := 0
			res := Run(Config{Chooser: &dice{uint64(seed)}, Plain: Heeded}, func() { together(c.of(&n)) })
			lost = lost || n == 1 && c.name == "no lock"
			if res.Spun || res.Panic != "" {
				t.Fatalf("%s: %+v", c.name, res)
			}
			if lost && unlocked.heeded == 0 {
				t.Errorf("%s: an increment is lost before that is a point", c.name)
			}
			Heed()
		}
		got := Lines()
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: found %q, want %q", c.name, got, c.want)
		}
		if lost != (c.name == "no lock") {
			t.Errorf("%s: lost is %v", c.name, lost)
		}
	}
	unlocked.n, unlocked.heeded = 0, 0
}

// TestPlainLoop: a loop of plain accesses is no spin, however long it computes, and one that waits for
// another goroutine lets that go on.
func TestPlainLoop(t *testing.T) {
	if RaceEnabled {
		t.Skip("the accesses race")
	}
	n, done := 0, false
	res := Run(Config{Chooser: defaults{}, Plain: Counted}, func() {
		for range 100_000 {
			*Write("loop", "n", &n) = 1
		}
	})
	if res.Spun {
		t.Error("a computation spins")
	}
	var mu sync.Mutex
	res = Run(Config{Chooser: defaults{}, Plain: Counted}, func() {
		for i := range 20 * plainSpin {
			if *Write("loop", "n", &n) = 1; i%10_000 == 0 {
				MutexLock("lock", &mu)
				MutexUnlock("unlock", &mu)
			}
		}
	})
	if res.Spun {
		t.Error("a long computation that passes points spins")
	}
	res = Run(Config{Chooser: defaults{}, Plain: Counted}, func() {
		together(func() {
			for !*Read("wait", "done", &done) {
			}
		}, func() { *Write("set", "done", &done) = true })
	})
	if res.Spun || !done {
		t.Errorf("who waits for another: %+v", res)
	}
}

// TestRepeats: who waits by looking at the same again and again is stopped soon if nobody else can go on, or all
// have had the turn, and not if what he sees changes, or he writes.
func TestRepeats(t *testing.T) {
	var flag atomic.Bool
	var n atomic.Int64
	plain := 0
	look := func() bool { return Touch("look", "load flag", &flag).Load() }
	for _, c := range []struct {
		name   string
		run    func()
		spins  bool
		points int // at most
	}{
		{"alone", func() {
			for !look() {
			}
		}, true, 3000},
		{"two", func() {
			together(func() {
				for !look() {
				}
			}, func() {
				for !look() {
				}
			})
		}, true, 9000},
		{"until another sets it", func() {
			together(func() {
				for !look() {
				}
			}, func() { Touch("set", "store", &flag).Store(true) })
		}, false, 3000},
		{"a number that goes up", func() {
			for range 10_000 {
				Touch("add", "add", &n).Add(1)
			}
		}, false, 20_000},
		{"a write", func() {
			for range 10_000 {
				look()
				*Write("write", "n", &plain) = 1
			}
		}, false, 20_000},
	} {
		flag.Store(false)
		res := Run(Config{Chooser: defaults{}, Plain: Heeded}, c.run)
		if res.Spun != c.spins || res.Points > c.points {
			t.Errorf("%s: spun %v after %d points, want %v and at most %d", c.name, res.Spun, res.Points, c.spins, c.points)
		}
	}
}
