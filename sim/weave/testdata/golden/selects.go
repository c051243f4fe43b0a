package golden

import (
	"context"
	"fmt"
)

func selects(ctx context.Context, a, b chan int, f func() int) int {
	select {
	case v := <-a:
		fmt.Println(v)
	case v, ok := <-b:
		fmt.Println(v, ok)
	case <-ctx.Done():
		return 0
	case b <- f():
	case a <- 1:
	default:
	}
	select {
	case <-a:
	}
	select {
	case b <- f() + <-a:
	}
	var m = map[int]int{}
	select {
	case m[f()] = <-a:
	case (a) <- len(m):
	case m[<-a], _ = <-boolOf(b):
	}
	select {
	case <-a:
		return 1
	default:
	}
	select {
	case v := (<-a):
		return v
	case <-func() chan int {
		fmt.Println("first")
		// a comment is lost
		return a
	}():
		return 2
	}
}

func boolOf(ch chan int) chan int { return ch }

func labels(a, b chan int) {
loop:
	for {
		select {
		case <-a:
			break
		case <-b:
			break loop
		default:
			continue loop
		}
	}
only:
	select {
	case <-a:
		break only
	case <-b:
	}
again:
	select {
	case <-a:
		goto again
	case <-b:
		for {
			break again
		}
	}
goal:
	select {
	case <-a:
		goto goal
	}
}

func nested(a, b chan int) {
	switch {
	case a != nil:
		select {
		case v := <-a:
			select {
			case b <- v:
				b <- v
			default:
			}
		}
	default:
		go func() {
			select {
			case <-b:
			}
		}()
	}
}

func forever() int {
	select {}
}

func terminating(a, b chan int) (n int) {
	for {
		select {
		case n = <-a:
			return n
		case b <- n:
		}
	}
}

func messages(out chan message, flags chan bool, sizes chan uint8, n uint, f func() int) {
	select {
	case out <- message{
		n:    f(),
		done: make(chan struct{}),
	}:
	case flags <- n == 1:
	case sizes <- 1 << n:
	case flags <- !(<-flags):
		panic("x")
	}
}
