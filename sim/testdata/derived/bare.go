package derived

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
)

// Bare counts without a lock.
type Bare struct{ n int }

// Inc counts.
func (b *Bare) Inc() { b.n++ }

// Value is how often.
func (b *Bare) Value() int { return b.n }

// First keeps what came first for a key, and asks for it before, without a lock.
type First struct{ of map[string]int }

// Put keeps v, or returns what is there.
func (f *First) Put(key string, v int) int {
	if old, ok := f.of[key]; ok {
		return old
	}
	f.of[key] = v
	return v
}

// Twins is two numbers that are set together, and may be read without the lock.
type Twins struct {
	mu    sync.Mutex
	a, b  int
	hasty bool
}

// Set sets both.
func (p *Twins) Set(v int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.a, p.b = v, v
	p.a = p.both(v)
	p.b = v
}

func (p *Twins) both(v int) int { return p.b + v - p.b }

// Get returns both.
func (p *Twins) Get() (int, int) {
	if !p.hasty {
		p.mu.Lock()
		defer p.mu.Unlock()
	}
	a := p.a
	return a, p.b
}

// Benign keeps the last value without a lock, and what is seen of it is some value that was kept.
type Benign struct{ last int }

// Keep keeps one.
func (b *Benign) Keep(v int) { b.last = v }

// Last is the last.
func (b *Benign) Last() int { return b.last }

// Text is a buffer without a lock, all of whose work is done in the standard library.
type Text struct{ b bytes.Buffer }

// Add appends.
func (t *Text) Add(s string) { t.b.WriteString(s) }

// Len is the length.
func (t *Text) Len() int { return t.b.Len() }

// Box holds one value, and says what is wrong when it is full. One that is chatty says more.
type Box struct {
	mu            sync.Mutex
	v             int
	chatty, wrong bool
}

// ErrFull is of a box that holds one already, and ErrNone of a value that is none.
var (
	ErrFull = errors.New("the box is full")
	ErrNone = errors.New("no value")
)

// Put puts one in.
func (b *Box) Put(v int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.v == 0:
		b.v = v
		return nil
	case b.wrong:
		return ErrNone
	case b.chatty:
		return fmt.Errorf("put %d beside %d: %w", v, b.v, ErrFull)
	}
	return ErrFull
}
