package derived

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Desk lends keys, and closes when all are back. At a hasty one a key that is given back is counted in two steps.
type Desk struct {
	mu    sync.Mutex
	back  *sync.Cond
	out   atomic.Int64
	hasty bool
}

// Key is lent.
type Key struct {
	desk   *Desk
	number int
}

// NewDesk makes one.
func NewDesk(hasty bool) *Desk {
	d := &Desk{hasty: hasty}
	d.back = sync.NewCond(&d.mu)
	return d
}

// Borrow returns a key.
func (d *Desk) Borrow() *Key { return &Key{desk: d, number: int(d.out.Add(1))} }

// BorrowAll returns two.
func (d *Desk) BorrowAll() []*Key {
	n := int(d.out.Add(2))
	return []*Key{{desk: d, number: n - 1}, {desk: d, number: n}}
}

// String spells it with another number each time.
func (d *Desk) String() string { return fmt.Sprint("desk ", serial.Add(1)) }

// Number is how many were out.
func (k *Key) Number() int { return k.number }

// Serial is another number each time, in the whole process.
func (k *Key) Serial() int64 { return serial.Add(1) }

// Ticket is 0 of the first keys, and of the later ones as Serial.
func (k *Key) Ticket() int64 {
	if k.number < 6 {
		return 0
	}
	return serial.Add(1)
}

var serial atomic.Int64

// Release gives it back.
func (k *Key) Release() {
	d := k.desk
	if d.hasty {
		d.out.Store(d.out.Load() - 1)
	} else {
		d.out.Add(-1)
	}
	d.mu.Lock()
	d.back.Broadcast()
	d.mu.Unlock()
}

// Close waits for the keys.
func (d *Desk) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.out.Load() > 0 {
		d.back.Wait()
	}
}
