package bodies

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// These are sound: on no schedule is anything wrong with them.

func TestSoundPool(t *testing.T) {
	jobs, results := make(chan int), make(chan int, 3)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for j := range jobs {
				results <- j * j
			}
		})
	}
	for i := range 3 {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	sum := 0
	for range 3 {
		sum += <-results
	}
	if sum != 5 {
		t.Fatal(sum)
	}
}

// A group like errgroup: the first error cancels the rest, and all are waited for.
func TestSoundGroup(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	var wg sync.WaitGroup
	oh := errors.New("oh")
	for i := range 3 {
		wg.Go(func() {
			if i == 1 {
				cancel(oh)
				return
			}
			<-ctx.Done()
		})
	}
	wg.Wait()
	if context.Cause(ctx) != oh {
		t.Error(context.Cause(ctx))
	}
}

func TestSoundTicker(t *testing.T) {
	tick, stop, done := time.NewTicker(time.Millisecond), make(chan bool), make(chan bool)
	var n atomic.Int64
	go func() {
		defer close(done)
		for {
			select {
			case <-tick.C:
				n.Add(1)
			case <-stop:
				return
			}
		}
	}()
	time.Sleep(10 * time.Millisecond)
	tick.Stop()
	close(stop)
	<-done
	if n.Load() > 1000 {
		t.Fatal(n.Load())
	}
}

// The test waits with a limit, as many do. That time may run ahead is not the test's fault.
func TestSoundWithALimit(t *testing.T) {
	done := make(chan bool)
	go func() { time.Sleep(time.Second); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("timeout")
	}
}

// Sleeping until another must be done by now is a bet that schedules do not lose for it.
func TestSoundSleep(t *testing.T) {
	var n atomic.Int64
	go n.Add(1)
	time.Sleep(50 * time.Millisecond)
	if n.Load() != 1 {
		t.Error("not yet")
	}
}

func TestSoundPolling(t *testing.T) {
	var ready atomic.Bool
	time.AfterFunc(time.Second, func() { ready.Store(true) })
	for !ready.Load() {
		time.Sleep(time.Millisecond)
	}
}

// Nobody has promised that what looks after something now and then ends.
func TestSoundReaper(t *testing.T) {
	var mu sync.Mutex
	n := 0
	go func() {
		for {
			time.Sleep(time.Millisecond)
			mu.Lock()
			n++
			mu.Unlock()
		}
	}()
	go func() {
		for range time.Tick(time.Millisecond) {
			mu.Lock()
			n--
			mu.Unlock()
		}
	}()
	mu.Lock()
	n = 0
	mu.Unlock()
}

// What is not stopped but ends by itself is waited for.
func TestSoundEndsLater(t *testing.T) {
	ch := make(chan int)
	go func() { time.Sleep(time.Hour); ch <- 1 }()
	go func() { <-ch }()
}

func TestSoundTimeout(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	ch := make(chan int, 1)
	go func() { ch <- 1 }()
	select {
	case <-ch:
	case <-ctx.Done():
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Fatal(ctx.Err())
		}
	}
}

func TestSoundSpinWithAnEnd(t *testing.T) {
	var flag atomic.Bool
	go flag.Store(true)
	for !flag.Load() {
	}
}

func TestSoundCond(t *testing.T) {
	var mu sync.Mutex
	c, ready := sync.NewCond(&mu), false
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for !ready {
				c.Wait()
			}
		})
	}
	mu.Lock()
	ready = true
	c.Broadcast()
	mu.Unlock()
	wg.Wait()
}

func TestSoundOnceAndPool(t *testing.T) {
	var once sync.Once
	pool := sync.Pool{New: func() any { return new(strings.Builder) }}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			once.Do(func() {})
			b := pool.Get().(*strings.Builder)
			b.Reset()
			b.WriteString("x")
			if b.String() != "x" {
				t.Error(b.String())
			}
			pool.Put(b)
		})
	}
	wg.Wait()
}

// A lock that one goroutine takes and another lets go, as a semaphore.
func TestSoundHandedOver(t *testing.T) {
	var mu sync.Mutex
	locked := make(chan bool)
	go func() { mu.Lock(); locked <- true }()
	<-locked
	mu.Unlock()
}

