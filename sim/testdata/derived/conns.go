package derived

import "sync"

// Conns are connections that one at a time uses. A loose pool looks for a free one, and takes it when it
// has the lock again: then another may have it.
type Conns struct {
	mu    sync.Mutex
	free  []*Conn
	loose bool
}

// Conn is a connection.
type Conn struct{ used int }

// Get returns one that nobody uses.
func (p *Conns) Get() *Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.free)
	if n == 0 {
		return &Conn{}
	}
	c := p.free[n-1]
	if p.loose {
		p.mu.Unlock()
		p.mu.Lock()
		n = min(n, len(p.free))
	}
	p.free = p.free[:max(n-1, 0)]
	return c
}

// Put gives one back.
func (p *Conns) Put(c *Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, c)
}
