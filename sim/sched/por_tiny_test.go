package sched

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"batchlab/sim/weave/rt"
)

// tiny is a program of a few lanes that do a few things to a few objects. What each of them sees is its outcome.
type tiny struct {
	lanes [][]act
	timed bool
}

// act is what a lane does, to which of the objects of its kind.
type act struct {
	do string
	on int
}

// sharing is what the lanes share. What a lock guards is x.
type sharing struct {
	n     [2]atomic.Int64
	p     [2]atomic.Pointer[int]
	mu    [2]sync.Mutex
	x     [2]int
	rw    sync.RWMutex
	y     int
	ch    [2]chan int
	wg    sync.WaitGroup
	once  sync.Once
	cond  *sync.Cond
	pool  sync.Pool
	m     sync.Map
	flag  bool
	count int // of what is touched without anybody's knowing
	calls int // that are over, and what else happened
	born  [8]int
	saw   [32]string
}

//go:norace
func (o *sharing) see(lane int, v ...any) { o.saw[lane] += fmt.Sprint(v...) + " " }

//go:norace
func (o *sharing) counted(n *int, by int) int {
	*n += by
	return *n
}

var seed = rt.MaphashMakeSeed()

// acts is what a lane can do: who it is, with which value, and to which of the objects.
var acts = map[string]func(o *sharing, who, v, on int){
	"load":  func(o *sharing, who, _, on int) { o.see(who, rt.Touch("l", "load n", &o.n[on]).Load()) },
	"store": func(o *sharing, _, v, on int) { rt.Touch("s", "store", &o.n[on]).Store(int64(v)) },
	"swap":  func(o *sharing, who, v, on int) { o.see(who, rt.Touch("w", "swap", &o.n[on]).Swap(int64(v))) },
	"add":   func(o *sharing, who, _, on int) { o.add(who, on) },
	"late": func(o *sharing, who, v, on int) { // what it stores is computed first
		rt.At("t", &o.p[on]).Store(rt.Again("t", "store p", o.swapped(who, v, on)))
	},
	"peek": func(o *sharing, who, _, on int) {
		if p := rt.Touch("p", "load p", &o.p[on]).Load(); p != nil {
			o.see(who, *p)
		}
	},
	"lock": func(o *sharing, who, v, on int) { o.guarded(who, v, on); rt.MutexUnlock("unlock", &o.mu[on]) },
	"keep": func(o *sharing, who, v, on int) { o.guarded(who, v, on) },
	"nest": func(o *sharing, who, v, on int) {
		o.guarded(who, v, on)
		rt.Touch("inner", "add", &o.n[1-on]).Add(1)
		rt.MutexUnlock("unlock", &o.mu[on])
	},
	"try": func(o *sharing, who, _, on int) {
		ok := rt.MutexTryLock("try", &o.mu[on])
		if o.see(who, ok); ok {
			rt.Touch("inner", "load", &o.n[on]).Load()
			rt.MutexUnlock("unlock", &o.mu[on])
		}
	},
	"read": func(o *sharing, who, _, on int) {
		rt.RWMutexRLock("rlock", &o.rw)
		o.see(who, o.y)
		rt.Touch("inner", "load", &o.n[on]).Load()
		rt.RWMutexRUnlock("runlock", &o.rw)
	},
	"write": func(o *sharing, _, v, on int) {
		rt.RWMutexLock("wlock", &o.rw)
		o.y = o.y*3 + v
		rt.Touch("inner", "load", &o.n[on]).Load()
		rt.RWMutexUnlock("wunlock", &o.rw)
	},
	"try read": func(o *sharing, who, _, on int) {
		ok := rt.RWMutexTryRLock("try", &o.rw)
		if o.see(who, ok); ok {
			rt.Touch("inner", "load", &o.n[on]).Load()
			rt.RWMutexRUnlock("runlock", &o.rw)
		}
	},
	"try write": func(o *sharing, who, _, on int) {
		ok := rt.RWMutexTryLock("try", &o.rw)
		if o.see(who, ok); ok {
			rt.Touch("inner", "load", &o.n[on]).Load()
			rt.RWMutexUnlock("wunlock", &o.rw)
		}
	},
	"send": func(o *sharing, _, v, on int) { rt.To("send", o.ch[on]).Send(v) },
	"receive": func(o *sharing, who, _, on int) {
		got, ok := <-rt.From("receive", o.ch[on])
		o.see(who, got, ok)
	},
	"close": func(o *sharing, _, _, on int) { rt.Close("close", o.ch[on]) },
	"poll": func(o *sharing, who, _, on int) {
		c := rt.Select("poll", true, rt.OnRecv(o.ch[on]))
		if c == -1 {
			o.see(who, "none")
			return
		}
		o.see(who, <-rt.Recv(c, 0, o.ch[on]))
	},
	"offer": func(o *sharing, who, v, on int) {
		c := rt.Select("offer", true, rt.OnSend(o.ch[on]))
		if c == -1 {
			o.see(who, "none")
			return
		}
		rt.Send(c, 0, o.ch[on]) <- v
	},
	"either": func(o *sharing, who, _, _ int) {
		c := rt.Select("either", false, rt.OnRecv(o.ch[0]), rt.OnRecv(o.ch[1]))
		select {
		case got := <-rt.Recv(c, 0, o.ch[0]):
			o.see(who, got)
		case got := <-rt.Recv(c, 1, o.ch[1]):
			o.see(who, got)
		}
	},
	"both ways": func(o *sharing, who, v, _ int) {
		c := rt.Select("both", false, rt.OnRecv(o.ch[0]), rt.OnSend(o.ch[1]))
		select {
		case got := <-rt.Recv(c, 0, o.ch[0]):
			o.see(who, got)
		case rt.Send(c, 1, o.ch[1]) <- v:
			o.see(who, "sent")
		}
	},
	"group+": func(o *sharing, _, _, _ int) { rt.WaitGroupAdd("add", &o.wg, 1) },
	"group-": func(o *sharing, _, _, _ int) { rt.WaitGroupDone("done", &o.wg) },
	"group?": func(o *sharing, _, _, _ int) { rt.WaitGroupWait("wait", &o.wg) },
	"once": func(o *sharing, who, _, on int) {
		rt.OnceDo("once", &o.once, func() { rt.Touch("inner", "add", &o.n[on]).Add(1); o.see(who, "ran") })
	},
	"wait": func(o *sharing, who, _, _ int) {
		rt.MutexLock("lock", &o.mu[0])
		rt.CondWait("wait", o.cond)
		o.see(who, "woken")
		rt.MutexUnlock("unlock", &o.mu[0])
	},
	"signal":     func(o *sharing, _, _, _ int) { rt.CondSignal("signal", o.cond) },
	"broadcast":  func(o *sharing, _, _, _ int) { rt.CondBroadcast("broadcast", o.cond) },
	"put":        func(o *sharing, _, v, _ int) { rt.PoolPut("put", &o.pool, v) },
	"get":        func(o *sharing, who, _, _ int) { o.see(who, rt.PoolGet("get", &o.pool)) },
	"go":         func(o *sharing, who, _, on int) { o.start(who, on) },
	"goroutines": func(o *sharing, who, _, _ int) { rt.RuntimeGosched("y"); o.see(who, rt.RuntimeNumGoroutine()) },
	"yield":      func(*sharing, int, int, int) { rt.RuntimeGosched("yield") },
	"now":        func(o *sharing, who, _, _ int) { o.see(who, rt.TimeNow("now").UnixNano()) },
	"sleep":      func(o *sharing, who, _, _ int) { rt.TimeSleep("sleep", 5); o.see(who, "slept") },
	"after": func(o *sharing, who, _, on int) {
		<-rt.From("after", rt.TimeAfter("after", time.Duration(3+on)))
		o.see(who, "after")
	},
	"at once": func(o *sharing, who, _, _ int) { rt.TimeAfterFunc("func", 4, func() { o.add(7+4*who, 0) }) },
	"advance": func(*sharing, int, int, int) { rt.Advance(4) },
	"map":     func(o *sharing, who, v, on int) { o.see(who, fmt.Sprint(rt.Touch("m", "swap", &o.m).Swap(on, v))) },
	"range": func(o *sharing, who, _, _ int) {
		rt.MapRange("r", &o.m, func(k, _ any) bool { o.see(who, k); return true })
	},
	"set flag":  func(o *sharing, _, _, _ int) { rt.RuntimeGosched("y"); rt.Set(&o.flag) },
	"wait flag": func(o *sharing, who, _, _ int) { rt.Await(&o.flag, "flag"); o.see(who, "set") },
	"hash": func(o *sharing, who, _, on int) {
		rt.RuntimeGosched("y")
		o.see(who, rt.MaphashComparable(seed, &o.n[on]))
	},
	"unknown": func(o *sharing, who, _, _ int) {
		rt.Touch("c", "cancel", func() {})
		o.see(who, o.counted(&o.count, 1))
	},
	"call": func(o *sharing, who, _, on int) {
		rt.Begins()
		o.see(who, o.counted(&o.calls, 0))
		rt.Touch("op", "load", &o.n[on]).Load()
		rt.Ends()
		o.counted(&o.calls, 1)
		rt.RuntimeGosched("y")
	},
	"bare call": func(o *sharing, _, _, _ int) { // without a point
		rt.RuntimeGosched("y")
		rt.Begins()
		rt.Ends()
		o.counted(&o.calls, 1)
	},
	"call that starts": func(o *sharing, who, _, on int) {
		rt.RuntimeGosched("y")
		rt.Begins()
		o.start(who, on)
		o.see(who, rt.Touch("op", "load", &o.n[on]).Load())
		rt.Ends()
	},
	"deadline": func(o *sharing, who, _, _ int) {
		ctx, stop := rt.ContextWithTimeout("", context.Background(), 4)
		rt.RuntimeGosched("y")
		o.see(who, ctx.Err())
		stop()
	},
	"note": func(o *sharing, who, _, _ int) {
		rt.RuntimeGosched("y")
		rt.Notes()
		o.see(who, o.counted(&o.calls, 100))
	},
	"quiet": func(*sharing, int, int, int) { rt.Idle(1) },
	"panic": func(*sharing, int, int, int) { rt.RuntimeGosched("y"); panic("over") },
}

