package rt

import (
	"fmt"
	"testing"
)

var channelsSituations = []situation{
	{"a rendezvous", func() string {
		ch := make(chan string)
		goes(func() { To("s", ch).Send("v") })
		return <-From("r", ch)
	}, one("v"), false},
	{"two senders, two receivers", func() string {
		ch := make(chan int)
		var a, b int
		together(func() { send(ch, 1) }, func() { send(ch, 2) }, func() { a = recv(ch) }, func() { b = recv(ch) })
		return text(a, b)
	}, one("1 2", "2 1"), false},
	{"one sender keeps its order", func() string {
		ch := make(chan int, 1)
		goes(func() { send(ch, 1); send(ch, 2); send(ch, 3) })
		return text(recv(ch), recv(ch), recv(ch))
	}, one("1 2 3"), false},
	{"large values", func() string {
		type big [40]int
		ch := make(chan big)
		goes(func() { To("s", ch).Send(big{39: 7}) })
		return text((<-From("r", ch))[39])
	}, one("7"), false},
	{"nothing of size 0", func() string {
		ch := make(chan struct{})
		goes(func() { To("s", ch).Send(struct{}{}) })
		return text(<-From("r", ch))
	}, one("{}"), false},
	{"a token goes round", func() string {
		ch, n := make(chan int, 1), 0
		send(ch, 0)
		add := func() { v := recv(ch); n++; send(ch, v+1) }
		together(add, add, add)
		return text(recv(ch), n)
	}, one("3 3"), false},
	{"a range ends with close", func() string {
		ch, got := make(chan int), ""
		goes(func() { send(ch, 1); send(ch, 2); Close("c", ch) })
		for r, v := Over("o", ch); r.Next(&v); {
			got += fmt.Sprint(v)
		}
		return got
	}, one("12"), false},
	{"a range whose value nobody wants", func() string {
		ch, n := make(chan int, 2), 0
		send(ch, 1)
		Close("c", ch)
		for r, _ := Over("o", ch); r.Next(nil); {
			n++
		}
		return text(n)
	}, one("1"), false},
	{"two values, one receiver, one who tries", func() string {
		ch, sent := make(chan int, 2), make(chan int)
		goes(func() { recv(ch) })
		goes(func() { send(ch, 1); send(ch, 2); Close("c", sent) })
		recv(sent)
		return tryRecv(ch)
	}, one("1", "2"), false},
	{"two taken, one sender, one who tries", func() string {
		ch, taken := make(chan int, 2), make(chan int)
		send(ch, 1)
		send(ch, 2)
		goes(func() { send(ch, 3) })
		goes(func() { recv(ch); recv(ch); Close("c", taken) })
		recv(taken)
		return trySend(ch, 4)
	}, one("sent"), false},
}

func TestChannels(t *testing.T) { check(t, channelsSituations) }

func TestClose(t *testing.T) {
	caught := func(f func()) (text string) {
		defer func() { text = fmt.Sprint(recover()) }()
		f()
		return ""
	}
	for _, room := range []int{0, 1} {
		check(t, []situation{
			{"and receivers", func() string {
				ch := make(chan int, room)
				var a, b bool
				together(func() { _, a = <-From("r", ch) }, func() { _, b = <-From("r", ch) }, func() { Close("c", ch) })
				return text(a, b)
			}, one("false false"), false},
			{"and a value before", func() string {
				ch := make(chan int, room)
				var a, b int
				together(func() { a = recv(ch) }, func() { b = recv(ch) }, func() { send(ch, 1); Close("c", ch) })
				return text(a, b)
			}, one("1 0", "0 1"), false},
			{"and a send after", func() string {
				ch := make(chan int, room)
				Close("c", ch)
				return caught(func() { send(ch, 1) })
			}, one("send on closed channel"), false},
			{"and a sender", func() string {
				ch, got := make(chan int, room), ""
				if room > 0 {
					send(ch, 0)
				}
				together(func() { got = caught(func() { send(ch, 1) }) }, func() { Close("c", ch) })
				return got
			}, one("send on closed channel"), false},
			{"and a select that sends", func() string {
				ch, got := make(chan int, room), ""
				if room > 0 {
					send(ch, 0)
				}
				together(func() {
					got = caught(func() {
						sel := Select("x", false, OnSend(ch), OnRecv(chan int(nil)))
						select {
						case Send(sel, 0, ch) <- 1:
						case <-Recv(sel, 1, chan int(nil)):
						}
					})
				}, func() { Close("c", ch) })
				return got
			}, one("send on closed channel"), false},
			{"twice", func() string {
				ch := make(chan int, room)
				Close("c", ch)
				return caught(func() { Close("c", ch) })
			}, one("close of closed channel"), false},
		})
	}
	check(t, []situation{
		{"of nil", func() string { return caught(func() { var ch chan int; Close("c", ch) }) }, one("close of nil channel"), false},
		{"what was sent before is there", func() string {
			ch := make(chan int, 2)
			send(ch, 1)
			Close("c", ch)
			a, ok := <-From("r", ch)
			b, still := <-From("r", ch)
			return text(a, ok, b, still)
		}, one("1 true 0 false"), false},
	})
}

