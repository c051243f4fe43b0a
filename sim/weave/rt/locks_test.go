package rt

import (
	"sync"
	"testing"
)

func TestLocks(t *testing.T) {
	locked := func(mu *sync.Mutex, f func()) { MutexLock("l", mu); defer MutexUnlock("u", mu); f() }
	check(t, []situation{
		{"nobody is in between", func() string {
			var mu sync.Mutex
			n := 0
			add := func() { locked(&mu, func() { was := n; RuntimeGosched("g"); n = was + 1 }) }
			together(add, add, add)
			return text(n)
		}, one("3"), false},
		{"an update is lost without", func() string {
			n := 0
			add := func() { was := n; At("x", &n); n = was + 1 }
			together(add, add)
			return text(n)
		}, one("1", "2"), true},
		{"another may unlock", func() string {
			var mu sync.Mutex
			MutexLock("l", &mu)
			goes(func() { MutexUnlock("u", &mu) })
			MutexLock("m", &mu)
			return "locked"
		}, one("locked"), false},
		{"trying", func() string {
			var mu sync.Mutex
			var a, b bool
			together(func() { a = MutexTryLock("t", &mu) }, func() { b = MutexTryLock("t", &mu) })
			return text(a, b)
		}, one("true false", "false true"), false},
		{"trying and unlocking", func() string {
			var mu sync.Mutex
			var got bool
			together(func() { locked(&mu, func() {}) }, func() {
				if got = MutexTryLock("t", &mu); got {
					MutexUnlock("u", &mu)
				}
			})
			return text(got)
		}, one("true", "false"), false},
		{"unlocking what is unlocked", func() string {
			defer func() { _ = recover() }()
			MutexUnlock("u", new(sync.Mutex))
			return "went on"
		}, one("panic: fatal error: sync: unlock of unlocked mutex"), true},
		{"twice by one", func() string {
			var mu sync.Mutex
			MutexLock("l", &mu)
			MutexLock("m", &mu)
			return ""
		}, one("deadlock: lab waits for a lock at m, held by lab"), true},
		{"a Locker", func() string {
			var l sync.Locker = &sync.Mutex{}
			LockerLock("l", l)
			defer Bound("u", LockerUnlock, l)()
			return "locked"
		}, one("locked"), false},
	})
}

var rwlocksSituations = []situation{
	{"readers are together", func() string {
		var mu sync.RWMutex
		a, b := make(chan int), make(chan int)
		read := func(to, from chan int) func() {
			return func() {
				RWMutexRLock("r", &mu)
				defer RWMutexRUnlock("u", &mu)
				goes(func() { send(to, 1) })
				recv(from)
			}
		}
		together(read(a, b), read(b, a))
		return "both"
	}, one("both"), false},
	{"a writer is alone", func() string {
		var mu sync.RWMutex
		n, bad := 0, false
		write := func() {
			RWMutexLock("l", &mu)
			n++
			RuntimeGosched("g")
			n++
			RWMutexUnlock("u", &mu)
		}
		read := func() {
			RWMutexRLock("r", &mu)
			bad = bad || n%2 != 0
			RWMutexRUnlock("u", &mu)
		}
		together(write, read, write, read)
		return text(n, bad)
	}, one("4 false"), true},
	{"a writer waits, so readers wait", func() string {
		var mu sync.RWMutex
		RWMutexRLock("r", &mu)
		goes(func() { RWMutexLock("l", &mu); RWMutexUnlock("u", &mu) })
		Idle(1)
		got := RWMutexTryRLock("t", &mu)
		RWMutexRLock("again", &mu)
		return text(got)
	}, one("deadlock: lab waits for a read lock at again, held by lab/1; lab/1 waits for readers to unlock at l, last locked for reading by lab"), true},
	{"readers come before the next writer", func() string {
		var mu sync.RWMutex
		order := ""
		RWMutexLock("l", &mu)
		goes(func() { RWMutexLock("l", &mu); order += "w"; RWMutexUnlock("u", &mu) })
		Idle(1)
		goes(func() { RWMutexRLock("r", &mu); order += "r"; RWMutexRUnlock("u", &mu) })
		Idle(1)
		RWMutexUnlock("u", &mu)
		Idle(1)
		return order
	}, one("rw"), true},
	{"two writers, any order", func() string {
		var mu sync.RWMutex
		order := ""
		write := func(s string) func() {
			return func() { RWMutexLock("l", &mu); order += s; RWMutexUnlock("u", &mu) }
		}
		together(write("a"), write("b"))
		return order
	}, one("ab", "ba"), false},
	{"trying", func() string {
		var mu sync.RWMutex
		a, b, c := RWMutexTryRLock("t", &mu), RWMutexTryRLock("t", &mu), RWMutexTryLock("t", &mu)
		RWMutexRUnlock("u", &mu)
		RWMutexRUnlock("u", &mu)
		d, e := RWMutexTryLock("t", &mu), RWMutexTryRLock("t", &mu)
		RWMutexUnlock("u", &mu)
		return text(a, b, c, d, e)
	}, one("true true false true false"), false},
	{"a RLocker", func() string {
		var mu sync.RWMutex
		l := RWMutexRLocker("r", &mu)
		LockerLock("l", l)
		got := RWMutexTryLock("t", &mu)
		LockerUnlock("u", l)
		return text(got, RWMutexTryLock("t", &mu))
	}, one("false true"), false},
	{"unlocking what is unlocked", func() string { RWMutexUnlock("u", new(sync.RWMutex)); return "" },
		one("panic: fatal error: sync: Unlock of unlocked RWMutex"), true},
	{"unlocking what is not read", func() string { RWMutexRUnlock("u", new(sync.RWMutex)); return "" },
		one("panic: fatal error: sync: RUnlock of unlocked RWMutex"), true},
}

func TestRWLocks(t *testing.T) { check(t, rwlocksSituations) }

// TestLocksAfter: a run that is ended leaves no lock behind that a deferred call unlocks.
func TestLocksAfter(t *testing.T) {
	for seed := range uint64(200) {
		var (
			mu sync.Mutex
			rw sync.RWMutex
			c  = sync.NewCond(&mu)
		)
		Run(Config{Chooser: &dice{seed}, Steps: 200}, func() {
			for range 2 {
				goes(func() {
					MutexLock("l", &mu)
					defer MutexUnlock("u", &mu)
					RWMutexRLock("r", &rw)
					defer RWMutexRUnlock("ru", &rw)
					CondWait("w", c)
				})
				goes(func() {
					RWMutexLock("w", &rw)
					defer RWMutexUnlock("u", &rw)
					for {
						RuntimeGosched("spin")
					}
				})
			}
			Idle(1)
		})
		if !mu.TryLock() || !rw.TryLock() {
			t.Fatalf("seed %d: still locked", seed)
		}
	}
}
