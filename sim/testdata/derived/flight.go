package derived

import "sync"

// Flight has one function fly at a time. A hasty one is not over when that panics.
type Flight struct {
	mu    sync.Mutex
	over  *sync.WaitGroup
	hasty bool
}

// Do calls the function, or waits for the one that is called.
func (f *Flight) Do(fn func()) {
	f.mu.Lock()
	if over := f.over; over != nil {
		f.mu.Unlock()
		over.Wait()
		return
	}
	f.over = new(sync.WaitGroup)
	f.over.Add(1)
	f.mu.Unlock()
	if !f.hasty {
		defer f.land()
	}
	fn()
	if f.hasty {
		f.land()
	}
}

func (f *Flight) land() {
	f.mu.Lock()
	f.over.Done()
	f.over = nil
	f.mu.Unlock()
}

// Kitchen has what a function cooks, which somebody waits for.
type Kitchen struct{ ready chan int }

// Cook serves what the function makes, unless it panics.
func (k Kitchen) Cook(make func() int) {
	select {
	case k.ready <- make():
	default:
	}
}

// Eat waits for something.
func (k Kitchen) Eat() int { return <-k.ready }
