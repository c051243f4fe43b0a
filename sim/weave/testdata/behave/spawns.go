package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type thing struct {
	name string
	wg   *sync.WaitGroup
}

func (t thing) show(args ...any)                        { fmt.Println(append([]any{t.name}, args...)...); t.wg.Done() }
func (t *thing) point(n int) int                        { fmt.Println("point", t.name, n); t.wg.Done(); return n }
func both(wg *sync.WaitGroup) (string, *sync.WaitGroup) { return "both", wg }
func done(s string, wg *sync.WaitGroup)                 { fmt.Println(s); wg.Done() }
func one[T any](wg *sync.WaitGroup, v T, more ...T) {
	fmt.Printf("%T %v %v\n", v, v, more)
	wg.Done()
}

func goComputes() {
	var wg sync.WaitGroup
	x, t, hold := 1, &thing{"before", &wg}, make(chan int)
	f := func(n int) { <-hold; fmt.Println("f", n); wg.Done() }
	wg.Add(2)
	go f(x)
	go func(t thing, n int) { t.show(n); hold <- 1 }(*t, say(x))
	x, t.name, f = 2, "after", nil
	wg.Wait()
	wg.Add(1)
	list := []int{1}
	get := func() *thing { say("receiver"); return t }
	go get().point(say(list[0]))
	list[0] = 5
	wg.Wait()
}

func goForms() {
	var wg sync.WaitGroup
	run := func(n int, f func()) { wg.Add(n); f(); wg.Wait() }
	n := uint(2)
	run(1, func() { go done(both(&wg)) })
	run(1, func() { go one(&wg, 1, 2, 3) })
	run(1, func() { go one[any](&wg, nil) })
	run(1, func() { go one(&wg, 'x', []rune{'y'}...) })
	run(1, func() { go one[uint8](&wg, 1<<n) })
	run(1, func() { go one[flag](&wg, n == 2) })
	run(1, func() { go thing{"t", &wg}.show("a", nil, n > 1) })
	run(1, func() { go wg.Done() })
	run(1, func() {
		go func(
			a, b int,
		) {
			fmt.Println(a, b)
			wg.Done()
		}(
			1,
			int(n),
		)
	})
	run(1, func() { go func() int { defer wg.Done(); return 1 }() })
	ch := make(chan int)
	go close(ch)
	_, ok := <-ch
	fmt.Println(ok)
	var i atomic.Int64
	go i.Add(2)
	for i.Load() != 2 {
	}
	var j int32
	go atomic.AddInt32(&j, int32(n))
	for atomic.LoadInt32(&j) != 2 {
	}
	fmt.Println(i.Load(), j)
}

func defers() {
	var mu sync.Mutex
	var n atomic.Int64
	func() {
		mu.Lock()
		defer mu.Unlock()
		v := int64(3)
		defer n.Add(v)
		v = 100
		defer func() { fmt.Println("inside", n.Load(), recover()) }()
		panic("defer")
	}()
	fmt.Println(n.Load(), mu.TryLock())
	for i := range 3 {
		defer func() { say(i) }()
		defer n.Store(say(int64(i)))
	}
}
