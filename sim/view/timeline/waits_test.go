package timeline

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"batchlab/sim/weave/rt"
)

// TestWaits: of who waits for ever it is said what nobody did, where that could be done, and who let him wait.
func TestWaits(t *testing.T) {
	for _, c := range []struct {
		name string
		run  func()
		want string
	}{
		{"a lock that is never unlocked", func() {
			var mu sync.Mutex
			rt.Spawn("a", func() { rt.MutexLock("q.go:4", &mu) })
			rt.Spawn("b", func() { rt.MutexLock("q.go:4", &mu) })
			<-rt.From("", chan int(nil))
		}, `
a: q.go:4 lock q.mu [+1] (it is never unlocked: b waits for it)
b: q.go:4 lock: waits q.mu, held by a since q.go:4 (waits for ever) (q.mu could be unlocked at q.go:5, where no goroutine came)
`},
		{"a condition that comes true, and nobody is told", func() {
			var mu sync.Mutex
			ready := sync.NewCond(&mu)
			rt.Spawn("a", func() { rt.MutexLock("q.go:4", &mu); rt.CondWait("q.go:16", ready) })
			rt.Spawn("b", func() {
				for range 2 {
					rt.MutexLock("q.go:4", &mu)
					rt.MutexUnlock("q.go:5", &mu)
				}
			})
			rt.Spawn("c", func() {
				rt.MutexLock("q.go:4", &mu)
				rt.MutexUnlock("q.go:5", &mu)
				rt.CondSignal("q.go:17", sync.NewCond(&mu))
			})
			<-rt.From("", chan int(nil))
		}, `
a: q.go:4 lock q.mu [+1]
a: q.go:16 cond wait q.ready (1st)
a: q.go:16 unlock q.mu [-1]
a: q.go:16 cond wait: waits q.ready (1st)
    (waits for ever)
    (q.ready (1st), one of 2 called q.ready: no goroutine called its Signal or Broadcast;
    that could be done at q.go:17)
    (q.mu, which it unlocked before it waited, was then locked by b (q.go:4 to q.go:5),
    by c (q.go:4 to q.go:5): nothing was done there to end its wait)
b: q.go:4 lock q.mu [+1]
b: q.go:5 unlock q.mu [-1]
b: q.go:4 lock q.mu [+1]
b: q.go:5 unlock q.mu [-1]
c: q.go:4 lock q.mu [+1]
c: q.go:5 unlock q.mu [-1]
c: q.go:17 signal q.ready (2nd), wakes nobody
`},
		{"one that is signalled once, for two", func() {
			var mu sync.Mutex
			ready := sync.NewCond(&mu)
			wait := func() { rt.MutexLock("q.go:4", &mu); rt.CondWait("q.go:16", ready); rt.MutexUnlock("q.go:5", &mu) }
			rt.Spawn("a", wait)
			rt.Spawn("b", wait)
			rt.Spawn("c", func() { rt.CondSignal("q.go:17", ready) })
			<-rt.From("", chan int(nil))
		}, `
a: q.go:4 lock q.mu [+1]
a: q.go:16 cond wait q.ready
a: q.go:16 unlock q.mu [-1]
a: q.go:16 cond wait: waits q.ready
b: q.go:4 lock q.mu [+1]
b: q.go:16 cond wait q.ready
b: q.go:16 unlock q.mu [-1]
b: q.go:16 cond wait: waits q.ready (waits for ever)
    (q.ready: after c at q.go:17 (wakes a), no goroutine called its Signal or Broadcast)
    (q.mu, which it unlocked before it waited,
    was then locked by a (q.go:16 to q.go:5): nothing was done there to end its wait)
c: q.go:17 signal q.ready, wakes a
a: q.go:16 goes on with q.ready, woken by c at q.go:17
a: q.go:16 lock q.mu [+1]
a: q.go:5 unlock q.mu [-1]
`},
		{"a lock that is taken twice, and a timer that is stopped", func() {
			var mu sync.Mutex
			rt.Spawn("a", func() { rt.MutexLock("q.go:4", &mu); rt.MutexLock("q.go:4", &mu) })
			rt.Spawn("b", func() {
				t := rt.TimeNewTimer("q.go:9", 1)
				rt.TimerStop("q.go:27", t)
				<-rt.From("q.go:13", t.C)
			})
			<-rt.From("", chan int(nil))
		}, `
a: q.go:4 lock q.mu [+1] (it is never unlocked: a waits for it)
a: q.go:4 lock: waits q.mu, held by itself since q.go:4 (holds q.mu) (waits for ever) (q.mu could be unlocked at q.go:5, where no goroutine came)
b: q.go:9 new timer
b: q.go:27 stop timer q.timer.C
b: q.go:13 receive: waits q.timer.C (waits for ever) (q.timer.C: its timer does not fire any more)
a waits for itself to unlock q.mu, which it locked at q.go:4
`},
		{"a lock that is taken for reading and then for writing, which another waits for as well", func() {
			var mu sync.RWMutex
			rt.Spawn("a", func() { rt.RWMutexRLock("q.go:4", &mu); rt.RWMutexLock("q.go:5", &mu) })
			rt.Spawn("b", func() { rt.RWMutexRLock("q.go:6", &mu) })
			<-rt.From("", chan int(nil))
		}, `
a: q.go:4 read lock q.mu [+1] (it is never unlocked: b waits for it)
a: q.go:5 lock: waits q.mu, held by itself since q.go:4 (holds q.mu) (waits for ever)
b: q.go:6 read lock: waits q.mu, held by a since q.go:4 (waits for ever) (q.mu could be unlocked at q.go:5)
a waits for itself to unlock q.mu, which it locked at q.go:4
`},
		{"a writer that waits for two who read", func() {
			var mu sync.RWMutex
			read := func() { rt.RWMutexRLock("q.go:4", &mu); rt.RuntimeGosched("q.go:8"); rt.RWMutexRUnlock("q.go:5", &mu) }
			rt.Spawn("a", read)
			rt.Spawn("b", read)
			rt.Spawn("c", func() { rt.RWMutexLock("q.go:6", &mu); rt.RWMutexUnlock("q.go:7", &mu) })
			rt.Idle(1)
		}, `
a: q.go:4 read lock q.mu [+1]
b: q.go:4 read lock q.mu [+1]
c: q.go:6 lock: waits q.mu, held by b since q.go:4
a: q.go:8 yield
a: q.go:5 read unlock q.mu [-1]
b: q.go:8 yield
b: q.go:5 read unlock q.mu [-1]
c: q.go:6 goes on with q.mu [+1]
c: q.go:7 unlock q.mu [-1]
`},
		{"a lock that is waited for after another", func() {
			var mu, other sync.Mutex
			rt.Spawn("a", func() { rt.MutexLock("q.go:6", &other) })
			rt.Spawn("b", func() { rt.MutexLock("q.go:4", &mu); rt.MutexUnlock("q.go:5", &mu); rt.MutexLock("q.go:7", &other) })
			rt.Spawn("c", func() { rt.MutexLock("q.go:4", &mu); rt.MutexUnlock("q.go:5", &mu) })
			<-rt.From("", chan int(nil))
		}, `
a: q.go:6 lock a lock [+1] (it is never unlocked: b waits for it)
b: q.go:4 lock q.mu [+1]
b: q.go:5 unlock q.mu [-1]
b: q.go:7 lock: waits a lock, held by a since q.go:6 (waits for ever)
c: q.go:4 lock q.mu [+1]
c: q.go:5 unlock q.mu [-1]
`},
		{"a group of which one goroutine ends without a Done", func() {
			var wg sync.WaitGroup
			rt.Spawn("a", func() {
				rt.WaitGroupAdd("q.go:9", &wg, 3)
				for i := range 3 {
					rt.Go("q.go:8", func() {
						if i != 1 {
							rt.WaitGroupDone("q.go:9", &wg)
						}
						rt.RuntimeGosched("q.go:6")
					})
				}
				rt.WaitGroupWait("q.go:10", &wg)
			})
			<-rt.From("", chan int(nil))
		}, `
a: q.go:9 group add q.wg
a: q.go:8 go a/1
a: q.go:8 go a/2
a: q.go:8 go a/3
a: q.go:10 group wait: waits q.wg (waits for ever) (q.wg: after a/3 at q.go:9, no goroutine called its Done; a/2 ended at q.go:6 without one)
a/1: q.go:9 group done q.wg
a/3: q.go:9 group done q.wg
a/1: q.go:6 yield
a/2: q.go:6 yield
a/3: q.go:6 yield
`},
		{"a lock that another has at last", func() {
			var mu sync.Mutex
			rt.Spawn("a", func() { rt.MutexLock("q.go:4", &mu); rt.RuntimeGosched("q.go:8"); rt.MutexUnlock("q.go:5", &mu) })
			rt.Spawn("b", func() { rt.MutexLock("q.go:6", &mu) })
			rt.Spawn("c", func() { rt.MutexLock("q.go:7", &mu) })
			<-rt.From("", chan int(nil))
		}, `
a: q.go:4 lock q.mu [+1]
b: q.go:6 lock: waits q.mu, held by a since q.go:4
c: q.go:7 lock: waits q.mu, held by a since q.go:4 (waits for ever) (q.mu is held at last by b since q.go:6, and could be unlocked at q.go:5)
a: q.go:8 yield
a: q.go:5 unlock q.mu [-1]
b: q.go:6 goes on with q.mu [+1] (it is never unlocked: c waits for it)
`},
		{"who could have ended it went on with something else", func() {
			ch, stop := make(chan int), make(chan int)
			rt.Spawn("a", func() {
				sel := rt.Select("q.go:11", false, rt.OnRecv(ch), rt.OnRecv(stop))
				select {
				case <-rt.Recv(sel, 0, ch):
				case <-rt.Recv(sel, 1, stop):
				}
				<-rt.From("q.go:8", stop)
			})
			rt.Spawn("b", func() { rt.To("q.go:7", stop).Send(1); rt.To("q.go:22", ch).Send(1) })
			<-rt.From("", chan int(nil))
		}, `
a: q.go:11 select: waits q.ch q.stop
b: q.go:7 send q.stop, to a at q.go:11
b: q.go:22 send: waits q.ch (waits for ever)
    (q.ch: no goroutine received from it; that could be done at q.go:8, or at q.go:12; last there was a at q.go:11,
    where it waited and went on with q.stop)
a: q.go:11 goes on with q.stop, from b at q.go:7
a: q.go:8 receive: waits q.stop (waits for ever) (q.stop: after b at q.go:7 (to a at q.go:11), no goroutine sent to it or closed it)
These wait for each other: a waits for b to send to or close q.stop (only b came to q.go:7, where that is done);
    b waits for a to receive from q.ch (only a came to q.go:8, where that is done)
`},
		{"one that sends with the lock for which the one who receives waits", func() { sendsLocked(1) }, `
c1: q.go:8 receive: waits q.ch
a: q.go:4 lock q.mu [+1] (it is never unlocked: c1 waits for it)
a: q.go:7 send q.ch, to c1 at q.go:8
a: q.go:7 send: waits q.ch (holds q.mu)
    (waits for ever)
    (q.ch: after c1 at q.go:8 (from a at q.go:7), no goroutine received from it; that could be done at q.go:12,
    where no goroutine came)
c1: q.go:8 goes on with q.ch, from a at q.go:7
c1: q.go:4 lock: waits q.mu, held by a since q.go:4 (waits for ever) (q.mu could be unlocked at q.go:5, where no goroutine came)
These wait for each other: c1 waits for a to unlock q.mu, which a locked at q.go:4;
    a waits for c1 to receive from q.ch (only c1 came to q.go:8, where that is done)
`},
		{"one whose function would do later what ends it", func() { waitsForDone("b") }, `
a: q.go:10 group wait: waits q.wg (waits for ever) (q.wg: no goroutine called its Done; that could be done at q.go:9, where no goroutine came)
b: q.go:8 receive: waits q.ch (waits for ever)
    (q.ch: no goroutine sent to it or closed it; that could be done at q.go:7, q.go:22, where no goroutine came)
These wait for each other: a waits for b to call Done of q.wg (only b came into the function in which that is done,
    at q.go:9); b waits for a to send to or close q.ch (only a came into the function in which that is done,
    at q.go:7)
`},
		{"or that of two", func() { waitsForDone("b", "c") }, `
a: q.go:10 group wait: waits q.wg (waits for ever) (q.wg: no goroutine called its Done; that could be done at q.go:9, where no goroutine came)
b: q.go:8 receive: waits q.ch (waits for ever)
    (q.ch: no goroutine sent to it or closed it; that could be done at q.go:7, q.go:22, where no goroutine came)
c: q.go:8 receive: waits q.ch (waits for ever)
    (q.ch: no goroutine sent to it or closed it; that could be done at q.go:7, q.go:22, where no goroutine came)
`},
		{"a look between the unlock and the wait", func() {
			var mu sync.Mutex
			var n atomic.Int64
			use := func() { rt.MutexLock("q.go:4", &mu); rt.MutexUnlock("q.go:5", &mu) }
			rt.Spawn("a", func() { use(); rt.Touch("q.go:6", "load q.head", &n).Load(); <-rt.From("q.go:8", make(chan int)) })
			rt.Spawn("b", use)
			<-rt.From("", chan int(nil))
		}, `
a: q.go:4 lock q.mu [+1]
a: q.go:5 unlock q.mu [-1]
a: q.go:6 load q.head, is 0
a: q.go:8 receive: waits q.ch (waits for ever)
    (q.ch: no goroutine sent to it or closed it; that could be done at q.go:7, q.go:22, where no goroutine came)
    (q.mu, which it unlocked before it waited,
    was then locked by b (q.go:4 to q.go:5): nothing was done there to end its wait)
b: q.go:4 lock q.mu [+1]
b: q.go:5 unlock q.mu [-1]
`},
		{"or for which one of those waits", func() { sendsLocked(2) }, `
c1: q.go:8 receive: waits q.ch
c2: q.go:8 receive: waits q.ch
a: q.go:4 lock q.mu [+1] (it is never unlocked: c2 waits for it)
a: q.go:7 send q.ch, to c1 at q.go:8
a: q.go:7 send q.ch, to c2 at q.go:8
a: q.go:7 send: waits q.ch (holds q.mu)
    (waits for ever)
    (q.ch: after c2 at q.go:8 (from a at q.go:7), no goroutine received from it; that could be done at q.go:12,
    where no goroutine came)
c1: q.go:8 goes on with q.ch, from a at q.go:7
c1: q.go:4 lock: waits q.mu, held by a since q.go:4 (waits for ever) (q.mu could be unlocked at q.go:5, where no goroutine came)
c2: q.go:8 goes on with q.ch, from a at q.go:7
c2: q.go:4 lock: waits q.mu, held by a since q.go:4 (waits for ever) (q.mu could be unlocked at q.go:5, where no goroutine came)
`},
	} {
		t.Run(c.name, func(t *testing.T) { compare(t, pictureOf(nil, c.run), c.want) })
	}
}

// waitsForDone has one wait for the Done of others, who wait for what it would send after that.
func waitsForDone(who ...string) {
	var wg sync.WaitGroup
	ch := make(chan int)
	rt.WaitGroupAdd("", &wg, len(who))
	rt.Spawn("a", func() { rt.WaitGroupWait("q.go:10", &wg); rt.To("q.go:7", ch).Send(1) })
	for _, name := range who {
		rt.Spawn(name, func() { <-rt.From("q.go:8", ch); rt.WaitGroupDone("q.go:9", &wg) })
	}
	<-rt.From("", chan int(nil))
}

// sendsLocked has so many receive, and then wait for the lock of the one who sends.
func sendsLocked(to int) {
	var mu sync.Mutex
	ch := make(chan int)
	for i := range to {
		rt.Spawn(fmt.Sprint("c", i+1), func() { <-rt.From("q.go:8", ch); rt.MutexLock("q.go:4", &mu) })
	}
	rt.Spawn("a", func() {
		rt.MutexLock("q.go:4", &mu)
		for range to + 1 {
			rt.To("q.go:7", ch).Send(1)
		}
	})
	<-rt.From("", chan int(nil))
}
