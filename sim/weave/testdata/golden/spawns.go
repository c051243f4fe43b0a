package golden

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

type worker struct {
	sync.WaitGroup
	n    atomic.Int64
	jobs []func(int)
}

func (w *worker) run()            {}
func (w worker) add(a, b int) int { return a + b }

func generic[T any](v T, more ...T) {}

func two() (int, string) { return 1, "" }

func takes(int, string) {}

func spawns(w *worker, ch chan int, list []int, n uint) {
	go func() { fmt.Println() }()
	go func(i int) {
		fmt.Println(i)
	}(<-ch)
	go func() int { return 1 }()
	go w.run()
	go w.add(list[0], 2)
	go generic(1)
	go generic[any](nil, list, "x")
	go generic(list[0], list...)
	go takes(two())
	go w.jobs[0](
		list[1],
	)
	go fmt.Println("a", nil, list, 1<<n == 2)
	go w.Wait()
	go w.n.Add(2)
	go atomic.AddInt64(new(int64), int64(list[0]))
	go close(ch)
	go panic(list)
	go time.Sleep(time.Second)
	go (takes)(1, "b")
	if true {
		go forever()
	}
again:
	go two()
	goto again
}

func defers(w *worker, mu *sync.Mutex, ch chan int) {
	w.Add(1)
	defer w.Done()
	mu.Lock()
	defer mu.Unlock()
	defer w.n.Add(-1)
	defer w.n.Store(int64(cap(ch)))
	defer func() { <-ch }()
	defer fmt.Println(<-ch)
}
