package rt

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

func panics(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return ""
}

var groupsSituations = []situation{
	{"waits for all", func() string {
		var wg sync.WaitGroup
		var got [3]int
		for i := range got {
			WaitGroupGo("g", &wg, func() { got[i] = 1 })
		}
		WaitGroupWait("w", &wg)
		return text(got)
	}, one("[1 1 1]"), false},
	{"two wait", func() string {
		var wg sync.WaitGroup
		WaitGroupAdd("a", &wg, 2)
		wait := func() { WaitGroupWait("w", &wg) }
		done := func() { WaitGroupDone("d", &wg) }
		together(wait, done, wait, done)
		WaitGroupWait("w", &wg)
		return "all"
	}, one("all"), false},
	{"again and again", func() string {
		var wg sync.WaitGroup
		n := 0
		for range 3 {
			WaitGroupAdd("a", &wg, 1)
			goes(func() { n++; WaitGroupDone("d", &wg) })
			WaitGroupWait("w", &wg)
		}
		return text(n)
	}, one("3"), false},
	{"added to again too early", func() string {
		var wg sync.WaitGroup
		WaitGroupAdd("a", &wg, 1)
		goes(func() {
			WaitGroupDone("d", &wg)
			WaitGroupAdd("a", &wg, 1)
			RuntimeGosched("g")
			WaitGroupDone("d", &wg)
		})
		return panics(func() { WaitGroupWait("w", &wg) })
	}, one("<nil>", "sync: WaitGroup is reused before previous Wait has returned"), true},
	{"below zero", func() string { return panics(func() { WaitGroupDone("d", new(sync.WaitGroup)) }) },
		one("sync: negative WaitGroup counter"), false},
	{"below zero, and back", func() string {
		var wg sync.WaitGroup
		panics(func() { WaitGroupDone("d", &wg) })
		WaitGroupAdd("a", &wg, 1)
		WaitGroupWait("w", &wg)
		return "went on"
	}, one("went on"), false},
	{"never done", func() string {
		var wg sync.WaitGroup
		WaitGroupAdd("a", &wg, 1)
		WaitGroupWait("w", &wg)
		return ""
	}, one("deadlock: lab waits for a group at w"), true},
	{"a panic is no Done", func() string {
		var wg sync.WaitGroup
		WaitGroupGo("g", &wg, func() { panic("oh") })
		WaitGroupWait("w", &wg)
		return "went on"
	}, one("panic: oh"), true},
	{"Goexit is a Done", func() string {
		var wg sync.WaitGroup
		WaitGroupGo("g", &wg, func() { runtime.Goexit() })
		WaitGroupWait("w", &wg)
		return "went on"
	}, one("went on"), false},
}

func TestGroups(t *testing.T) { check(t, groupsSituations) }

var oncesSituations = []situation{
	{"once, and all wait for it", func() string {
		var once sync.Once
		n, early := 0, false
		do := func() {
			OnceDo("o", &once, func() { RuntimeGosched("g"); n++ })
			early = early || n != 1
		}
		together(do, do, do)
		return text(n, early)
	}, one("1 false"), true},
	{"its function panics", func() string {
		var once sync.Once
		a := panics(func() { OnceDo("o", &once, func() { panic("oh") }) })
		b := panics(func() { OnceDo("o", &once, func() { panic("never") }) })
		return text(a, b)
	}, one("oh <nil>"), false},
	{"its function calls it", func() string {
		var once sync.Once
		OnceDo("o", &once, func() { OnceDo("p", &once, func() {}) })
		return ""
	}, one("deadlock: lab waits for a once at p, held by lab"), true},
	{"its function waits for one who waits for it", func() string {
		var once sync.Once
		ch := make(chan int)
		goes(func() { OnceDo("p", &once, func() {}); send(ch, 1) })
		OnceDo("o", &once, func() { Idle(1); recv(ch) })
		return "done"
	}, one("done left: lab/1 waits to send at s", "deadlock: lab waits to receive at r; lab/1 waits for a once at p, held by lab"), true},
	{"overwritten", func() string {
		var once sync.Once
		n := 0
		OnceDo("o", &once, func() { n++ })
		once = sync.Once{}
		do := func() { OnceDo("o", &once, func() { RuntimeGosched("g"); n++ }) }
		together(do, do)
		return text(n)
	}, one("2"), false},
	{"OnceFunc", func() string {
		n := 0
		f := SyncOnceFunc("f", func() { n++ })
		together(f, f, f)
		return text(n)
	}, one("1"), false},
	{"OnceFunc that panics", func() string {
		n := 0
		f := SyncOnceFunc("f", func() { n++; panic("oh") })
		return text(panics(f), panics(f), n)
	}, one("oh oh 1"), false},
	{"OnceValues", func() string {
		n := 0
		f := SyncOnceValues("f", func() (int, string) { n++; RuntimeGosched("g"); return n, "x" })
		var a, b int
		together(func() { a, _ = f() }, func() { b, _ = f() })
		return text(a, b)
	}, one("1 1"), false},
}

func TestOnces(t *testing.T) { check(t, oncesSituations) }

func TestConds(t *testing.T) {
	waits := func(c *sync.Cond, f func()) func() {
		return func() {
			LockerLock("l", c.L)
			CondWait("w", c)
			f()
			LockerUnlock("u", c.L)
		}
	}
	check(t, []situation{
		{"a condition comes true", func() string {
			c := SyncNewCond("c", &sync.Mutex{})
			n := 0
			together(func() {
				LockerLock("l", c.L)
				for n < 2 {
					CondWait("w", c)
				}
				LockerUnlock("u", c.L)
			}, func() {
				for range 2 {
					LockerLock("l", c.L)
					n++
					LockerUnlock("u", c.L)
					CondSignal("s", c)
				}
			})
			return text(n)
		}, one("2"), false},
		{"signals go in order", func() string {
			c, got := SyncNewCond("c", &sync.Mutex{}), ""
			for i := range 3 {
				goes(waits(c, func() { got += text(i) }))
				Idle(1)
			}
			for range 3 {
				CondSignal("s", c)
				Idle(1)
			}
			return got
		}, one("012"), true},
		{"broadcast wakes those there are", func() string {
			c, n := SyncNewCond("c", &sync.Mutex{}), 0
			for range 2 {
				goes(waits(c, func() { n++ }))
			}
			Idle(1)
			CondBroadcast("b", c)
			goes(waits(c, func() { n += 10 }))
			Idle(1)
			return text(n)
		}, one("2 left: lab/3 waits to be signalled at w"), true},
		{"a signal is lost", func() string {
			c := SyncNewCond("c", &sync.Mutex{})
			goes(func() { CondSignal("s", c) })
			waits(c, func() {})()
			return "woken"
		}, one("woken", "deadlock: lab waits to be signalled at w"), true},
		{"of a read lock", func() string {
			var mu sync.RWMutex
			c, n := SyncNewCond("c", RWMutexRLocker("r", &mu)), 0
			goes(waits(c, func() { n++ }))
			Idle(1)
			RWMutexLock("l", &mu) // the waiter has let it go
			CondBroadcast("b", c)
			RWMutexUnlock("u", &mu)
			Idle(1)
			return text(n)
		}, one("1"), true},
	})
}
