package golden

import (
	"sync"
)

type inner struct{ sync.RWMutex }

type guarded struct {
	sync.Mutex
	*inner
	mus   [2]sync.Mutex
	byKey map[string]*guarded
	once  sync.Once
	l     sync.Locker
	cond  *sync.Cond
}

type own struct{}

func (own) Lock()   {}
func (own) Unlock() {}

type locked interface {
	Lock()
	Unlock()
}

type embedsLocker struct{ sync.Locker }

func get() *guarded { return nil }

func locks(g *guarded, v guarded, o own, l locked, e embedsLocker, rw *sync.RWMutex, keys []string) {
	g.Lock()
	g.Unlock()
	g.inner.Lock()
	g.RLock()
	g.RUnlock()
	v.mus[1].Lock()
	v.mus[1].Unlock()
	v.byKey[keys[0]].Lock()
	get().mus[0].
		Lock()
	(&v).Unlock()
	(*g).Lock()
	o.Lock()
	o.Unlock()
	l.Lock()
	e.Lock()
	e.Unlock()
	g.l.Lock()
	rw.RLocker().Lock()
	sync.Locker(rw).Unlock()
	if g.TryLock() && rw.TryRLock() && rw.TryLock() {
		return
	}
	g.once.Do(func() { g.Lock() })
	g.cond = sync.NewCond(g)
	g.cond.Wait()
	g.cond.Signal()
	g.cond.
		Broadcast()
}

func lockAll[L sync.Locker, P interface {
	*T
	sync.Locker
}, T any](l L, p P) {
	l.Lock()
	p.Unlock()
}

func values(g *guarded, mu *sync.Mutex, e embedsLocker, p *sync.Pool) {
	unlock := mu.Unlock
	defer unlock()
	(mu.Lock)()
	for _, f := range []func(){g.Lock, g.RLock, e.Lock, g.l.Lock} {
		f()
	}
	do := g.once.Do
	do(unlock)
	lock := (*sync.Mutex).Lock
	lock(mu)
	try := mu.TryLock
	_ = try
	_, _ = p.Get, p.Put
}

func others(wg *sync.WaitGroup, p *sync.Pool, m *sync.Map) {
	wg.Go(func() {})
	wg.Wait()
	p.Put(p.Get())
	m.Store(1, 2)
	m.Range(func(k, v any) bool { return true })
	v, ok := m.Load(1)
	_, _ = v, ok
	f := sync.OnceFunc(func() {})
	f()
	_ = sync.OnceValue(func() int { return 1 })
	_ = sync.OnceValues[int, error](func() (int, error) { return 1, nil })
}
