package sim_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"batchlab/sim"
)

const interval = 100 * time.Millisecond

// Limiter is what the old rate limiter and the new one have in common: Take waits until it is this call's turn.
type Limiter interface{ Take() }

// lockedLimiter is the old one.
type lockedLimiter struct {
	mu   sync.Mutex
	next time.Time
}

func newLockedLimiter(*sim.Env) Limiter { return &lockedLimiter{} }

func (l *lockedLimiter) Take() {
	l.mu.Lock()
	now := time.Now()
	if l.next.Before(now) {
		l.next = now
	}
	at := l.next
	l.next = at.Add(interval)
	l.mu.Unlock()
	time.Sleep(at.Sub(now))
}

// atomicLimiter is the new one, without a lock.
type atomicLimiter struct{ next atomic.Int64 }

func newAtomicLimiter(*sim.Env) Limiter { return &atomicLimiter{} }

func (l *atomicLimiter) Take() {
	for {
		now, next := time.Now().UnixNano(), l.next.Load()
		at := max(now, next) // bug: at := next
		if l.next.CompareAndSwap(next, at+int64(interval)) {
			time.Sleep(time.Duration(at - now))
			return
		}
	}
}

// A rate limiter: time is virtual, and is moved to the moments that matter.
func ExampleEquivalent_limiter() {
	var t *testing.T // in a file of yours: func TestLimiter(t *testing.T)
	sim.Equivalent(t, newLockedLimiter, newAtomicLimiter)
	// With the bug it says, among other things:
	//
	//	| a      |
	//	|--------|
	//	| Take() |
	//	| Take() |  <- want this at +100ms
}
