package sched

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"batchlab/sim/weave/rt"
)

// straight is so many threads of so many points each, which do nothing else: each thread
// is one more segment than it has points. It returns the order of the segments.
func straight(threads, points int) (main func(), order *string) {
	order = new(string)
	return func() {
		*order = ""
		for i := range threads {
			rt.Spawn(fmt.Sprint(i), func() {
				for range points {
					note(order, i)
					rt.At("x", order)
				}
				note(order, i)
			})
		}
		rt.Idle(1)
	}, order
}

// note is norace: here no race is looked for.
//
//go:norace
func note(order *string, i int) { *order += strconv.Itoa(i) }

// mixture has choices of every kind.
func mixture() {
	var (
		mu   sync.Mutex
		wg   sync.WaitGroup
		pool sync.Pool
	)
	a, b := make(chan int), make(chan int, 1)
	m := map[int]int{1: 1, 2: 2, 3: 3}
	for i := range 3 {
		rt.WaitGroupGo("go", &wg, func() {
			rt.MutexLock("lock", &mu)
			for r, k, _ := rt.OverMap("map", m); r.Next(&k, nil); {
				rt.PoolPut("put", &pool, k)
			}
			rt.MutexUnlock("unlock", &mu)
			sel := rt.Select("select", false, rt.OnSend(a), rt.OnSend(b), rt.OnRecv(b))
			select {
			case rt.Send(sel, 0, a) <- i:
			case rt.Send(sel, 1, b) <- i:
			case <-rt.Recv(sel, 2, b):
			}
			rt.PoolGet("get", &pool)
		})
	}
	rt.Go("go", func() {
		for r, _ := rt.Over("range", a); r.Next(nil); {
			rt.RuntimeGosched("yield")
		}
	})
	rt.WaitGroupWait("wait", &wg)
	rt.Close("close", a)
	rt.Idle(1)
}

func lines(res rt.Result) string {
	var b strings.Builder
	for _, d := range res.Log {
		to := ""
		if d.To != nil {
			to = d.To.Name
		}
		fmt.Fprintln(&b, d.G.Name, d.Nth, d.Site, d.What, to, d.Alt, d.N, d.Forced, d.Plain)
	}
	fmt.Fprintln(&b, res.Points, res.Left, res.Panic, res.Deadlock, res.Spun)
	return b.String()
}

// run takes the next schedule of a strategy.
func run(s Strategy, main func()) (rt.Result, bool) {
	if !s.Begin() {
		return rt.Result{}, false
	}
	res := rt.Run(rt.Config{Chooser: s, Plain: rt.Counted}, main)
	s.End(res)
	return res, true
}
