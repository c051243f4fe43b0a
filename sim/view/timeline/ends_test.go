package timeline

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"batchlab/sim/weave/rt"
)

const endless = `package queue

func New() *Queue {
	q := &Queue{stop: make(chan int), n: make([]int, 1)}
	q.full = make(chan int, 1)
	ready := make(chan int)
	go func() { <-ready; ready <- 1 }()
	return q
}

func (q *Queue) Reset() { q.full = make(chan int) }

func (q *Queue) Loop() {
	for range q.stop {
		select {
		case q.full <- 1:
		case <-q.full:
		case x.stop <- 1:
			q.wg.Done()
		}
	}
	q.wg.Wait()
	close(x.stop)
	ready := f()
	<-ready
}

func (q *Queue) Take() {
	q.mu.Lock()
	if q.n != nil {
		q.mu.Unlock()
	}
}

func (q *Queue) Locked() { q.mu.Lock() }

func (q *Queue) Free() { q.mu.Unlock() }

type Queue struct { stop, full chan int; n []int; mu sync.Mutex; wg sync.WaitGroup }

var x *Queue

func f() chan int { return nil }

type Other struct { stop, full chan int; mu sync.Mutex }

func NewOther() *Other { return &Other{stop: make(chan int), full: make(chan int)} }

func (o *Other) Take(ready chan string) {
	close(o.stop)
	<-o.stop
	o.mu.Unlock()
	ready <- ""
	o.full <- 1
	<-o.full
}

type Box[T any] struct { in chan T }

func (b *Box[T]) Put(v T) { b.in <- v }

func (c *Box[V]) Get(in chan V) V {
	in <- V{}
	return <-c.in
}
`

// TestEnds: where a channel is made, if there is one such line, and which lines could end a wait, by what they do to
// something of the name.
func TestEnds(t *testing.T) {
	for _, c := range []struct{ at, text, sort, name, made, ends string }{
		{"q.go:14", "receive: waits", "channel", "q.stop", "q.go:4", "q.go:18/15 q.go:23/23"},
		{"q.go:18", "send: waits", "channel", "x.stop", "q.go:4", "q.go:14/14"},
		{"q.go:15", "select: waits", "channel", "q.full", "", ""}, // it is made at two lines, and both are cases of that
		{"q.go:7", "receive: waits", "channel", "ready", "q.go:6", ""},
		{"q.go:25", "receive: waits", "channel", "ready", "", "q.go:7/7"},
		{"q.go:22", "group wait: waits", "group", "q.wg", "", "q.go:19/19"},
		{"q.go:14", "receive: waits", "channel", "a channel", "", ""},
		{"q.go:29", "lock: waits", "lock", "q.mu", "", "q.go:31/31"},
		{"q.go:35", "lock: waits", "lock", "q.mu", "", "q.go:31/31 q.go:37/37"},
		{"q.go:51", "receive: waits", "channel", "o.stop", "q.go:47", "q.go:50/50"},
		{"q.go:64", "receive: waits", "channel", "c.in", "", "q.go:60/60 q.go:63/63"}, // V and T are two types
		{"none.go:14", "receive: waits", "channel", "q.stop", "", ""},
	} {
		s := newSources()
		s.read = func(string) ([]byte, error) { return []byte(endless), nil }
		s.at("q.go:1", "/somewhere/q.go")
		s.places[c.at] = map[bool]string{true: "/somewhere/q.go"}[strings.HasPrefix(c.at, "q.go")]
		var ends []string
		for _, e := range s.ends(&Row{Site: c.at, Text: c.text}, c.at, c.name, c.sort) {
			ends = append(ends, e.site+"/"+strings.TrimPrefix(e.point, "q.go:"))
		}
		if got := strings.Join(ends, " "); got != c.ends {
			t.Errorf("%s at %s could end at %q, want %q", c.name, c.at, got, c.ends)
		}
		if got := s.made(c.at, c.name); c.sort == "channel" && got != c.made {
			t.Errorf("%s at %s is made at %q, want %q", c.name, c.at, got, c.made)
		}
	}
}

// TestTestsAreShown: a page has the lines of the test from which a component was called, and where it is made.
func TestTestsAreShown(t *testing.T) {
	_, file, line, _ := runtime.Caller(0)
	var mu sync.Mutex
	res := rt.Run(rt.Config{Trace: true}, func() {
		rt.Spawn("a", func() { rt.MutexLock("q.go:4", &mu) })
		rt.Idle(1)
	})
	tl := New(Timeline{}, nil, &Recording{Trace: res.Trace, Seen: res.Seen, File: file, Line: line})
	var got []string
	for _, src := range tl.Sources {
		for _, l := range src.Lines {
			if l.Site != "" {
				got = append(got, src.File, l.Site)
			}
		}
	}
	base := filepath.Base(file)
	if want := fmt.Sprintf("[%s %s:%d %[1]s %[2]s:%[4]d]", base, base, line, line+3); fmt.Sprint(got) != want {
		t.Errorf("shown are %s, want %s", got, want)
	}
}
