package derived

import (
	"sync"
	"time"
)

// Cache forgets what it was given a second later, on package time. A careless one looks at the time
// before it locks, and so answers with what is gone; a lasting one goes by the real age
// only when it is asked for, and counts what is gone.
type Cache struct {
	mu       sync.Mutex
	entries  map[string]entry
	careless bool
}

type entry struct {
	v    int
	ends time.Time
}

const ttl = time.Second

// NewCache makes an empty cache.
func NewCache(careless bool) *Cache { return &Cache{entries: map[string]entry{}, careless: careless} }

// Set sets a key.
func (c *Cache) Set(key string, v int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[key] = entry{v, time.Now().Add(ttl)}
	time.AfterFunc(ttl, func() { c.expire(key) })
}

// Add adds to the value of a key, and returns it.
func (c *Cache) Add(key string, v int) int {
	if c.careless {
		old, _ := c.Get(key)
		c.Set(key, old+v)
		return old + v
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[key]
	if !e.ends.IsZero() && !time.Now().Before(e.ends) {
		e = entry{}
	}
	e.v += v
	e.ends = time.Now().Add(ttl)
	c.entries[key] = e
	return e.v
}

func (c *Cache) expire(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok && !time.Now().Before(e.ends) {
		delete(c.entries, key)
	}
}

// Get returns the value of a key, and whether it has one.
func (c *Cache) Get(key string) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if ok && !time.Now().Before(e.ends) {
		return 0, false
	}
	return e.v, ok
}
