package derived

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Registry takes names of a type that nobody can make who does not know it.
type Registry struct {
	mu    sync.Mutex
	names map[string]int
}

// Register counts how often a name came.
func (r *Registry) Register(name fmt.Stringer) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names == nil {
		r.names = map[string]int{}
	}
	r.names[name.String()]++
	return r.names[name.String()]
}

// Name is a name.
type Name string

func (n Name) String() string { return string(n) }

// Single is a ring for one who pushes and one who pops.
type Single struct {
	slots      [2]int
	head, tail atomic.Int64
}

// Push appends, if there is room.
func (s *Single) Push(v int) bool {
	tail := s.tail.Load()
	if tail-s.head.Load() == int64(len(s.slots)) {
		return false
	}
	s.slots[tail%2] = v
	s.tail.Store(tail + 1)
	return true
}

// Pop takes the first.
func (s *Single) Pop() (int, bool) {
	head := s.head.Load()
	if head == s.tail.Load() {
		return 0, false
	}
	v := s.slots[head%2]
	s.head.Store(head + 1)
	return v, true
}

// Service has a goroutine from Start to Halt. A second Start crashes, and so does Report after Halt.
type Service struct {
	mu     sync.Mutex
	stop   chan struct{}
	n      int
	halted bool
}

// Start starts it.
func (s *Service) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		go func() { panic("started twice") }()
	}
	s.stop = make(chan struct{})
	stop := s.stop
	go func() { <-stop }()
}

// Report counts.
func (s *Service) Report() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.halted {
		go func() { panic("reported after Halt") }()
	}
	s.n++
	return s.n
}

// Halt ends it.
func (s *Service) Halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil && !s.halted {
		close(s.stop)
	}
	s.halted = true
}

// Counter counts up to a limit, and says after how many attempts. A loose one looks before it locks.
type Counter struct {
	mu       sync.Mutex
	n, tries int
	loose    bool
}

const limit = 2

// Inc counts, if the limit is not reached.
func (c *Counter) Inc() (ok bool, tries int) {
	if c.loose {
		if c.Value() == limit {
			return false, 0
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.n++
		return true, 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tries++
	if c.n == limit {
		return false, c.tries
	}
	c.n++
	return true, c.tries
}

// Value is the count.
func (c *Counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// Strict counts as a Counter does, and knows nothing of attempts.
type Strict struct {
	mu sync.Mutex
	n  int
}

// Inc counts, if the limit is not reached.
func (c *Strict) Inc() (ok bool, tries int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == limit {
		return false, 0
	}
	c.n++
	return true, 0
}

// Value is the count.
func (c *Strict) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// Reaper has a goroutine that nobody ends, though there is a Close.
type Reaper struct{ ticks atomic.Int64 }

// NewReaper starts it.
func NewReaper() *Reaper {
	r := &Reaper{}
	never := make(chan struct{})
	go func() { <-never }()
	return r
}

// Tick counts.
func (r *Reaper) Tick() int64 { return r.ticks.Add(1) }

// Close ends nothing.
func (r *Reaper) Close() {}

// Endless is a Reaper without a Close.
type Endless struct{ r *Reaper }

// Tick counts.
func (e Endless) Tick() int64 { return e.r.Tick() }

// Lazy starts a goroutine with its first call, also after its end.
type Lazy struct {
	mu   sync.Mutex
	stop chan struct{}
}

// Use needs the goroutine.
func (l *Lazy) Use() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop == nil {
		stop := make(chan struct{})
		l.stop = stop
		go func() { <-stop }()
	}
	return 1
}

// Stop ends it.
func (l *Lazy) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop != nil {
		close(l.stop)
		l.stop = nil
	}
}

// Gauge counts what comes and goes, and its Stats are no snapshot.
type Gauge struct{ come, gone atomic.Int64 }

// Move counts one that comes and goes.
func (g *Gauge) Move() {
	g.come.Add(1)
	g.gone.Add(1)
}

// Stats are how many came, and how many went.
func (g *Gauge) Stats() (come, gone int64) { return g.come.Load(), g.gone.Load() }
