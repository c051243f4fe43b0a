// Package golden has every construct that is woven, and what becomes of it next to it.
package golden

import "fmt"

type named chan int

type message struct {
	n    int
	done chan struct{}
}

func sends(ch chan int, only chan<- any, n named) {
	ch <- 1
	only <- nil
	(ch) <- <-ch
	n <- 2
	for i := 0; i < 3; ch <- i {
		i++
	}
	if ch <- 1; len(ch) > 0 {
		return
	}
	fs := make(chan float64, 1)
	fs <- 1 << 3
	select {
	default:
	}
}

func receives(ch chan int, n named, of func() <-chan message) (int, bool) {
	<-ch
	v := <-n
	w, ok := <-(ch)
	fmt.Println(v, w, ok, <-ch, []int{<-ch, <-ch}, map[int]int{<-ch: <-ch}, message{n: <-ch})
	if v := <-ch; v > <-ch {
		<-(<-of()).done
	}
	var x, y = <-ch, -<-ch
	switch <-ch {
	case x, y:
	}
	<-chan int(ch)
	v, ok = <-ch
	return v, ok
}

func last(ch chan int) int { return <-ch }

func closes(ch chan int, done chan struct{}) {
	defer close(done)
	close(ch)
	func() {
		close := func(chan int) {}
		close(ch)
	}()
	(close)(make(chan int))
}

func ranges(ch chan int, n named, m map[string]int, lists [][]int) {
	for v := range ch {
		fmt.Println(v)
	}
	for range n {
	}
	for _ = range ch {
		break
	}
	var v int
	for v = range ch {
		fmt.Println(v)
	}
	var a any
	for a = range ch {
		fmt.Println(a)
	}
	for m["k"] = range ch {
		continue
	}
	for lists[<-ch][0] = range ch {
		fmt.Println()
	}
outer:
	for v := range ch {
		for w := range ch {
			if v == w {
				continue outer
			}
			break outer
		}
	}
	for i := range lists {
		fmt.Println(i)
	}
	for i := range 3 {
		fmt.Println(i)
	}
}
