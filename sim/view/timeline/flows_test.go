package timeline

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"batchlab/sim/weave/rt"
)

// TestFlows: of what is sent and received it is said who is at the other end, and of a signal whom it wakes.
func TestFlows(t *testing.T) {
	send := func(ch chan int) { rt.To("q.go:7", ch).Send(1) }
	receive := func(ch chan int) { <-rt.From("q.go:8", ch) }
	for _, c := range []struct {
		name string
		run  func()
		want string
	}{
		{"a sender that waits", func() {
			ch := make(chan int)
			rt.Spawn("a", func() { send(ch) })
			rt.Spawn("b", func() { receive(ch) })
			rt.Idle(1)
		}, `
a: q.go:7 send: waits q.ch
b: q.go:8 receive q.ch, from a at q.go:7
a: q.go:7 goes on with q.ch, to b at q.go:8
`},
		{"a buffer", func() {
			ch := make(chan int, 2)
			rt.Spawn("a", func() { receive(ch); receive(ch) })
			rt.Spawn("b", func() { send(ch); send(ch); send(ch); send(ch); send(ch) })
			rt.Spawn("c", func() { receive(ch) })
			rt.Idle(1)
		}, `
a: q.go:8 receive: waits q.ch
b: q.go:7 send q.ch, to a at q.go:8, then 1 of 2 in it
a: q.go:8 goes on with q.ch, from b at q.go:7, then 0 of 2 in it
a: q.go:8 receive: waits q.ch
b: q.go:7 send q.ch, to a at q.go:8, then 1 of 2 in it
a: q.go:8 goes on with q.ch, from b at q.go:7, then 0 of 2 in it
b: q.go:7 send q.ch, to c at q.go:8, then 1 of 2 in it
b: q.go:7 send q.ch, never received, then 2 of 2 in it
b: q.go:7 send: waits q.ch, 2 of 2 in it
c: q.go:8 receive q.ch, from b at q.go:7, then 1 of 2 in it
b: q.go:7 goes on with q.ch, never received, then 2 of 2 in it
`},
		{"a buffer that a case receives from", func() {
			ch, stop := make(chan int, 1), make(chan int)
			rt.Spawn("a", func() {
				for range 2 {
					sel := rt.Select("q.go:11", false, rt.OnRecv(ch), rt.OnRecv(stop))
					select {
					case <-rt.Recv(sel, 0, ch):
					case <-rt.Recv(sel, 1, stop):
					}
				}
			})
			rt.Spawn("b", func() { send(ch); send(ch) })
			rt.Idle(1)
		}, `
a: q.go:11 select: waits q.ch q.stop
b: q.go:7 send q.ch, to a at q.go:11, then 1 of 1 in it
a: q.go:11 goes on with q.ch, from b at q.go:7, then 0 of 1 in it
a: q.go:11 select: waits q.ch q.stop
b: q.go:7 send q.ch, to a at q.go:11, then 1 of 1 in it
a: q.go:11 goes on with q.ch, from b at q.go:7, then 0 of 1 in it
`},
		{"a select that sends to a select", func() {
			ch, stop := make(chan int), make(chan int)
			rt.Spawn("a", func() {
				sel := rt.Select("q.go:11", false, rt.OnRecv(ch), rt.OnRecv(stop))
				select {
				case <-rt.Recv(sel, 0, ch):
				case <-rt.Recv(sel, 1, stop):
				}
			})
			rt.Spawn("b", func() {
				sel := rt.Select("q.go:21", false, rt.OnSend(ch), rt.OnRecv(stop))
				select {
				case rt.Send(sel, 0, ch) <- 1:
				case <-rt.Recv(sel, 1, stop):
				}
			})
			rt.Idle(1)
		}, `
a: q.go:11 select: waits q.ch q.stop
b: q.go:21 select q.ch, to a at q.go:11
a: q.go:11 goes on with q.ch, from b at q.go:21
`},
		{"a buffer into which code that is not woven sends as well", func() {
			ch := make(chan int, 2)
			ch <- 1
			rt.Spawn("a", func() { send(ch); receive(ch) })
			rt.Idle(1)
		}, `
a: q.go:7 send q.ch
a: q.go:8 receive q.ch
`},
		{"two that one call wakes, and one that need not wait any more", func() {
			var mu sync.Mutex
			ready := sync.NewCond(&mu)
			wait := func() { rt.MutexLock("q.go:4", &mu); rt.CondWait("q.go:16", ready); rt.MutexUnlock("q.go:5", &mu) }
			rt.Spawn("a", wait)
			rt.Spawn("b", wait)
			rt.Spawn("c", func() { rt.CondBroadcast("q.go:17", ready); rt.CondSignal("q.go:17", ready) })
			rt.Idle(1)
		}, `
a: q.go:4 lock q.mu [+1]
a: q.go:16 cond wait q.ready
a: q.go:16 unlock q.mu [-1]
a: q.go:16 cond wait: waits q.ready
b: q.go:4 lock q.mu [+1]
b: q.go:16 cond wait q.ready
b: q.go:16 unlock q.mu [-1]
b: q.go:16 cond wait: waits q.ready
c: q.go:17 broadcast q.ready, wakes a, b
c: q.go:17 signal q.ready, wakes nobody
a: q.go:16 goes on with q.ready, woken by c at q.go:17
a: q.go:16 lock q.mu [+1]
a: q.go:5 unlock q.mu [-1]
b: q.go:16 goes on with q.ready, woken by c at q.go:17
b: q.go:16 lock q.mu [+1]
b: q.go:5 unlock q.mu [-1]
`},
		{"what atomics were", func() {
			var n atomic.Int64
			var ok atomic.Bool
			rt.Spawn("a", func() {
				rt.Touch("q.go:15", "store q.head", &n).Store(3)
				rt.Touch("q.go:15", "add q.head", &n).Add(-4)
				rt.Touch("q.go:6", "load q.head", &n).Load()
				rt.Touch("q.go:6", "load q.ok", &ok).Load()
			})
			rt.Idle(1)
		}, `
a: q.go:15 store q.head, was 0
a: q.go:15 add q.head, was 3
a: q.go:6 load q.head, is -1
a: q.go:6 load q.ok, is false
`},
	} {
		t.Run(c.name, func(t *testing.T) { compare(t, pictureOf(nil, c.run), c.want) })
	}
}

// TestClock: of who looks at the clock it is said how late it is.
func TestClock(t *testing.T) {
	res := rt.Run(rt.Config{Timed: true, Trace: true}, func() {
		rt.TimeNow("q.go:4")
		rt.TimeSleep("q.go:5", time.Second)
		rt.TimeNow("q.go:4")
	})
	for i := range res.Trace {
		if p := &res.Trace[i]; p.G == "lab" {
			p.G = "a"
		}
	}
	r := fake().run(&Recording{Trace: res.Trace, Seen: res.Seen})
	compare(t, picture(&r), `
a: q.go:4 clock, it is +2ns
a: q.go:5 sleep: waits
time: time is +1.000001002s
a: q.go:4 clock, it is +1.000001004s
`)
	if r.Rows[0].Tells() != r.Rows[3].Tells() {
		t.Error("at another time the same is told otherwise")
	}
}
