package rt

import (
	"iter"
	"runtime"
	"testing"
)

// drawn is an iterator in whose function there are points and waits.
func drawn(ch chan int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for yield(recv(ch)) {
			RuntimeGosched("g")
		}
	}
}

var turnsSituations = []situation{
	{"a program's own coroutines", func() string {
		ch, sum := make(chan int), 0
		together(
			func() {
				next, stop := iter.Pull(drawn(ch))
				defer stop()
				for range 3 {
					n, _ := next()
					sum += n
				}
			},
			func() { send(ch, 1); send(ch, 2); send(ch, 4) })
		return text(sum)
	}, one("7"), false},
	{"one coroutine, resumed by two", func() string {
		ch, turn := make(chan int, 2), make(chan int, 1)
		next, stop := iter.Pull(drawn(ch))
		defer stop()
		sum := 0
		pull := func() { send(turn, 1); n, _ := next(); sum += n; recv(turn) }
		send(ch, 1)
		send(ch, 2)
		together(pull, pull)
		return text(sum)
	}, one("3"), false},
	{"Goexit in a coroutine", func() string {
		done := make(chan int, 1)
		goes(func() {
			defer send(done, 1)
			next, _ := iter.Pull(func(func(int) bool) { RuntimeGosched("g"); runtime.Goexit() })
			next()
			send(done, 2)
		})
		return text(recv(done))
	}, one("1"), false},
	{"Goexit of many, each while others wait for it to come back", func() string {
		done := make(chan int)
		for i := range 4 {
			goes(func() {
				defer send(done, i)
				RuntimeGosched("g")
				runtime.Goexit()
			})
		}
		sum := 0
		for range 4 {
			sum += recv(done)
		}
		return text(sum)
	}, one("6"), false},
	{"a thread of its own", func() string {
		ch := make(chan int)
		goes(func() { RuntimeLockOSThread(); send(ch, 1); RuntimeUnlockOSThread(); send(ch, 2) })
		return text(recv(ch), recv(ch))
	}, one("1 2"), false},
	{"main on a thread of its own", func() string {
		ch := make(chan int)
		goes(func() { goes(func() { send(ch, 1) }); send(ch, 2) })
		return text(recv(ch) + recv(ch))
	}, one("3"), false},
}

func TestTurns(t *testing.T) {
	check(t, turnsSituations)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	check(t, turnsSituations[len(turnsSituations)-1:])
}
