package golden

import (
	ctx "context"
	"runtime"
	t "time"
)

var now = t.Now

type fake struct{}

func (fake) Sleep(int) {}

func clocks(c ctx.Context, timer *t.Timer, cancels []func()) {
	t.Sleep(t.Second)
	start := t.Now()
	_, _ = t.Since(start), t.Until(start)
	select {
	case <-t.After(1):
	case <-t.NewTimer(t.Second).C:
	case <-timer.C:
	}
	timer.Reset(1)
	defer timer.Stop()
	tick := t.NewTicker(1)
	tick.Reset(2)
	tick.Stop()
	t.AfterFunc(3, func() {})
	c, cancel := ctx.WithTimeout(c, t.Second)
	defer cancel()
	c, cancel2 := ctx.WithCancel(c)
	cancel2()
	ctx.AfterFunc(c, cancel)
	runtime.Gosched()
	{
		var t fake
		t.Sleep(1)
	}
	for _, f := range []func(t.Duration){t.Sleep} {
		f(1)
	}
	after := timer.Reset
	after(1)
}
