package rt

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var endingsSituations = []situation{
	{"a goroutine panics", func() string { goes(func() { panic(errors.New("oh")) }); Idle(1); return "" }, one("panic: oh"), true},
	{"main panics", func() string { panic("oh") }, one("panic: oh"), true},
	{"nil", func() string { panic(nil) }, one("panic: panic called with nil argument"), true},
	{"what panics has points", func() string { panic(busy{}) }, one("panic: busy"), true},
	{"recovered", func() string {
		return text(panics(func() { defer func() { RuntimeGosched("g"); panic("second") }(); panic("first") }))
	}, one("second"), false},
	{"Goexit", func() string {
		n := 0
		together2 := make(chan int, 1)
		goes(func() { defer send(together2, 1); defer func() { n++ }(); runtime.Goexit() })
		recv(together2)
		return text(n)
	}, one("1"), false},
	{"Goexit of main", func() string { runtime.Goexit(); return "" }, one("panic: the main function ended its goroutine"), true},
	{"left", func() string {
		var mu sync.Mutex
		MutexLock("l", &mu)
		goes(func() { MutexLock("m", &mu) })
		goes(func() { TimeSleep("z", 1) })
		return "main"
	}, one("main left: lab/1 waits for a lock at m, held by lab; lab/2 sleeps at z"), true},
	{"spinning, and giving way", func() string {
		for {
			RuntimeGosched("g")
		}
	}, one("spun"), true},
	{"two lock in two orders", func() string {
		var a, b sync.Mutex
		two := func(x, y *sync.Mutex) func() {
			return func() { MutexLock("1", x); MutexLock("2", y); MutexUnlock("3", y); MutexUnlock("4", x) }
		}
		together(two(&a, &b), two(&b, &a))
		return "done"
	}, one("done", "deadlock: lab waits to receive at done; lab/1 waits for a lock at 2, held by lab/2; lab/2 waits for a lock at 2, held by lab/1"), true},
	{"deferred calls of those who are ended", func() string {
		goes(func() {
			defer func() { _ = recover(); recv(nil) }()
			defer RuntimeGosched("g")
			recv(nil)
		})
		goes(func() {
			defer func() { panic("too late") }()
			recv(nil)
		})
		return "main"
	}, one("main left: lab/1 waits to receive at r; lab/2 waits to receive at r"), true},
}

func TestEndings(t *testing.T) { check(t, endingsSituations) }

type busy struct{}

func (busy) String() string { RuntimeGosched("busy"); return "busy" }

// TestSpin: whoever spins without giving way is taken to give way, so that the others can
// end it; and a schedule that never lets them is stopped.
func TestSpin(t *testing.T) {
	spin := func() {
		var stop atomic.Bool
		goes(func() { At("x", &stop).Store(true) })
		for !At("x", &stop).Load() {
		}
	}
	if res := Run(Config{Chooser: defaults{}, Steps: 10_000}, spin); res.Spun || res.Points < unfair {
		t.Errorf("spun: %v, %d points", res.Spun, res.Points)
	}
	for range 3 {
		if res := Run(Config{Chooser: defaults{}, Steps: 1000}, spin); !res.Spun {
			t.Error("not stopped")
		}
	}
}

// defaults takes the default.
type defaults struct{}

//go:norace
func (defaults) Next(p *Point) int { return p.Default }

//go:norace
func (defaults) Value(*Point) int { return 0 }

// TestLimits: a run that needs more than there is is stopped, wherever that shows.
func TestLimits(t *testing.T) {
	for name, main := range map[string]func(){
		"goroutines": func() {
			for {
				goes(func() {})
			}
		},
		"log": func() {
			for range 3 {
				goes(func() {
					for {
						At("x", 1)
					}
				})
			}
			Idle(1)
		},
		"objects": func() {
			for {
				MutexTryLock("l", new(sync.Mutex))
			}
		},
		"timers": func() {
			for {
				TimeNewTimer("t", 1)
			}
		},
	} {
		if res := Run(Config{Chooser: &dice{1}, Steps: 1 << 20}, main); !res.Full || res.Panic != "" {
			t.Errorf("%s: full: %v %s", name, res.Full, res.Panic)
		}
	}
}

