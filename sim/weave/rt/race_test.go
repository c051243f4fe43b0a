package rt

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// What the race detector must report, and what it must not, under every schedule.
var (
	racy = map[string]func(){
		"counter":  func() { n := 0; together(func() { n++ }, func() { n++ }) },
		"struct":   func() { var p struct{ a, b int }; together(func() { p.a, p.b = 1, 2 }, func() { _ = text(p.a) }) },
		"two maps": func() { m := map[int]int{}; together(func() { m[1]++ }, func() { _ = text(m[2]) }) },
		"check, then act": func() {
			var mu sync.Mutex
			done, x := false, 0
			act := func() {
				MutexLock("l", &mu)
				was := done
				MutexUnlock("u", &mu)
				if !was { // both may come here
					x++
					MutexLock("l", &mu)
					done = true
					MutexUnlock("u", &mu)
				}
			}
			together(act, act)
		},
		"after a send":        func() { x, ch := 0, make(chan int); goes(func() { send(ch, 1); x++ }); recv(ch); x++; Idle(1) },
		"buffered, backwards": func() { x, ch := 0, make(chan int, 1); goes(func() { x++; recv(ch) }); send(ch, 1); x++; Idle(1) },
		"after a select": func() {
			x, ch := 0, make(chan int)
			goes(func() { swap(ch, 1); x++ })
			swap(ch, 2)
			x++
			Idle(1)
		},
		"writing under a read lock": func() {
			var mu sync.RWMutex
			n := 0
			add := func() { RWMutexRLock("r", &mu); n++; RWMutexRUnlock("u", &mu) }
			together(add, add)
		},
		"two locks": func() {
			var a, b sync.Mutex
			n := 0
			add := func(mu *sync.Mutex) func() { return func() { MutexLock("l", mu); n++; MutexUnlock("u", mu) } }
			together(add(&a), add(&b))
		},
		"quiet is no edge": func() { n := 0; goes(func() { n++ }); Idle(1); n++ },
		"drawing is no edge": func() {
			n := 0
			together(func() { n++; Rand.Int() }, func() { RandV2.Int(); MaphashMakeSeed(); n++ })
		},
		"meeting is no edge": func() {
			n, p := 0, new(int)
			together(func() { n++; Key(p) }, func() { Key(p); n++ })
		},
		"hashing is no edge": func() {
			n, seed, p := 0, MaphashMakeSeed(), any(new(int))
			hash := func() { MaphashComparable(seed, p); MaphashString(seed, "x") }
			together(func() { n++; hash() }, func() { hash(); n++ })
		},
		"a hash of both": func() {
			var h Hash
			h.SetSeed(MaphashMakeSeed())
			together(func() { h.WriteString("a") }, func() { h.WriteString("b") })
		},
		"a range is no edge": func() {
			n, a, b := 0, map[*int]int{Key(new(int)): 1, Key(new(int)): 2}, map[any]int{1: 1, Key[any](new(int)): 2}
			together(func() { n++; ranged(a) }, func() { ranged(b); n++ })
		},
		"what is used is no edge": func() {
			n := 0
			together(func() { n++; Gap("g", 1) }, func() { Gap("g", 1); n++; RuntimeNumGoroutine() })
		},
		"not from this item": func() {
			var p sync.Pool
			n := 0
			goes(func() { n++; PoolPut("p", &p, 1); PoolPut("p", &p, 2) })
			goes(func() { PoolPut("p", &p, 3); PoolGet("g", &p); n++ })
			Idle(1)
		},
	}
	sound = map[string]func(){
		"mutex": func() {
			var mu sync.Mutex
			n := 0
			add := func() { MutexLock("l", &mu); n++; MutexUnlock("u", &mu) }
			try := func() {
				if MutexTryLock("t", &mu) {
					n++
					MutexUnlock("u", &mu)
				}
			}
			together(add, add, try)
			n++
		},
		"rwmutex": func() {
			var mu sync.RWMutex
			n, sum := 0, [2]int{}
			add := func() { RWMutexLock("l", &mu); n++; RWMutexUnlock("u", &mu) }
			get := func(i int) func() { return func() { RWMutexRLock("l", &mu); sum[i] = n; RWMutexRUnlock("u", &mu) } }
			together(add, get(0), add, get(1))
			n += sum[0]
		},
		"unbuffered": func() {
			x, y, ch := 0, 0, make(chan int)
			goes(func() { x++; send(ch, 1); y++; recv(ch) })
			y++
			recv(ch)
			x++
			send(ch, 1)
			y++
		},
		"buffered": func() { x, ch := 0, make(chan *int, 1); goes(func() { x++; To("s", ch).Send(&x) }); *<-From("r", ch)++ },
		"a semaphore": func() {
			n, ch := 0, make(chan int, 1)
			add := func() { send(ch, 1); n++; recv(ch) }
			together(add, add, add)
		},
		"a token": func() {
			n, ch := 0, make(chan int, 1)
			send(ch, 1)
			add := func() { recv(ch); n++; send(ch, 1) }
			together(add, add, add)
		},
		"close": func() { n, ch := 0, make(chan int); goes(func() { n++; Close("c", ch) }); recv(ch); n++ },
		"selects": func() {
			x, y, a, b := 0, 0, make(chan int), make(chan int)
			goes(func() {
				x++
				sel := Select("x", false, OnSend(a), OnRecv(b))
				select {
				case Send(sel, 0, a) <- 1:
					y++
				case <-Recv(sel, 1, b):
				}
				recv(b)
			})
			y++
			either(a, b)
			x++
			send(b, 1)
			y++
		},
		"numbers, seeds and keys": func() {
			seed, p := MaphashMakeSeed(), new(int)
			m := map[*int]int{Key(p): 1, Key(new(int)): 2}
			use := func() {
				Rand.Intn(9)
				RandV2.Shuffle(3, func(int, int) {})
				RandRead(make([]byte, 3))
				MaphashComparable(seed, any(p))
				MaphashString(MaphashMakeSeed(), "x")
				Key(any(new(int)))
				ranged(m)
			}
			together(use, use, use)
		},
		"naming is not reading": func() {
			shared, local := &struct{ p *int }{}, &struct{ p *int }{new(int)}
			together(func() { shared.p = new(int) }, func() { FmtSprintf("%p %v", shared, local) })
		},
		"swap": func() {
			x, ch := [2]int{}, make(chan int)
			goes(func() { x[0]++; swap(ch, 0); _ = x[1] })
			x[1]++
			swap(ch, 0)
			_ = x[0]
		},
		"group": func() {
			var wg sync.WaitGroup
			var x [3]int
			for i := range x {
				WaitGroupGo("g", &wg, func() { x[i]++ })
			}
			wait := func() { WaitGroupWait("w", &wg); _ = text(x) }
			together(wait, wait)
			x[0]++
		},
		"once": func() {
			var once sync.Once
			n := 0
			get := func() { OnceDo("o", &once, func() { n++ }); _ = text(n) }
			together(get, get, get)
		},
		"OnceValue": func() {
			n := 0
			f := SyncOnceValue("o", func() *int { n++; return &n })
			together(func() { _ = text(*f()) }, func() { _ = text(*f()) })
		},
		"atomic": func() {
			var done atomic.Bool
			x := 0
			together(func() { x++; At("x", &done).Store(true) }, func() {
				for !At("x", &done).Load() {
					RuntimeGosched("g")
				}
				x++
			})
		},
		"cond": func() {
			c := SyncNewCond("c", &sync.Mutex{})
			n := 0
			wait := func() {
				LockerLock("l", c.L)
				for n == 0 {
					CondWait("w", c)
				}
				n++
				LockerUnlock("u", c.L)
			}
			together(wait, wait, func() { LockerLock("l", c.L); n++; LockerUnlock("u", c.L); CondBroadcast("b", c) })
		},
		"pool": func() {
			p := sync.Pool{New: func() any { return new(int) }}
			use := func() { x := PoolGet("g", &p).(*int); *x++; PoolPut("p", &p, x) }
			together(use, use, use)
		},
		"timers": func() {
			n, got := 1, make(chan int, 1)
			TimeAfterFunc("a", s1, func() { n++; send(got, n) })
			Advance(s1)
			recv(got)
			n++
		},
		"contexts": func() {
			n, got := 1, make(chan int, 1)
			ctx, cancel := context.WithCancel(context.Background())
			ContextAfterFunc("a", ctx, func() { n++; send(got, n) })
			goes(func() { At("x", &n); cancel() })
			recv(got)
			n++
			dead, stop := ContextWithTimeout("t", ctx, s1)
			stop()
			<-From("r", dead.Done())
		},
	}
)

