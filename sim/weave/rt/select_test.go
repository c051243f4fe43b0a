package rt

import "testing"

func TestSelect(t *testing.T) {
	for _, room := range []int{0, 1} {
		check(t, []situation{
			{"two ready", func() string {
				a, b := make(chan int, 1), make(chan int, 1)
				send(a, 1)
				send(b, 2)
				return either(a, b)
			}, one("a1", "b2"), false},
			{"two come", func() string {
				a, b := make(chan int, room), make(chan int, room)
				goes(func() { send(a, 1) })
				goes(func() { send(b, 2) })
				x := either(a, b)
				return text(x, either(a, b))
			}, one("a1 b2", "b2 a1"), false},
			{"both sides select", func() string {
				a, b := make(chan int, room), make(chan int, room)
				got := ""
				together(func() {
					sel := Select("x", false, OnSend(a), OnSend(b))
					select {
					case Send(sel, 0, a) <- 1:
					case Send(sel, 1, b) <- 2:
					}
				}, func() { got = either(a, b) })
				return got
			}, one("a1", "b2"), false},
			{"the same channel twice", func() string {
				ch := make(chan int, room)
				goes(func() { send(ch, 1) })
				return either(ch, ch)
			}, one("a1", "b1"), false},
			{"a nil channel is never ready", func() string {
				a, b := make(chan int, room), chan int(nil)
				goes(func() { send(a, 1) })
				return either(a, b)
			}, one("a1"), false},
			{"default or not", func() string {
				ch, got := make(chan int, room), make(chan string, 1)
				goes(func() { To("got", got).Send(trySend(ch, 1)) })
				x := tryRecv(ch)
				return text(x, <-From("got", got))
			}, [][]string{{"none full"}, {"none sent", "1 sent"}}[room], false},
			{"close wakes it", func() string {
				a, b := make(chan int, room), make(chan int, room)
				goes(func() { Close("c", b) })
				return either(a, b)
			}, one("b0"), false},
			{"values are not lost", func() string {
				a, b, n := make(chan int, room), make(chan int, room), 0
				for i := range 3 {
					goes(func() { send([]chan int{a, b}[i%2], i) })
				}
				for range 3 {
					if either(a, b)[0] == 'a' {
						n++
					}
				}
				return text(n)
			}, one("2"), false},
		})
	}
	check(t, []situation{
		{"sending and receiving on one channel", func() string {
			ch := make(chan int)
			got := make(chan string, 2)
			for i := range 2 {
				goes(func() { To("got", got).Send(swap(ch, i)) })
			}
			a, b := <-From("got", got), <-From("got", got)
			return min(a, b) + max(a, b)
		}, one("got 0sent", "got 1sent"), false},
		{"nobody swaps with itself", func() string { return swap(make(chan int), 1) }, one("deadlock: lab waits in a select at swap"), true},
		{"served by the first, not by the second", func() string {
			a, b := make(chan int, 1), make(chan int, 1)
			got := make(chan string, 1)
			goes(func() { To("got", got).Send(either(a, b)) })
			Idle(1)
			send(a, 1)
			send(a, 2)
			x := tryRecv(b)
			return text(<-From("got", got), x)
		}, one("a1 none"), true},
	})
}

func either(a, b chan int) string {
	sel := Select("either", false, OnRecv(a), OnRecv(b))
	select {
	case v := <-Recv(sel, 0, a):
		return "a" + text(v)
	case v := <-Recv(sel, 1, b):
		return "b" + text(v)
	}
}

func swap(ch chan int, v int) string {
	sel := Select("swap", false, OnSend(ch), OnRecv(ch))
	select {
	case Send(sel, 0, ch) <- v:
		return "sent"
	case v := <-Recv(sel, 1, ch):
		return text("got", v)
	}
}
