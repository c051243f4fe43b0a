package foreign

// Forgetful switches the fault on.
func Forgetful[T any](b *Buffer[T]) { b.forgetful = true }

// The faults of a ring, to switch one on.
const (
	Sound    = sound
	Forgets  = forgets
	Believes = believes
	Ignores  = ignores
)

// NewFaultyRing returns a ring with a fault.
func NewFaultyRing(room int, f fault) *Ring {
	q := NewRing(room)
	q.fault = f
	return q
}
