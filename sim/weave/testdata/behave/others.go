package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	tm "time"
)

func maps() {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	var ks []string
	sum := 0
	for k, v := range m {
		ks, sum = append(ks, k), sum+v
	}
	slices.Sort(ks)
	n := 0
	for range m {
		n++
	}
	for k := range m {
		delete(m, "a")
		delete(m, "b")
		delete(m, "c")
		n += 10 * len(k)
	}
	fmt.Println(ks, sum, n, len(m))
	one := map[[1]int]string{{1}: "x"}
	var k [1]int
	var vs [2]string
	for k, vs[k[0]] = range one {
	}
	for _, v := range one {
		say(v)
	}
	for k := range map[*int]int{nil: 1} {
		say(k == nil)
	}
	for k := range map[any]int{1: 1} {
		say(k)
	}
	fmt.Println(k, vs)
	for k, v := range map[string]int(nil) {
		fmt.Println(k, v)
	}
}

type queue[T any, C ~chan T] struct {
	ch C
	mu sync.Mutex
}

func (q *queue[T, C]) put(vs ...T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, v := range vs {
		select {
		case q.ch <- v:
		default:
			fmt.Println("full")
		}
	}
}

func (q *queue[T, C]) all() (all []T) {
	close(q.ch)
	for v := range q.ch {
		all = append(all, v)
	}
	return all
}

func keys[M ~map[K]V, K ~string, V any](m M) (n int) {
	for k := range m {
		n += len(k)
	}
	return n
}

func locked[L sync.Locker](l L, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

func generic() {
	q := queue[int, stream]{ch: make(stream, 2)}
	q.put(1, 2, 3)
	fmt.Println(q.all(), keys(map[string]bool{"abc": true}))
	locked(&sync.Mutex{}, func() { fmt.Println("locked") })
}

func clock() {
	start := tm.Now()
	tm.Sleep(tm.Millisecond)
	fmt.Println(tm.Since(start) > 0, tm.Until(start) < 0)
	timer := tm.NewTimer(tm.Hour)
	fmt.Println(timer.Stop(), timer.Reset(tm.Microsecond))
	<-timer.C
	ch := make(chan int)
	tm.AfterFunc(tm.Microsecond, func() { ch <- 1 })
	<-ch
	tick := tm.NewTicker(tm.Microsecond)
	<-tick.C
	tick.Reset(tm.Millisecond)
	tick.Stop()
	select {
	case <-tm.After(tm.Hour):
	case <-tm.After(tm.Microsecond):
		fmt.Println("after")
	}
	now := tm.Now
	fmt.Println(now().After(start))
}

func contexts() {
	ctx, cancel := context.WithTimeout(context.Background(), tm.Microsecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err())
	ctx, cancelCause := context.WithCancelCause(context.Background())
	done := make(chan int)
	context.AfterFunc(ctx, func() { close(done) })
	cancelCause(errors.New("because"))
	<-done
	fmt.Println(context.Cause(ctx))
	ctx, cancel2 := context.WithCancel(ctx)
	go cancel2()
	<-ctx.Done()
}

type shadow struct{ ch chan int }

func (shadow) Sleep(n int)      { fmt.Println("not asleep", n) }
func (shadow) Lock(n int)       { fmt.Println("not locked", n) }
func (s shadow) Load() chan int { return s.ch }

func shadows() {
	tm, sync := shadow{full(1)}, shadow{}
	tm.Sleep(1)
	sync.Lock(2)
	fmt.Println(<-tm.Load())
	len := func(ch chan int) int { return <-ch }
	tm.ch <- 5
	fmt.Println(len(tm.ch))
}

// panics are places to panic at.
var panics = []struct {
	name string
	run  func()
}{
	{"send", func() {
		var s *shadow

		s.ch <- 1
	}},
	{"select", func() {
		var s *shadow
		select {
		case <-full(1):
		case <-s.ch:
		default:
		}
	}},
	{"after a select", func() {
		select {
		case <-full[func()](nil):
		case full[string]() <- func() string {
			return "x" +
				"y"
		}():
		}
		os.NewFile(0, "")
		var s *shadow
		<-s.ch
	}},
	{"in a hoisted function", func() {
		select {
		case <-full(1):
		case full[string]() <- func() string {
			x := 0

			return fmt.Sprint(1 /
				x)
		}():
		}
	}},
	{"goroutine", func() {
		wait := make(chan int)
		go func(
			n int,
		) {
			fmt.Println(1 / n)
		}(
			len(wait),
		)
		<-wait
	}},
	{"range", func() {
		for m := range full(map[int]int(nil)) {
			m[1] = 2
		}
	}},
	{"unlock", func() {
		var o outer
		defer fmt.Println()

		o.mus[0].
			Unlock()
	}},
	{"clock", func() {
		tm.AfterFunc(0, func() {}).
			Reset(1)
		panic("here")
	}},
}

type logger interface {
	Debug(text string, fields map[string]int)
	Error(text string, err error)
	Log(args ...any)
}

type printing struct{}

func (printing) Debug(text string, fields map[string]int) { fmt.Println(text, len(fields)) }
func (printing) Error(text string, err error)             { fmt.Println(text, err) }
func (printing) Log(args ...any)                          { fmt.Println(args...) }

// loggers are given nothing as their last argument.
func loggers() {
	var l logger = printing{}
	l.Debug("debug", nil)
	l.Error("error", nil)
	l.Log("log", nil)
	l.Log("log", 1<<3)
}
