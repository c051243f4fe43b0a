package rt

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestContext(t *testing.T) {
	background := context.Background()
	mine := errors.New("mine")
	errs := func(c context.Context) string { return text(c.Err(), "/", context.Cause(c)) }
	check(t, []situation{
		{"its time is up", func() string {
			ctx, cancel := ContextWithTimeoutCause("t", background, s1, mine)
			defer cancel()
			child, stop := context.WithCancel(ctx)
			defer stop()
			at, ok := child.Deadline()
			Advance(s1 - 1)
			before := ctx.Err()
			Settle(true)
			Advance(1)
			return text(before, errs(ctx), errs(child), at.Unix(), ok)
		}, one("<nil> context deadline exceeded / mine context deadline exceeded / mine 1 true"), true},
		{"no cause", func() string {
			ctx, cancel := ContextWithTimeout("t", background, s1)
			defer cancel()
			Settle(true)
			Advance(s1)
			<-From("r", ctx.Done())
			return text(errs(ctx), ctx.Err() == context.DeadlineExceeded, context.Cause(ctx) == context.DeadlineExceeded)
		}, one("context deadline exceeded / context deadline exceeded true true"), true},
		{"cancelled before", func() string {
			ctx, cancel := ContextWithTimeout("t", background, s1)
			cancel()
			Settle(true)
			Advance(2 * s1)
			return errs(ctx)
		}, one("context canceled / context canceled"), true},
		{"the parent is", func() string {
			parent, stop := context.WithCancelCause(background)
			ctx, cancel := ContextWithTimeout("t", parent, s1)
			defer cancel()
			stop(mine)
			return errs(ctx)
		}, one("context canceled / mine"), false},
		{"the parent ends earlier", func() string {
			parent, stop := ContextWithTimeoutCause("t", background, s1, mine)
			defer stop()
			ctx, cancel := ContextWithTimeout("t", parent, time.Hour)
			defer cancel()
			at, _ := ctx.Deadline()
			Settle(true)
			Advance(s1)
			return text(at.Unix(), errs(ctx))
		}, one("1 context deadline exceeded / mine"), true},
		{"the parent ends later", func() string {
			parent, stop := ContextWithTimeout("t", background, time.Hour)
			defer stop()
			ctx, cancel := ContextWithTimeout("t", parent, s1)
			defer cancel()
			Settle(true)
			Advance(s1)
			return text(parent.Err(), errs(ctx))
		}, one("<nil> context deadline exceeded / context deadline exceeded"), true},
		{"no time at all", func() string {
			ctx, cancel := ContextWithTimeoutCause("t", background, -s1, mine)
			defer cancel()
			return errs(ctx)
		}, one("context deadline exceeded / mine"), false},
		{"cancel or the end", func() string {
			ctx, cancel := ContextWithTimeout("t", background, s1)
			goes(func() { At("x", ctx); cancel() })
			Advance(s1)
			Idle(1)
			return text(ctx.Err())
		}, one("context deadline exceeded", "context canceled"), true},
	})
}

var afterFuncsSituations = []situation{
	{"it runs", func() string {
		ctx, cancel := context.WithCancel(context.Background())
		ran := make(chan int)
		stop := ContextAfterFunc("a", ctx, func() { send(ran, 1) })
		cancel()
		recv(ran)
		return text(stop())
	}, one("false"), false},
	{"stopped", func() string {
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		stop := ContextAfterFunc("a", ctx, func() { n++ })
		a, b := stop(), stop()
		cancel()
		Idle(1)
		return text(a, b, n)
	}, one("true false 0"), true},
	{"nothing is left", func() string {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		ContextAfterFunc("a", ctx, func() {})
		ContextAfterFunc("a", context.Background(), func() {})
		Idle(1)
		return "nothing"
	}, one("nothing"), true},
	{"stop or cancel", func() string {
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		stop := ContextAfterFunc("a", ctx, func() { n++ })
		stopped := false
		together(func() { At("x", ctx); cancel() }, func() { stopped = stop() })
		Idle(1)
		return text(stopped, n)
	}, one("true 0", "false 1"), true},
}

func TestContextAfterFunc(t *testing.T) { check(t, afterFuncsSituations) }