// TestLogFull: the log may be full when a goroutine ends, and cannot be stopped any more.
func TestLogFull(t *testing.T) {
	for seed := range uint64(200) {
		var res Result
		res = Run(Config{Chooser: &dice{seed}}, func() {
			s.nlog = maxLog - int(seed%20)
			for range 9 {
				goes(func() {})
			}
			Idle(1)
			for {
				goes(func() {})
				At("x", &res)
			}
		})
		if !res.Full || len(res.Log) != maxLog {
			t.Fatalf("seed %d: full: %v, %d decisions", seed, res.Full, len(res.Log))
		}
	}
}

// mixture uses a bit of everything.
func mixture() {
	var (
		mu   sync.Mutex
		rw   sync.RWMutex
		wg   sync.WaitGroup
		pool sync.Pool
	)
	ch, other := make(chan int), make(chan int, 1)
	m := map[int]int{1: 1, 2: 2, 3: 3}
	for i := range 3 {
		WaitGroupGo("g", &wg, func() {
			MutexLock("l", &mu)
			PoolPut("p", &pool, i)
			MutexUnlock("u", &mu)
			sel := Select("x", i == 0, OnSend(ch), OnRecv(other))
			select {
			case Send(sel, 0, ch) <- i:
			case <-Recv(sel, 1, other):
			default:
			}
			RWMutexRLock("r", &rw)
			for r, k, _ := OverMap("m", m); r.Next(&k, nil); {
				PoolGet("g", &pool)
			}
			RWMutexRUnlock("ru", &rw)
		})
	}
	goes(func() {
		for r, v := Over("o", ch); r.Next(&v); {
			RWMutexLock("l", &rw)
			m[4+v] = v
			RWMutexUnlock("u", &rw)
			trySend(other, v)
		}
	})
	WaitGroupWait("w", &wg)
	Close("c", ch)
	TimeAfterFunc("t", s1, func() { MutexLock("l", &mu); MutexUnlock("u", &mu) })
	Advance(s1)
	Idle(1)
}

func lines(res Result) []string {
	var list []string
	for _, d := range res.Log {
		to := ""
		if d.To != nil {
			to = d.To.Name
		}
		list = append(list, text(d.G.Name, d.Nth, d.Site, d.What, to, d.Alt, d.N, d.Forced, d.Plain))
	}
	return append(list, text(res.Points, res.Left, res.Panic, res.Deadlock, res.Spun, res.Full))
}

// TestDeterminism: the same seed gives the same log, on one core and on two.
func TestDeterminism(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	differ := map[string]bool{}
	for seed := range uint64(150) {
		var first []string
		for i := range 4 {
			runtime.GOMAXPROCS(1 + i%2)
			got := lines(Run(Config{Chooser: &dice{seed}}, mixture))
			if first == nil {
				first = got
			} else if !slices.Equal(got, first) {
				t.Fatalf("seed %d, run %d:\n%s\nand before:\n%s", seed, i, strings.Join(got, "\n"), strings.Join(first, "\n"))
			}
		}
		differ[strings.Join(first, "\n")] = true
		seen := map[string]bool{}
		for _, line := range first[:len(first)-1] {
			key := strings.Join(strings.Fields(line)[:2], " ")
			if seen[key] {
				t.Fatalf("seed %d: two decisions at %s", seed, key)
			}
			seen[key] = true
		}
	}
	if len(differ) < 140 {
		t.Errorf("%d logs of 150 seeds", len(differ))
	}
}

// TestNothingIsLeft: thousands of runs, with goroutines that are ended in every state,
// leave none behind.
func TestNothingIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for seed := range uint64(2000) {
		Run(Config{Chooser: &dice{seed}, Steps: 50 + int(seed%100)}, mixture)
	}
	for i := 0; runtime.NumGoroutine() > before && i < 1_000_000; i++ {
		runtime.Gosched() // the last steps of a goroutine that has said that it is done
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

func TestNested(t *testing.T) {
	if res := Run(Config{Chooser: defaults{}}, func() { Run(Config{}, func() {}) }); res.Panic != "batchlab: rt.Run while another is under way" {
		t.Errorf("%q", res.Panic)
	}
}
