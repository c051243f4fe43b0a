package main

import "fmt"

func selectCases() {
	a, b := full(1), make(chan int)
	for range 2 {
		select {
		case v := <-a:
			fmt.Println("a", v)
		case v, ok := <-b:
			fmt.Println("b", v, ok)
		default:
			fmt.Println("default")
		}
	}
	close(b)
	var v int
	var ok bool
	select {
	case v, ok = <-b:
	case a <- 1:
		<-a
	}
	fmt.Println(v, ok || len(a) == 0)
	var none chan int
	select {
	case none <- 1:
	case <-none:
	case a <- 3:
		fmt.Println("sent", <-a)
	}
	select {
	case (a) <- 4:
	}
	m := map[string]int{}
	select {
	case m["k"] = (<-a):
	}
	fmt.Println(m)
	select {
	case a <- 5:
	default:
	}
	fmt.Println(func() int {
		for {
			select {
			case v := <-a:
				return v
			}
		}
	}())
}

func selectOrder() {
	ch := full(1)
	of := func(name string, ch chan int) chan int { say(name); return ch }
	var none chan int
	select {
	case of("first", none) <- say(1):
	case <-of("second", none):
	case v := <-of("third", ch):
		say(v)
	case of("fourth", none) <- func() int { say("value"); return 2 }():
	}
	arr := []int{0, 0}
	ch <- 9
	select {
	case arr[func() int { say("index"); return 1 }()] = <-of("channel", ch):
	}
	fmt.Println(arr)
}

func selectJumps() {
	a := full(1, 2, 3, 4, 5, 6, 7, 8, 9)
	n := 0
loop:
	for {
		select {
		case v := <-a:
			switch {
			case v == 1:
				continue loop
			case v == 2:
				break
			case v == 4:
				break loop
			}
			say(v)
		}
	}
only:
	select {
	case <-a:
		for {
			break only
		}
	}
again:
	select {
	case v := <-a:
		if n++; n < 2 {
			goto again
		}
		for {
			say(v)
			break again
		}
	}
	goto end
end:
	switch v := <-a; v {
	case 8:
		select {
		case w := <-a:
			select {
			case a <- w * 2:
			default:
			}
		}
		fallthrough
	default:
		say(<-a)
	}
	fmt.Println(n)
}

type flag bool

func selectValues() {
	bs, us, as, fs := full[flag](), full[uint8](), full[any](), full[func() int]()
	n, x := uint(3), 7
	for range 4 {
		select {
		case bs <- x == 7:
			bs = nil
		case us <- 1 << n:
			us = nil
		case as <- nil:
			as = nil
		case fs <- func() int { x++; return x }:
			fmt.Println((<-fs)())
			fs = nil
		}
	}
	before := full[int]()
	select {
	case before <- x:
		x = 0
	}
	fmt.Println(bs == nil, us == nil, as == nil, fs == nil, <-before)
}

type pair struct {
	a int
	s string
}

func selectLines() {
	ch := full[pair]()
	select {
	case ch <- pair{
		a: func() int {
			// this comment is lost
			return say(1)
		}(),
		s: `two
lines`,
	}:
		fmt.Printf("%q\n", (<-ch).s)
	case <-func() chan int {
		if ch == nil {
			return nil
		} else {
			for i := range 2 {
				say(i)
			}
		}
		select {
		case <-full(1):
		}
		return nil
	}():
	}
}
