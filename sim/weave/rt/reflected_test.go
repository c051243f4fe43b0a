package rt

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

// Channels that are known by reflection only, on one side and on both, are like those that are not.

func recvValue(ch chan int) string {
	v, ok := Receive("r", reflect.ValueOf(ch))
	if !ok {
		return "closed"
	}
	return fmt.Sprint(v.Int())
}

func sendValue(ch chan int, v int) { SendValue("s", reflect.ValueOf(ch), reflect.ValueOf(v)) }

func TestReflected(t *testing.T) {
	pair := func(room int, send func(chan int, int), recv func(chan int) string) func() string {
		return func() string {
			ch, got := make(chan int, room), ""
			goes(func() { send(ch, 1); send(ch, 2); CloseValue("c", reflect.ValueOf(ch)) })
			for range 3 {
				got += recv(ch)
			}
			return got
		}
	}
	typed := func(ch chan int) string {
		v, ok := <-From("r", ch)
		if !ok {
			return "closed"
		}
		return fmt.Sprint(v)
	}
	chosen := func(ch chan int) string { // in a select
		sel := Select("sel", false, OnRecv(ch))
		//lint:ignore S1000 the other side has to be a select
		select {
		case v, ok := <-Recv(sel, 0, ch):
			if !ok {
				return "closed"
			}
			return fmt.Sprint(v)
		}
	}
	choosing := func(ch chan int, v int) {
		sel := Select("sel", false, OnSend(ch))
		//lint:ignore S1000 the other side has to be a select
		select {
		case Send(sel, 0, ch) <- v:
		}
	}
	var list []situation
	for room := range 3 {
		for name, f := range map[string]func() string{
			"both": pair(room, sendValue, recvValue), "receive": pair(room, send, recvValue), "send": pair(room, sendValue, typed),
			"receive from a select": pair(room, choosing, recvValue), "send to a select": pair(room, sendValue, chosen),
		} {
			list = append(list, situation{name: fmt.Sprintf("%s, room %d", name, room), run: f, want: one("12closed")})
		}
	}
	list = append(list, situation{name: "beside a select of two cases", want: one("true"), run: func() string {
		ch, full, got := make(chan int), make(chan int), make(chan string, 2)
		goes(func() {
			sel := Select("sel", false, OnSend(full), OnRecv(ch))
			select {
			case Send(sel, 0, full) <- 1:
				To("t", got).Send("sent")
			case v := <-Recv(sel, 1, ch):
				To("t", got).Send(fmt.Sprint(v))
			}
		})
		goes(func() { sendValue(ch, 1) })
		goes(func() { sendValue(ch, 2) })
		To("t", got).Send(recvValue(ch))
		a, b := <-From("f", got), <-From("f", got)
		return fmt.Sprint(a+b == "12" || a+b == "21")
	}})
	list = append(list, situation{name: "for ever", only: true, want: one(" left: lab/1 waits to receive at r"), run: func() string {
		ch := make(chan int)
		goes(func() { recvValue(ch) })
		Idle(1)
		return ""
	}})
	check(t, list)
}

// TestDurations: what timers are set to is told, each once.
func TestDurations(t *testing.T) {
	res := Run(Config{Chooser: &dice{1}}, func() {
		for _, d := range []int64{5, 7, 5} {
			TimeNewTimer("t", time.Duration(d))
		}
		goes(func() { TimeSleep("s", time.Duration(9)) })
		Advance(time.Duration(20))
		Idle(1)
	})
	if got := fmt.Sprint(res.Durations); got != "[5ns 7ns 9ns]" {
		t.Errorf("durations %s", got)
	}
	if res := Run(Config{Chooser: &dice{1}}, func() {}); res.Durations != nil {
		t.Errorf("the next run has %v", res.Durations)
	}
}
