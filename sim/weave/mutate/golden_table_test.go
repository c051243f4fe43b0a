package mutate

const (
	counter = `
var mu sync.RWMutex
var n int
var done bool
`
	deferred = counter + `
func f() bool {
	mu.Lock()
	defer mu.Unlock()
	if done {
		return false
	}
	n++
	done = true
	return true
}
`
	explicit = counter + `
func f() {
	mu.Lock()
	if done {
		mu.Unlock()
		return
	}
	n++
	done = true
	mu.Unlock()
}
func g() int {
	mu.RLock()
	defer mu.RUnlock()
	return n
}
func free() { n++ }
`
	channels = `
type s struct { ch, quit, never chan int; closed bool }
func (s *s) init(n int) {
	s.ch = make(chan int, n)
	s.quit = make(chan int, 1)
	s.never = make(chan int)
}
func (s *s) loop(limit int) {
	left := limit
	for {
		select {
		case v := <-s.ch:
			println(v)
		case <-s.quit:
			println(left)
			return
		}
	}
}
func (s *s) try(v int) {
	select {
	case s.ch <- v:
	default:
		s.ch <- v
	}
	select {
	case <-s.quit:
	default:
	}
}
func (s *s) stop() {
	if s.closed {
		return
	}
	s.check()
	s.quit <- 1
	close(s.ch)
	println("stopped")
}
func (s *s) check() { s.checkClosed(); s.drain() }
func (s *s) checkClosed() {}
func (s *s) drain() {}
`
	group = `
var wg sync.WaitGroup
var pool sync.Pool
func f(use func(any), ended chan int) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer close(ended)
		x := pool.Get()
		defer pool.Put(x)
		use(x)
	}()
}
func g(use func(any)) {
	x := pool.Get()
	use(x)
	use(nil)
	pool.Put(x)
}
`
	atomics = `
var x atomic.Int64
type s struct { a atomic.Uint32; b, c atomic.Bool; d atomic.Bool; n uint64 }
func (s *s) f() uint32 {
	x.Add(2)
	s.b.Swap(true)
	s.d.Store(false)
	for !s.d.CompareAndSwap(false, true) {
	}
	return s.a.Or(1)
}
func (s *s) g() uint64 {
	atomic.AddUint64(&s.n, 3)
	atomic.StoreUint64(&s.n, 4)
	return atomic.LoadUint64(&s.n)
}
`
)