func TestSoundManySteps(t *testing.T) {
	var n atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 500 {
				n.Add(1)
			}
		})
	}
	wg.Wait()
	if n.Load() != 2000 {
		t.Error(n.Load())
	}
}

// What package testing gives.
func TestSoundTable(t *testing.T) {
	var order []string
	t.Cleanup(func() {
		if got := strings.Join(order, " "); got != "a b cleanup" {
			t.Error(got)
		}
	})
	t.Cleanup(func() { order = append(order, "cleanup") })
	for _, c := range []struct{ name, want string }{{"a", "TestSoundTable/a"}, {"b c", "TestSoundTable/b_c"}} {
		ok := t.Run(c.name, func(t *testing.T) {
			t.Helper()
			if t.Name() != c.want {
				t.Errorf("%s, want %s", t.Name(), c.want)
			}
			t.Setenv("BODIES", c.name)
			if os.Getenv("BODIES") != c.name {
				t.Error("not set")
			}
			order = append(order, c.name[:1])
			if t.Context().Err() != nil {
				t.Error("done too early")
			}
		})
		if !ok {
			t.Error("Run says that it failed")
		}
	}
	if _, ok := t.Deadline(); ok {
		t.Log("it has a deadline")
	}
	t.Run("skipped", func(t *testing.T) { t.Skip("not here") })
	t.Run("parallel", func(t *testing.T) {
		var n atomic.Int64
		for range 3 {
			t.Run("sub", func(t *testing.T) { t.Parallel(); n.Add(1) })
		}
		t.Cleanup(func() {
			if n.Load() != 3 {
				t.Errorf("%d subtests", n.Load())
			}
		})
	})
}

func TestSoundHelpers(t *testing.T) {
	check(t, 1+1 == 2)
	var tb testing.TB = t
	tb.Helper()
	if same(t) != t.Name() {
		t.Fatal("another name")
	}
}

func check(t testing.TB, ok bool) {
	t.Helper()
	if !ok {
		t.Fatal("no")
	}
}

func same(t *testing.T) string { return t.Name() }

func TestSoundBusyWait(t *testing.T) {
	for begin := time.Now(); time.Since(begin) < 10*time.Millisecond; {
	}
	var ready atomic.Bool
	time.AfterFunc(time.Second, func() { ready.Store(true) })
	for !ready.Load() {
	}
}

// It does much, and nothing but locking.
func TestSoundLongLoop(t *testing.T) {
	var mu sync.Mutex
	for range 100_000 {
		mu.Lock()
		mu.Unlock()
	}
}

// What a package has gone on from its initialization belongs to no test.
func init() {
	go func() {
		for range time.Tick(time.Millisecond) {
			since.Lock()
			since.Unlock()
		}
	}()
}

var since sync.Mutex

func TestSoundBesideInit(t *testing.T) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 3 {
				since.Lock()
				since.Unlock()
			}
		})
	}
	wg.Wait()
}

// Nobody has stopped it, and the process ends before.
func TestSoundWatchdog(t *testing.T) {
	time.AfterFunc(time.Minute, func() { panic("it hangs") })
	go func() { time.Sleep(time.Hour); t.Error("it hangs") }()
}

type owner struct{ stop chan bool }

// What the garbage collector is to end, and does not here, is not left behind.
func TestSoundFinalizer(t *testing.T) {
	for _, clean := range []func(*owner){
		func(o *owner) { runtime.SetFinalizer(o, func(o *owner) { close(o.stop) }) },
		func(o *owner) { runtime.AddCleanup(o, func(stop chan bool) { close(stop) }, o.stop) },
	} {
		o := &owner{make(chan bool)}
		stop := o.stop
		go func() { <-stop }()
		clean(o)
	}
}

// Time begins at no turn of a year, at which what has a calendar does something.
func TestSoundCalendar(t *testing.T) {
	if now := time.Now().UTC(); now.Add(time.Minute).Year() != now.Year() || now.Truncate(time.Minute).Equal(now) {
		t.Error(now)
	}
}

// It starts its own binary, in which it crashes.
func TestSoundCrash(t *testing.T) {
	if os.Getenv("CRASHES") != "" {
		done := make(chan bool)
		go panic("as it should")
		<-done
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "CRASHES=1")
	if out, err := cmd.CombinedOutput(); err == nil || !strings.HasPrefix(string(out), "panic: as it should") {
		t.Errorf("%v: %s", err, out)
	}
}
