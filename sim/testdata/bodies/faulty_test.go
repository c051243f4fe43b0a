// Package bodies has tests as anybody writes them: of these each is wrong on some schedule, and
// its name says by which law. Plain go test passes most of them, and hangs in some.
package bodies

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestDeadlockOfTwoLocks(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() { a.Lock(); defer a.Unlock(); b.Lock(); defer b.Unlock() })
	wg.Go(func() { b.Lock(); defer b.Unlock(); a.Lock(); defer a.Unlock() })
	wg.Wait()
}

func TestDeadlockBesideATicker(t *testing.T) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	stop := make(chan bool)
	go func() {
		for {
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	<-make(chan int)
	close(stop)
}

// The signal comes before the wait.
func TestDeadlockOfALostSignal(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	go c.Signal()
	mu.Lock()
	c.Wait()
	mu.Unlock()
}

// A tick beside Stop: Stop holds the lock while it waits for the loop.
func TestDeadlockOfATickBesideStop(t *testing.T) {
	var mu sync.Mutex
	tick, stop, done := time.NewTicker(30*time.Second), make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-tick.C:
				mu.Lock()
				mu.Unlock()
			case <-stop:
				return
			}
		}
	}()
	mu.Lock()
	close(stop)
	<-done
	mu.Unlock()
}

func TestLeftBehindASender(t *testing.T) {
	ch := make(chan error)
	go func() { ch <- errors.New("late") }()
	select {
	case <-ch:
	case <-time.After(time.Microsecond):
	}
}

func TestLeftBehindAWorker(t *testing.T) {
	jobs := make(chan int)
	go func() {
		for range jobs {
		}
	}()
	jobs <- 1
}

func TestLeftBehindBySubtests(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "two" {
				go func() { <-make(chan int) }()
			}
		})
	}
}

func TestPanicOfASecondClose(t *testing.T) {
	ch := make(chan int)
	var closed atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if !closed.Load() {
				closed.Store(true)
				close(ch)
			}
		})
	}
	wg.Wait()
}

func TestPanicOfAGroup(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(1)
	go wg.Done()
	go wg.Done()
	wg.Wait()
}

func TestSpinOnAFlag(t *testing.T) {
	var flag atomic.Bool
	go func() {
		if flag.Load() {
			flag.Store(false)
		}
	}()
	flag.Store(true)
	for !flag.Load() {
	}
}

func TestHeldByWhoIsGone(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if !mu.TryLock() {
				return
			}
			if n++; n == 2 {
				return
			}
			mu.Unlock()
		})
	}
	wg.Wait()
}

func TestFailedCounter(t *testing.T) {
	var n atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { n.Store(n.Load() + 1) })
	}
	wg.Wait()
	if got := n.Load(); got != 2 {
		t.Errorf("got %d, want 2", got)
	}
}

// Fatal in another goroutine than the test's ends that one, and fails the test.
func TestFailedElsewhere(t *testing.T) {
	var n atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() { n.Add(1) })
	wg.Go(func() {
		if n.Load() == 0 {
			t.Fatal("too early")
		}
	})
	wg.Wait()
}

func TestFailedTimersOfOneInstant(t *testing.T) {
	var first atomic.Int64
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		time.AfterFunc(time.Second, func() { defer wg.Done(); first.CompareAndSwap(0, int64(i+1)) })
	}
	wg.Wait()
	if first.Load() != 1 {
		t.Fatal("the second came first")
	}
}

// The context may be done before the value is there.
func TestLeftBehindOfAContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	ch := make(chan int)
	go func() { time.Sleep(time.Millisecond); ch <- 1 }()
	select {
	case <-ch:
	case <-ctx.Done():
	}
}

// TestRace is wrong with -race only.
func TestRace(t *testing.T) {
	n := 0
	done := make(chan bool, 2)
	for range 2 {
		go func() { n++; done <- true }()
	}
	<-done
	<-done
}

// A count in a variable of the test's own is lost, which is seen without the race detector.
func TestFailedToCount(t *testing.T) {
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { n++ })
	}
	if wg.Wait(); n != 2 {
		t.Errorf("%d were counted", n)
	}
}
