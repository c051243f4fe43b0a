package bodies

import (
	"bytes"
	"log"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// What packages keep, and what bubbles and loggers do.

var calls int

// In a process that has run it before it fails.
func TestSoundBesideACounter(t *testing.T) {
	if calls++; calls > 1 {
		t.Error("it has run before")
	}
}

var begun = time.Now()

func TestSoundSinceInit(t *testing.T) {
	if d := time.Since(begun); d < 0 || d > time.Minute {
		t.Error(d)
	}
}

// writer writes under a lock of its own, which others want.
type writer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (w *writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Buffer.Write(p)
}

func TestSoundLogger(t *testing.T) {
	var w writer
	var wg sync.WaitGroup
	logger := log.New(&w, "", 0)
	structured := slog.New(slog.NewTextHandler(&w, nil))
	for i := range 3 {
		wg.Go(func() { logger.Printf("line %d of %v", i, &w) })
		wg.Go(func() { structured.With("i", i).Info("line", "of", &w) })
	}
	wg.Wait()
	if n := bytes.Count(w.Bytes(), []byte("\n")); n != 6 {
		t.Error(n)
	}
}

func (w *writer) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strconv.Itoa(w.Len() / 1000)
}

// Who writes waits for one who logs himself.
func TestDeadlockOfALogger(t *testing.T) {
	ready := make(chan bool)
	logger := log.New(waits{ready}, "", 0)
	go func() { logger.Print("first") }()
	logger.Print("second")
	ready <- true
}

type waits struct{ ready chan bool }

func (w waits) Write(p []byte) (int, error) {
	<-w.ready
	return len(p), nil
}

func TestSoundBubble(t *testing.T) {
	midnight := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	synctest.Test(t, func(t *testing.T) {
		n := 0
		go func() {
			n++
			time.Sleep(time.Hour)
			n++
		}()
		if synctest.Wait(); n != 1 || !time.Now().Equal(midnight) {
			t.Error(n, time.Now())
		}
		time.Sleep(time.Hour)
		if synctest.Wait(); n != 2 || !time.Now().Equal(midnight.Add(time.Hour)) {
			t.Error(n, time.Now())
		}
	})
}

func TestFailedBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := make(chan int, 2)
		for i := range 2 {
			go func() { n <- i }()
		}
		if synctest.Wait(); <-n > <-n {
			t.Error("the second came first")
		}
	})
}

// A bubble ends with its goroutines.
func TestFailedBubbleWithASleeper(t *testing.T) {
	synctest.Test(t, func(*testing.T) { go time.Sleep(time.Hour) })
}

// One of three is first, and two of them are wrong.
func TestPanicInTwoPlaces(t *testing.T) {
	first := make(chan int, 3)
	for i := range 3 {
		go func() { first <- i }()
	}
	switch <-first {
	case 1:
		panic("the second is first")
	case 2:
		panic("the third is first")
	}
}

// Both sides of a coin are seen.
func TestPanicOfACoin(*testing.T) {
	if rand.IntN(2) == 0 {
		panic("heads")
	}
	panic("tails")
}

// What is started may be faster than who starts it, where nothing orders them.
func TestFailedByAFastChild(t *testing.T) {
	done := false
	go func() { done = true }()
	if done {
		t.Error("it was faster")
	}
}

func TestFailedAfterItsEnd(t *testing.T) {
	go t.Log("nobody waits for this")
}

// It takes for granted that a goroutine waits after a second.
func TestOutrun(t *testing.T) {
	var mu sync.Mutex
	c, done := sync.NewCond(&mu), make(chan bool)
	go func() {
		mu.Lock()
		c.Wait()
		mu.Unlock()
		close(done)
	}()
	time.Sleep(time.Second)
	c.Signal()
	<-done
}

// The first Add comes beside Wait.
func TestRaceOfAGroup(t *testing.T) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	wg.Add(1)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		wg.Done()
	}()
	go func() {
		mu.Lock()
		defer mu.Unlock()
		wg.Add(1)
		wg.Done()
	}()
	wg.Wait()
}