// TestWaiters: who waited first is served first, and at once.
func TestWaiters(t *testing.T) {
	waiters := func(ch chan int, n int, f func(i int)) {
		for i := range n {
			goes(func() { f(i) })
			Idle(1)
		}
	}
	for _, room := range []int{0, 1, 3} {
		check(t, []situation{
			{"receivers", func() string {
				ch, got := make(chan int, room), [3]int{}
				waiters(ch, 3, func(i int) { got[i] = recv(ch) })
				goes(func() { send(ch, 1); send(ch, 2) })
				send(ch, 3)
				Idle(1)
				return text(got[0]+got[1]+got[2], got[0] != 2 && got[2] != 1)
			}, one("6 true"), true},
			{"receivers of one sender", func() string {
				ch, got := make(chan int, room), [3]int{}
				waiters(ch, 3, func(i int) { got[i] = recv(ch) })
				send(ch, 1)
				send(ch, 2)
				send(ch, 3)
				Idle(1)
				return text(got)
			}, one("[1 2 3]"), true},
			{"senders", func() string {
				ch, got := make(chan int, room), ""
				waiters(ch, room+3, func(i int) { send(ch, i) })
				for range room + 3 {
					got += fmt.Sprint(recv(ch))
				}
				return got
			}, one("012345"[:room+3]), true},
			{"senders in selects", func() string {
				ch, got := make(chan int, room), ""
				waiters(ch, room+2, func(i int) {
					never := make(chan int)
					sel := Select("x", false, OnRecv(never), OnSend(ch))
					select {
					case <-Recv(sel, 0, never):
					case Send(sel, 1, ch) <- i:
					}
				})
				for range room + 2 {
					got += fmt.Sprint(recv(ch))
				}
				return got
			}, one("012345"[:room+2]), true},
			{"nobody receives before who waits", func() string {
				ch, got := make(chan int, room), 0
				waiters(ch, 1, func(int) { got = recv(ch) })
				send(ch, 1)
				goes(func() { send(ch, 2) })
				x := recv(ch)
				Idle(1)
				return text(got, x)
			}, one("1 2"), true},
			{"nobody sends before who waits", func() string {
				ch, got := make(chan int, room), ""
				waiters(ch, room+1, func(i int) { send(ch, i) })
				recv(ch)
				goes(func() { send(ch, 9) })
				for range room + 1 {
					got += fmt.Sprint(recv(ch))
				}
				return got
			}, one("1239"[:room] + "9"), true},
			{"a receiver is served at once", func() string {
				ch := make(chan int, room)
				waiters(ch, 1, func(int) { recv(ch) })
				a, b := trySend(ch, 1), trySend(ch, 2)
				return text(a, b, room > 0)
			}, one(map[bool]string{true: "sent sent true", false: "sent full false"}[room > 0]), true},
			{"a sender is served at once", func() string {
				ch, got := make(chan int, room), ""
				waiters(ch, room+1, func(i int) { send(ch, i) })
				for range room + 2 {
					got += tryRecv(ch)
				}
				return got
			}, one("0123"[:room+1] + "none"), true},
			{"a sender is served before close", func() string {
				ch, got := make(chan int, room), 0
				waiters(ch, room+1, func(i int) { send(ch, i) })
				recv(ch)
				Close("c", ch)
				for r, v := Over("o", ch); r.Next(&v); {
					got++
				}
				return text(got)
			}, one(fmt.Sprint(room)), true},
		})
	}
}

var forEverSituations = []situation{
	{"receiving from nil", func() string { var ch chan int; recv(ch); return "" }, one("deadlock: lab waits to receive at r"), true},
	{"sending to nil", func() string { var ch chan int; send(ch, 1); return "" }, one("deadlock: lab waits to send at s"), true},
	{"an empty select", func() string { Select("x", false); return "" }, one("deadlock: lab waits in a select at x"), true},
	{"nobody sends", func() string { ch := make(chan int, 1); goes(func() { recv(ch) }); return "main" },
		one("main left: lab/1 waits to receive at r"), true},
	{"everybody receives", func() string { ch := make(chan int); goes(func() { recv(ch) }); recv(ch); return "" },
		one("deadlock: lab waits to receive at r; lab/1 waits to receive at r"), true},
}

func TestForEver(t *testing.T) { check(t, forEverSituations) }
