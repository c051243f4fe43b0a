package main

import "fmt"

type stream chan int

func sendReceive() {
	ch := make(chan int)
	go func() { ch <- 1; ch <- 2; close(ch) }()
	v, ok := <-ch
	fmt.Println(v, ok, <-ch)
	v, ok = <-ch
	fmt.Println(v, ok)
	fs, as := make(chan float64, 2), make(chan any, 2)
	fs <- 1 << 2
	as <- nil
	as <- 'x'
	fmt.Println(<-fs, <-as, <-as)
	s := stream(full(1, 2, 3))
	s <- <-s
	fmt.Println([]int{<-s, <-s}, map[int]int{<-s: len(s)})
	for i := 0; i < 3; s <- i {
		i++
	}
	if s <- 9; len(s) == 4 {
		fmt.Println(<-s, -<-s, <-s, <-(<-full(s)))
	}
	fmt.Println(func() int { return <-full(7) }())
}

func operandsInOrder() {
	ch := full[int]()
	of := func(name string) chan int { say(name); return ch }
	of("channel") <- say(1) + func() int { say("value"); return 1 }()
	fmt.Println(<-of("receive"))
}

func closing() {
	ch := full(1)
	done := make(chan struct{})
	func() {
		defer close(done)
		close(ch)
	}()
	_, ok := <-done
	fmt.Println(ok, <-ch, <-ch)
	close := func(ch chan int) { fmt.Println("not the builtin", len(ch)) }
	close(ch)
	func() {
		defer func() { fmt.Println(recover()) }()
		ch <- 1
	}()
}

func rangeChannel() {
	ch := full(1, 2, 3)
	close(ch)
	for v := range ch {
		say(v)
	}
	ch = full(1, 2, 3, 4)
outer:
	for v := range ch {
		for w := range ch {
			if w == 2 {
				continue outer
			}
			say(v * w)
			break outer
		}
	}
	close(ch)
	n := 0
	for range ch {
		n++
	}
	var a any
	ch = full(5, 6)
	close(ch)
	for a = range ch {
	}
	m, calls := map[int]int{}, 0
	key := func() int { calls++; return calls }
	ch = full(7, 8)
	close(ch)
	for m[key()] = range ch {
		if calls == 1 {
			continue
		}
	}
	fmt.Println(n, a, m, calls)
}

func loopVariables() {
	var fs []func() int
	ch := full(1, 2, 3)
	close(ch)
	for v := range ch {
		v *= 10
		fs = append(fs, func() int { v++; return v })
	}
	for k, v := range map[string]int{"a": 1} {
		fs = append(fs, func() int { return len(k) + v })
	}
	for _, f := range fs {
		say(f())
		say(f())
	}
	fmt.Println()
}
