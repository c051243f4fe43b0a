package derived

import (
	"sync"
	"time"
)

// Expiring keeps a value for a minute, by a look at the clock and no timer. A late one keeps it a tick longer.
type Expiring struct {
	mu    sync.Mutex
	value int
	until time.Time
	late  time.Duration
}

// Put keeps a value, if there is none.
func (x *Expiring) Put(v int) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if time.Now().Before(x.until) {
		return false
	}
	x.value, x.until = v, time.Now().Add(time.Minute+x.late)
	return true
}

// Get is the value, if there is one.
func (x *Expiring) Get() (int, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.value, time.Now().Before(x.until)
}

// Mailbox takes letters, if there is room.
type Mailbox struct{ letters chan int }

// Put puts a letter in.
func (m Mailbox) Put(v int) bool {
	select {
	case m.letters <- v:
		return true
	default:
		return false
	}
}

// Take takes the oldest out.
func (m Mailbox) Take() (int, bool) {
	select {
	case v := <-m.letters:
		return v, true
	default:
		return 0, false
	}
}