// golden are sources and what operators make of them, one line a mutant.
var golden = []struct{ operator, source, want string }{
	{"drop-lock", deferred, `mu.Lock() | defer mu.Unlock() -> nothing`},
	{"drop-lock", explicit, `
		mu.Lock() | mu.Unlock() | mu.Unlock() -> nothing
		mu.RLock() | defer mu.RUnlock() -> nothing`},
	{"rlock-for-lock", deferred, `mu.Lock() | defer mu.Unlock() -> mu.RLock() | defer mu.RUnlock()`},
	{"rlock-for-lock", explicit, `mu.Lock() | mu.Unlock() | mu.Unlock() -> mu.RLock() | mu.RUnlock() | mu.RUnlock()`},
	{"split-section", deferred, `
		n++ -> mu.Unlock(); mu.Lock(); n++
		done = true -> mu.Unlock(); mu.Lock(); done = true`},
	{"unlock-early", deferred, `
		defer mu.Unlock() | return false | done = true -> mu.Unlock(); return false | mu.Unlock(); done = true`},
	{"unlock-early", explicit, `done = true | mu.Unlock() -> mu.Unlock() | done = true`},
	{"lock-below-check", deferred, `mu.Lock() | defer mu.Unlock() | } -> }; mu.Lock(); defer mu.Unlock()`},
	{"lock-below-check", explicit, `mu.Lock() | mu.Unlock() | } -> }; mu.Lock()`},
	{"drop-recheck", deferred, `if done { | return false | } -> _ = done`},
	{"drop-recheck", explicit, ``},
	{"lost-update", atomics, `
		x.Add(2) -> x.Store(x.Load() + (2))
		s.b.Swap(true) -> s.b.Store(true)
		for !s.d.CompareAndSwap(false, true) { -> ` +
		`for !func() bool { if s.d.Load() != (false) { return false }; s.d.Store(true); return true }() {
		return s.a.Or(1) -> return func() uint32 { old := s.a.Load(); s.a.Store(old | (1)); return old }()`},
	{"plain-operation", atomics, `
		atomic.AddUint64(&s.n, 3) -> s.n += 3 | var _ atomic.Bool
		atomic.StoreUint64(&s.n, 4) -> s.n = 4 | var _ atomic.Bool
		return atomic.LoadUint64(&s.n) -> return s.n | var _ atomic.Bool`},
	{"plain-field", `
type s struct {
	a atomic.Bool
	b atomic.Bool
	c atomic.Pointer[int]
}
func (s *s) f() *atomic.Bool { s.a.Store(true); return &s.b }
`, `
		a atomic.Bool -> a plainBool | var _ atomic.Bool | type plainBool struct{ v bool }` +
		` | func (p *plainBool) Load() bool { return p.v }` +
		` | func (p *plainBool) Store(v bool) { p.v = v }` +
		` | func (p *plainBool) Swap(v bool) (old bool) { old, p.v = p.v, v; return old }` +
		` | func (p *plainBool) CompareAndSwap(old, v bool) bool { if p.v != old { return false }; p.v = v; return true }`},
	{"drop-stop", `
func f(t *time.Timer, k *time.Ticker) {
	defer t.Stop()
	d := time.Second
	k.Reset(d)
	if t.Reset(1) {
		println()
	}
}
`, `
		defer t.Stop() -> nothing
		k.Reset(d) -> _ = d
		if t.Reset(1) { -> if false {`},
	{"drop-drain", channels, `
		select { | case <-s.quit: | default: | } -> nothing
		func (s *s) check() { s.checkClosed(); s.drain() } -> func (s *s) check() { s.checkClosed();  }`},
	{"drop-select-case", channels, `
		case v := <-s.ch: | println(v) -> nothing
		select { | case <-s.quit: | println(left) | return -> _ = left; select {
		default: -> nothing`},
	{"buffer-less", channels, `
		s.ch = make(chan int, n) -> s.ch = make(chan int, (n)-1)
		s.quit = make(chan int, 1) -> s.quit = make(chan int, 0)`},
	{"buffer-more", channels, `
		s.ch = make(chan int, n) -> s.ch = make(chan int, (n)+1)
		s.quit = make(chan int, 1) -> s.quit = make(chan int, 2)`},
	{"swap-close", channels, `
		s.quit <- 1 | close(s.ch) -> close(s.ch) | s.quit <- 1
		close(s.ch) | println("stopped") -> println("stopped") | close(s.ch)`},
	{"swap-send", channels, `s.check() | s.quit <- 1 -> s.quit <- 1 | s.check()`},
	{"drop-closed-check", channels, `
		if s.closed { | return | } -> _ = s.closed
		func (s *s) check() { s.checkClosed(); s.drain() } -> func (s *s) check() { ; s.drain() }`},
	{"skip-wait-group", group, `wg.Add(1) | defer wg.Done() -> nothing`},
	{"late-add", group, `wg.Add(1) | defer wg.Done() -> wg.Add(1); defer wg.Done()`},
	{"undefer", group, `
		defer wg.Done() -> wg.Done()
		defer close(ended) -> close(ended)
		defer pool.Put(x) -> pool.Put(x)`},
	{"pool-early", group, `
		use(x) | pool.Put(x) -> pool.Put(x); use(x)
		use(nil) | pool.Put(x) -> pool.Put(x); use(nil)`},
}
