package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type inner struct {
	sync.RWMutex
	n atomic.Int32
}

type outer struct {
	*inner
	sync.Mutex
	atomic.Bool
	l   sync.Locker
	mus [2]sync.Mutex
}

type ownLock struct{ n int }

func (o *ownLock) Lock()   { o.n++; fmt.Println("own lock") }
func (o *ownLock) Unlock() { o.n-- }

type wrapped struct{ sync.Mutex }

func (w *wrapped) Lock() { fmt.Println("wrapped"); w.Mutex.Lock() }

func locks() {
	var mu sync.Mutex
	p := &mu
	mu.Lock()
	fmt.Println(p.TryLock())
	p.Unlock()
	(*p).Lock()
	(&mu).Unlock()
	byKey := map[string]*outer{"k": {inner: &inner{}}}
	byKey["k"].mus[1].
		Lock()
	fmt.Println(byKey["k"].mus[0].TryLock(), byKey["k"].mus[1].TryLock())
	get := func() *outer { say("get"); return byKey["k"] }
	get().mus[1].Unlock()
	for _, l := range []sync.Locker{&mu, &sync.RWMutex{}, &ownLock{}, &wrapped{}} {
		l.Lock()
		l.Unlock()
	}
	var o ownLock
	o.Lock()
	var i interface {
		sync.Locker
		TryLock() bool
	} = &mu
	i.Lock()
	fmt.Println(i.TryLock())
	i.Unlock()
}

func promoted() {
	o := outer{inner: &inner{}, l: &sync.Mutex{}}
	o.Lock()
	o.RLock()
	fmt.Println(o.TryRLock(), o.inner.TryLock(), o.TryLock())
	o.RUnlock()
	o.inner.RUnlock()
	o.Unlock()
	o.l.Lock()
	o.n.Add(2)
	o.Store(true)
	fmt.Println(o.n.Load(), o.Load(), o.l.(*sync.Mutex).TryLock())
	l := o.RLocker()
	l.Lock()
	fmt.Println(o.inner.TryLock())
	l.Unlock()
	var none *outer
	defer none.Unlock()
}

func methodValues() {
	var mu, other sync.Mutex
	p := &mu
	lock, unlock, try := p.Lock, p.Unlock, p.TryLock
	p = &other
	lock()
	fmt.Println(mu.TryLock(), try())
	unlock()
	fmt.Println(try(), p.TryLock())
	(*sync.Mutex).Unlock(&mu)
	expr := (*atomic.Int64).Add
	var n atomic.Int64
	fmt.Println(expr(&n, 3), (*atomic.Int64).Load(&n))
}

func groups() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := range 10 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			sum += i
		}()
	}
	wg.Go(func() { mu.Lock(); sum += 100; mu.Unlock() })
	wg.Wait()
	var once sync.Once
	for range 2 {
		once.Do(func() { sum++ })
	}
	f, v := sync.OnceFunc(func() { sum++ }), sync.OnceValue(func() int { sum++; return sum })
	f()
	f()
	v()
	fmt.Println(sum, v())
	cond, ready := sync.NewCond(&mu), false
	go func() {
		mu.Lock()
		ready = true
		cond.Broadcast()
		mu.Unlock()
		cond.Signal()
	}()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()
	fmt.Println(ready)
}

func atomics() {
	var n atomic.Int64
	var p atomic.Pointer[ownLock]
	var v atomic.Value
	var u uint32
	k := 2
	fmt.Println(n.Add(2), n.CompareAndSwap(2, n.Load()+5), n.Swap(n.Load()*2), n.Load(), p.Load() == nil)
	p.Store(&ownLock{n: 4})
	v.Store(p.Load().n)
	fmt.Println(v.Load(), v.CompareAndSwap(4, "x"), atomic.AddUint32(&u, 3))
	atomic.StoreUint32(&u, 1<<atomic.LoadUint32(&u))
	atomic.StoreUint32(&u, atomic.LoadUint32(&u)<<k)
	load := n.Load
	n.Store(77)
	fmt.Println(u, load())
}

func poolAndMap() {
	p := sync.Pool{New: func() any { return "new" }}
	fmt.Println(p.Get())
	p.Put("old")
	var m sync.Map
	m.Store("a", 1)
	v, ok := m.Load("a")
	w, loaded := m.LoadOrStore("b", say(2))
	fmt.Println(v, ok, w, loaded)
	n := 0
	m.Range(func(k, v any) bool { n += v.(int); return true })
	m.Delete("a")
	_, ok = m.Load("a")
	fmt.Println(n, ok)
}
