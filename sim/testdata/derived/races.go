package derived

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// shared is memory that the components below touch in each call, behind a lock or not. What they
// take and answer is of every shape.
type shared struct {
	mu     sync.Mutex
	locked bool
	n      int
}

func (s *shared) lock(yes bool) { s.locked = yes }

func (s *shared) touch() int {
	if s.locked {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	s.n++
	return s.n
}

type (
	plain    struct{ shared }
	ints     struct{ shared }
	texts    struct{ shared }
	structs  struct{ shared }
	arrays   struct{ shared }
	wide     struct{ shared }
	errs     struct{ shared }
	lists    struct{ shared }
	maps     struct{ shared }
	times    struct{ shared }
	pointers struct{ shared }
	anys     struct{ shared }
	callers  struct{ shared }
	patients struct{ shared }
	givers   struct{ shared }
	variadic struct{ shared }
	panics   struct{ shared }
	floats   struct{ shared }
	closing  struct{ shared }
)

// Pair is a struct to hand over.
type Pair struct {
	Key string
	N   int
}

var errOdd = errors.New("odd")

func (c *plain) Do()                            { c.touch() }
func (c *ints) Do(n int) (int, bool)            { return n * 0, c.touch() > 0 }
func (c *texts) Do(s string) string             { c.touch(); return s + "." }
func (c *structs) Do(p Pair) (Pair, Pair)       { c.touch(); return p, Pair{N: 1} }
func (c *arrays) Do([4]int)                     { c.touch() }
func (c *wide) Do(_, _, _ Pair, _ string)       { c.touch() }
func (c *errs) Do(err error) error              { c.touch(); return errors.Join(err, errOdd) }
func (c *lists) Do(l []int) []int               { c.touch(); return append(l, 1) }
func (c *maps) Do(m map[string]int) map[int]int { c.touch(); return map[int]int{1: len(m), 2: 3} }
func (c *times) Do(t time.Time) time.Time       { c.touch(); return t.Add(time.Hour) }
func (c *pointers) Do(p *Pair) *Pair            { c.touch(); return p }
func (c *anys) Do(v any) any                    { c.touch(); return v }
func (c *callers) Do(f func(int) int) int       { c.touch(); return f(1) }
func (c *patients) Do(ctx context.Context) error {
	c.touch()
	return ctx.Err()
}
func (c *givers) Do() (<-chan int, func() int) {
	ch := make(chan int, 1)
	ch <- 1
	return ch, c.touch2
}
func (c *shared) touch2() int          { return c.touch() * 0 }
func (c *variadic) Do(list ...int) int { c.touch(); return len(list) }
func (c *panics) Do(n int)             { c.touch(); panic(fmt.Errorf("no")) }
func (c *floats) Do(f float64) float32 { c.touch(); return float32(f) }
func (c *closing) Do(n int) int        { c.touch(); return 0 }
func (c *closing) Close() error        { return nil }