// names are those of acts, in an order.
var names = func() (list []string) {
	for name := range acts {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}()

func (o *sharing) add(who, on int) { o.see(who, rt.Touch("a", "add", &o.n[on]).Add(1)) }

func (o *sharing) swapped(who, v, on int) *int {
	o.see(who, rt.Touch("w", "swap n", &o.n[on]).Swap(int64(v)))
	return &v
}

func (o *sharing) start(who, on int) {
	if n := o.born[who]; n < 3 {
		o.born[who]++
		rt.Go("go", func() { o.add(4+4*who+n, on) })
	}
}

func (o *sharing) guarded(who, v, on int) {
	rt.MutexLock("lock", &o.mu[on])
	o.x[on] = o.x[on]*3 + v
	o.see(who, o.x[on])
}

// outcome runs the program under the next schedule of a strategy.
func (p tiny) outcome(s Strategy) (outcome string, ok bool) {
	if !s.Begin() {
		return "", false
	}
	o := &sharing{ch: [2]chan int{make(chan int), make(chan int, 1)}}
	o.cond = sync.NewCond(&o.mu[0])
	res := rt.Run(rt.Config{Chooser: s, Timed: p.timed, Early: 1, Ahead: time.Hour, Spin: 1000}, func() {
		for i, list := range p.lanes {
			rt.Spawn(string(rune('a'+i)), func() {
				for k, a := range list {
					acts[a.do](o, i, 10*i+k+1, a.on)
				}
				o.see(i, ".")
			})
		}
		rt.Idle(2)
	})
	s.End(res)
	if res.Panic != "" { // where the others were when the process ended nobody sees
		res.Left = nil
	}
	return fmt.Sprint(o.saw, res.Panic, res.Left, res.Deadlock), true
}

// outcomes are those of at most so many schedules of a strategy that are within its bound, and whether these were all.
func (p tiny) outcomes(s Strategy, most int) (set map[string]bool, n int, all bool) {
	set = map[string]bool{}
	for ; n < most; n++ {
		o, ok := p.outcome(s)
		if !ok {
			return set, n, true
		}
		if d, bounded := s.(*POR); !bounded || !d.Beyond() {
			set[o] = true
		}
	}
	return set, n, false
}

// drawn draws a program of some of the acts.
func drawn(rng *rand.Rand, of []string, lanes, most int) (p tiny) {
	for range lanes {
		var list []act
		for range 1 + rng.IntN(most) {
			list = append(list, act{of[rng.IntN(len(of))], rng.IntN(2)})
		}
		p.lanes = append(p.lanes, list)
	}
	return p
}
