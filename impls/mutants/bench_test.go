package mutants

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// A bench runs one program in the notation of Mutant.Shown against one spec. It
// is a lab of a page: enough to show that each program exposes its mutant.
type bench struct {
	t     *testing.T
	clk   *clock.Mock
	start time.Time

	// Settings.
	batch   spec.BatcherConfig
	bucket  spec.MapConfig
	handler string // "", "takes", "blocks", "panics", "puts"
	takes   time.Duration

	batcher spec.Batcher
	table   spec.Map
	lease   spec.Lease
	release chan struct{}

	mu    sync.Mutex
	lines []string
	step  int
	put   int // items put
	calls int // lines of foreground handlers
	busy  map[string]bool
	held  []*lease
}

// A lease is a slice that a handler was given, and a copy of what was in it.
type lease struct {
	slice, copy []*spec.Item
	over        bool
}

// trace runs a program in a bubble of its own and returns what was seen.
func trace(t *testing.T, s spec.Subject, program string) string {
	t.Helper()
	var b *bench
	synctest.Test(t, func(t *testing.T) {
		b = &bench{
			t: t, clk: clock.NewMock(), lease: s.Lease, release: make(chan struct{}), busy: map[string]bool{},
			batch:  spec.BatcherConfig{Size: 4, Timeout: 10 * time.Millisecond},
			bucket: spec.MapConfig{Bucket: time.Second, Buckets: 4},
		}
		steps := strings.Split(program, "|")
		if f := strings.Fields(steps[0]); len(f) == 0 || strings.ContainsAny(f[0], "=") {
			b.configure(f)
			steps = steps[1:]
		}
		b.start = b.clk.Now()
		if s.NewMap != nil {
			b.table = s.NewMap(b.bucket, b.clk)
		} else {
			b.batcher = s.NewBatcher(b.batch, b.clk, b.handle)
		}
		synctest.Wait()
		for _, step := range steps {
			b.do(strings.Fields(step))
		}
		b.finish()
	})
	return strings.Join(b.lines, "\n")
}

func (b *bench) configure(settings []string) {
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		switch key {
		case "size":
			b.batch.Size = b.number(value)
		case "timeout":
			b.batch.Timeout = b.duration(value)
		case "bg":
			b.batch.Background = true
		case "bucket":
			b.bucket.Bucket = b.duration(value)
		case "buckets":
			b.bucket.Buckets = b.number(value)
		case "epoch":
			b.clk.Set(time.Unix(0, 0).Add(b.duration(value)))
		case "takes":
			b.handler, b.takes = key, b.duration(value)
		case "blocks", "panics", "puts":
			b.handler = key
		default:
			b.t.Fatalf("unknown setting %q", s)
		}
	}
}

// do takes one step and notes everything that it changed.
func (b *bench) do(step []string) {
	b.step++
	first := len(b.lines)
	switch {
	case step[0] == "release":
		close(b.release)
	case step[0][0] == '+':
		b.clk.Add(b.duration(step[0][1:]))
	default:
		b.call(step[0], step[1:])
	}
	synctest.Wait()
	b.check()
	slices.Sort(b.lines[first:])
}

// call makes a call in a goroutine of its own, for the lane may have to wait.
func (b *bench) call(lane string, op []string) {
	name := strings.Join(op, " ")
	b.mu.Lock()
	busy := b.busy[lane]
	b.busy[lane] = true
	b.mu.Unlock()
	if busy {
		b.note("%s %s skipped", lane, name)
		return
	}
	go func() {
		outcome := b.perform(op)
		b.mu.Lock()
		b.busy[lane] = false
		b.mu.Unlock()
		b.note("%s %s -> %s", lane, name, outcome)
	}()
}

// noteHandler numbers what foreground handlers do: their order is to be seen.
func (b *bench) noteHandler(what, batch string) {
	if b.batch.Background {
		b.note("handler%s %s", batch, what)
		return
	}
	b.mu.Lock()
	b.calls++
	n := b.calls
	b.mu.Unlock()
	b.note("handler %06d%s %s", n, batch, what)
}

// check notes slices that were written while they were the handler's.
func (b *bench) check() {
	for i, l := range b.held {
		if l.over && b.lease == spec.UntilReturn {
			continue
		}
		if !slices.Equal(l.slice, l.copy) {
			b.note("slice %d changed", i)
			l.copy = slices.Clone(l.slice)
		}
	}
}

// finish lets everything end that can, notes what is left, and sets that free.
func (b *bench) finish() {
	select {
	case <-b.release:
	default:
		b.do([]string{"release"})
	}
	b.do([]string{"lab", "close"})
	b.do([]string{"+1m"})
	if n := left(); n > 0 {
		b.note("%d goroutines left", n)
	}
	switch s := b.subject().(type) {
	case *batcher:
		close(s.never)
	case *timedMap:
		close(s.never)
	case *dedupBatcher:
		close(s.inner.never)
		s.seen.Close()
	}
}

func (b *bench) subject() any {
	if b.table != nil {
		return b.table
	}
	return b.batcher
}

// note writes a line.
func (b *bench) note(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := b.clk.Now().Sub(b.start)
	b.lines = append(b.lines, fmt.Sprintf("%02d %v ", b.step, at)+fmt.Sprintf(format, args...))
}

// left is the number of goroutines of the package that belong to no lane.
func left() int {
	buf := make([]byte, 1<<20)
	n := 0
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "mutants.(*batcher)") || strings.Contains(g, "mutants.(*timedMap)") {
			if !strings.Contains(g, "mutants.(*bench)") {
				n++
			}
		}
	}
	return n
}
