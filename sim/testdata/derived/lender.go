package derived

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Lender lends numbers, and hands one that was given back out again. One that is hasty looks twice at what is free.
type Lender struct {
	mu    sync.Mutex
	free  []int
	n     int
	hasty bool
}

func (l *Lender) take() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hasty && len(l.free) > 0 {
		l.mu.Unlock()
		l.mu.Lock()
		if len(l.free) == 0 {
			return -1
		}
	}
	if last := len(l.free) - 1; last >= 0 {
		v := l.free[last]
		l.free = l.free[:last]
		return v
	}
	l.n++
	return l.n
}

// With lends a number to a function.
func (l *Lender) With(f func(int) error) error {
	v := l.take()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.free = append(l.free, v)
	}()
	return f(v)
}

// Starter starts functions, and says of a panic whose it was.
type Starter struct{}

// Start starts a function.
func (*Starter) Start(f func()) {
	go func() {
		defer func() {
			if v := recover(); v != nil {
				panic(fmt.Errorf("what was started panics: %v", v))
			}
		}()
		f()
	}()
}

// Door is closed once. One that is hasty asks first whether it was, and closes then.
type Door struct {
	shut  chan struct{}
	done  atomic.Bool
	hasty bool
}

// Close closes it, and says whether it was closed already.
func (d *Door) Close() error {
	if d.hasty && d.done.Load() || !d.hasty && d.done.Swap(true) {
		return ErrClosed
	}
	d.done.Store(true)
	close(d.shut)
	return nil
}

// Shut is closed with the door.
func (d *Door) Shut() <-chan struct{} { return d.shut }

// Board lets one at a time write on it. Who panics there keeps it; and the fifth word may be counted twice.
type Board struct {
	mu sync.Mutex
	n  atomic.Int64
}

// Write has a function write.
func (b *Board) Write(f func()) {
	b.mu.Lock()
	f()
	b.mu.Unlock()
}

// Count counts a word.
func (b *Board) Count() int64 {
	if n := b.n.Load(); n == 4 {
		b.n.Store(n + 1)
		return n + 1
	}
	return b.n.Add(1)
}

// Ticking has a goroutine of its own, and Stop waits for its end. A hasty one asks whether that has come, and not
// whether it was asked for.
type Ticking struct {
	mu        sync.Mutex
	stopped   bool
	stop, end chan struct{}
	hasty     bool
}

// NewTicking starts it.
func NewTicking(hasty bool) *Ticking {
	t := &Ticking{stop: make(chan struct{}), end: make(chan struct{}), hasty: hasty}
	go func() {
		<-t.stop
		close(t.end)
	}()
	return t
}

// Stopped reports whether it has come to its end.
func (t *Ticking) Stopped() bool {
	select {
	case <-t.end:
		return true
	default:
		return false
	}
}

// Stop ends it.
func (t *Ticking) Stop() {
	if t.mu.Lock(); t.hasty && !t.Stopped() || !t.hasty && !t.stopped {
		t.stopped = true
		t.mu.Unlock()
		close(t.stop)
		<-t.end
		return
	}
	t.mu.Unlock()
	<-t.end
}
