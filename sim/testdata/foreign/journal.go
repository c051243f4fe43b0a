package foreign

import (
	"sync"
	"time"
)

// Journal is a queue that writes a value down before it takes it. That takes a millisecond, and
// whoever else pushes waits for a lock meanwhile.
type Journal struct {
	*Plain
	writing sync.Mutex
}

// NewJournal returns a queue with room for so many.
func NewJournal(room int) *Journal { return &Journal{Plain: NewPlain(room)} }

// Push adds a value.
func (q *Journal) Push(v int, within time.Duration) bool {
	q.write()
	return q.Plain.Push(v, within)
}

func (q *Journal) write() {
	q.writing.Lock()
	defer q.writing.Unlock()
	time.Sleep(time.Millisecond)
}