// ranged goes through a map.
func ranged[K comparable](m map[K]int) (sum int) {
	for r, _, v := OverMap("m", m); r.Next(nil, &v); {
		sum += v
	}
	return sum
}

// TestMain lets this binary be what TestRaces runs in processes of its own.
func TestMain(m *testing.M) {
	if names := os.Getenv("RT_RACE"); names != "" {
		raceChild(names)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// raceChild runs programs under so many schedules, and prints how often the detector
// reported something.
func raceChild(names string) {
	Key(new(int)) // from now on something was met outside of runs, which is looked for under a lock
	n := 100
	if v, err := strconv.Atoi(os.Getenv("RT_SCHEDULES")); err == nil {
		n = v
	}
	for name := range strings.SplitSeq(names, "|") {
		f, ok := racy[name]
		if !ok {
			f = sound[name]
		}
		before, with := RaceErrors(), 0
		for seed := range n {
			was := RaceErrors()
			if res := Run(Config{Chooser: &dice{uint64(seed)}}, f); res.Panic != "" || res.Deadlock != "" {
				fmt.Printf("BROKEN %s: %s%s\n", name, res.Panic, res.Deadlock)
			}
			if RaceErrors() > was {
				with++
			}
		}
		fmt.Printf("RACES %s=%d in %d schedules\n", name, RaceErrors()-before, with)
	}
}

func TestRaces(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	binary := filepath.Join(t.TempDir(), "rt.test")
	if RaceEnabled {
		binary = os.Args[0]
	} else if out, err := exec.Command("go", "test", "-race", "-c", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	reported := regexp.MustCompile(`(?m)^RACES (.*)=(\d+) in (\d+) schedules$`)
	child := func(names []string, schedules, procs int) map[string][2]int {
		cmd := exec.Command(binary)
		cmd.Env = append(os.Environ(), "RT_RACE="+strings.Join(names, "|"), "RT_SCHEDULES="+strconv.Itoa(schedules), "GOMAXPROCS="+strconv.Itoa(procs),
			"GORACE=suppress_equal_stacks=0 suppress_equal_addresses=0 exitcode=0")
		out, _ := cmd.CombinedOutput()
		got := map[string][2]int{}
		for _, m := range reported.FindAllStringSubmatch(string(out), -1) {
			a, _ := strconv.Atoi(m[2])
			b, _ := strconv.Atoi(m[3])
			got[m[1]] = [2]int{a, b}
		}
		if strings.Contains(string(out), "BROKEN") || len(got) != len(names) {
			t.Fatalf("%.3000s", out)
		}
		return got
	}
	for procs := 1; procs <= 2; procs++ {
		for range 10 {
			for name, n := range child(slices.Collect(maps.Keys(racy)), 15, procs) {
				if n[0] == 0 {
					t.Errorf("%s, %d cores: not reported in any of 15 schedules", name, procs)
				}
			}
		}
		for name, n := range child(slices.Collect(maps.Keys(sound)), 500, procs) {
			if n[0] != 0 {
				t.Errorf("%s, %d cores: accused in %d of 500 schedules", name, procs, n[1])
			}
		}
	}
}
