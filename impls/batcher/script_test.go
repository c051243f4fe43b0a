package batcher

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"
)

// sink is what the rivals have in common.
type sink interface {
	Put(item *int, _ ...int)
	Trigger()
	Close()
}

type newSink func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink

type rival struct {
	name string
	new  newSink
}

type viaPutOptimized struct{ *Batcher[int] }

func (b viaPutOptimized) Put(item *int, _ ...int) { b.PutOptimized(item) }

type dedupSink struct {
	put func(*int)
	control
}

type control interface {
	Trigger()
	Close()
}

func (d dedupSink) Put(item *int, _ ...int) { d.put(item) }

// batchers are the rivals, the baseline first.
var batchers = []rival{
	{"baseline", func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink {
		return New(size, timeout, fn, background, opts...)
	}},
	{"optimized", func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink {
		return viaPutOptimized{NewOptimized(size, timeout, fn, background, opts...)}
	}},
	{"pooled", func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink {
		return NewWithPool(size, timeout, fn, background, opts...)
	}},
	{"direct", func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink {
		return NewDirect(size, timeout, fn, background, opts...)
	}},
	{"direct-pooled", func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink {
		return NewDirectWithPool(size, timeout, fn, background, opts...)
	}},
}

// dedupBatchers are the rivals that drop duplicates, the baseline first.
var dedupBatchers = []rival{
	{"baseline", func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink {
		b := NewWithDeduplication(size, timeout, fn, background, opts...)
		return dedupSink{b.Put, b}
	}},
	{"optimized", func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink {
		b := NewWithDeduplicationOptimized(size, timeout, fn, background, opts...)
		return dedupSink{b.Put, b}
	}},
	{"direct", func(size int, timeout time.Duration, fn func([]*int), background bool, opts ...Option) sink {
		b := NewWithDeduplicationDirect(size, timeout, fn, background, opts...)
		return dedupSink{b.Put, b}
	}},
}

// forEach runs a test in a bubble for each rival.
func forEach(t *testing.T, rivals []rival, test func(t *testing.T, r rival)) {
	for _, r := range rivals {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, r) })
		})
	}
}

// record is what the handler of a batcher was given, and when.
type record struct {
	clk   clock.Clock
	start time.Time
	mu    sync.Mutex
	lines []string
	items []int
}

func newRecord(clk clock.Clock) *record { return &record{clk: clk, start: clk.Now()} }

func (r *record) handle(batch []*int) {
	var values []string
	at := r.clk.Now().Sub(r.start)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, item := range batch {
		if item == nil {
			values = append(values, "nil")
			continue
		}
		values = append(values, strconv.Itoa(*item))
		r.items = append(r.items, *item)
	}
	r.lines = append(r.lines, fmt.Sprintf("%v%v", at, values))
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.lines, " ")
}

func (r *record) sorted() []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(slices.Values(r.items))
}

// play runs a script and returns the record. A word of it is an item to put, !
// for Trigger, x for Close, or a +duration to pass. Everything comes to rest
// after each word, so that one event is ready at a time. In the end it closes.
func play(t *testing.T, b newSink, size int, background bool, script string) string {
	t.Helper()
	clk := clock.NewMock()
	r := newRecord(clk)
	s := b(size, time.Second, r.handle, background, WithClock(clk))
	synctest.Wait()
	for word := range strings.FieldsSeq(script) {
		switch {
		case word == "!":
			s.Trigger()
		case word == "x":
			s.Close()
		case word == "nil":
			s.Put(nil)
		case word[0] == '+':
			d, err := time.ParseDuration(word[1:])
			if err != nil {
				t.Fatal(err)
			}
			clk.Add(d)
		default:
			n, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			s.Put(&n, 7, 8)
		}
		synctest.Wait()
	}
	s.Close()
	return r.String()
}

// scriptOf spells bytes as a script, so that a fuzzer can write scripts.
func scriptOf(ops []byte) string {
	const longest = 200
	steps := []string{"1ns", "1ms", "100ms", "499ms", "500ms", "501ms", "999ms", "1s", "1.001s", "3s"}
	var words []string
	for i, op := range ops[:min(len(ops), longest)] {
		switch {
		case op < 96:
			words = append(words, strconv.Itoa(i))
		case op < 160: // a few items over and over: duplicates
			words = append(words, strconv.Itoa(int(op%4)))
		case op < 168:
			words = append(words, "nil")
		case op < 192:
			words = append(words, "!")
		default:
			words = append(words, "+"+steps[int(op)%len(steps)])
		}
	}
	return strings.Join(words, " ")
}

// mustPanic checks that f panics with exactly the given message.
func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != want {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	f()
}
