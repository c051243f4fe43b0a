package foreign

// Forgetful switches the fault on.
func Forgetful[T any](b *Buffer[T]) { b.forgetful = true }
