package rt

import (
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkPassthrough is what a point costs outside of a run, beside the bare operation.
func BenchmarkPassthrough(b *testing.B) {
	var (
		mu   sync.Mutex
		rw   sync.RWMutex
		wg   sync.WaitGroup
		once sync.Once
		x    atomic.Int64
		ch   = make(chan int, 1)
		nope = make(chan int)
		m    = map[int]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8}
		f    = func() {}
		pool = sync.Pool{New: func() any { return new(int) }}
		sum  int
	)
	for _, c := range []struct {
		name        string
		bare, woven func()
	}{
		{"mutex", func() { mu.Lock(); sum++; mu.Unlock() }, func() { MutexLock("l", &mu); sum++; MutexUnlock("u", &mu) }},
		{"rlock", func() { rw.RLock(); sum++; rw.RUnlock() }, func() { RWMutexRLock("l", &rw); sum++; RWMutexRUnlock("u", &rw) }},
		{"group", func() { wg.Add(1); wg.Done() }, func() { WaitGroupAdd("a", &wg, 1); WaitGroupDone("d", &wg) }},
		{"once", func() { once.Do(f) }, func() { OnceDo("o", &once, f) }},
		{"atomic", func() { x.Add(1) }, func() { At("x", &x).Add(1) }},
		{"channel", func() { ch <- 1; <-ch }, func() { To("s", ch).Send(1); <-From("r", ch) }},
		{"pool", func() { pool.Put(pool.Get()) }, func() { PoolPut("p", &pool, PoolGet("g", &pool)) }},
		{"select", func() {
			select {
			case <-ch:
			case <-nope:
			default:
			}
		}, func() {
			sel := Select("x", true, OnRecv(ch), OnRecv(nope))
			select {
			case <-Recv(sel, 0, ch):
			case <-Recv(sel, 1, nope):
			default:
			}
		}},
		{"map of 8", func() {
			for k, v := range m {
				sum += k + v
			}
		}, func() {
			for r, k, v := OverMap("m", m); r.Next(&k, &v); {
				sum += k + v
			}
		}},
	} {
		b.Run(c.name+"/bare", func(b *testing.B) {
			for b.Loop() {
				c.bare()
			}
		})
		b.Run(c.name+"/woven", func(b *testing.B) {
			for b.Loop() {
				c.woven()
			}
		})
	}
}

// BenchmarkDecisions is of goroutines that never wait for each other.
func BenchmarkDecisions(b *testing.B) {
	n := 0
	for b.Loop() {
		res := Run(Config{Chooser: &dice{1}}, func() {
			for range 3 {
				goes(func() {
					for range 1000 {
						At("x", &n)
					}
				})
			}
			Idle(1)
		})
		n += len(res.Log)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "decisions/s")
}

// BenchmarkPerRun is of what a run may do often that is no point.
func BenchmarkPerRun(b *testing.B) {
	seed, list := MaphashMakeSeed(), make([]*int, 1000)
	for i := range list {
		list[i] = new(int)
	}
	for _, c := range []struct {
		name string
		do   func()
	}{
		{"draw", func() { Rand.Int() }},
		{"hash a text", func() { MaphashString(seed, "sixteen letters.") }},
		{"hash a pointer", func() { MaphashComparable(seed, list[7]) }},
		{"key", func() { Key(list[8]) }},
		{"text without addresses", func() { FmtSprintf("%v is %d", list[0] == nil, 7) }},
		{"text of an address", func() { FmtSprintf("%p", list[9]) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			Run(Config{Chooser: &dice{1}}, func() {
				for b.Loop() {
					c.do()
				}
			})
		})
	}
}

// BenchmarkHandoffs is of goroutines that do nothing else.
func BenchmarkHandoffs(b *testing.B) {
	for _, room := range []int{0, 1} {
		b.Run(text("room", room), func(b *testing.B) {
			n := 0
			for b.Loop() {
				ch := make(chan int, room)
				res := Run(Config{Chooser: &dice{1}}, func() {
					for range 2 {
						goes(func() {
							for range 500 {
								send(ch, 1)
							}
						})
					}
					for range 1000 {
						recv(ch)
					}
				})
				n += res.Points
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "points/s")
		})
	}
}

// BenchmarkManyGoroutines: those that have ended cost the others nothing.
func BenchmarkManyGoroutines(b *testing.B) {
	n := 0
	for b.Loop() {
		res := Run(Config{Chooser: &dice{1}}, func() {
			for range 1000 {
				goes(func() { At("x", &n) })
				Idle(1)
			}
		})
		n += res.Points
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "points/s")
}
