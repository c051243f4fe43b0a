package rt

import (
	"context"
	"reflect"
	"time"
	"unsafe"
)

// ContextWithTimeout is context.WithTimeout(parent, d).
func ContextWithTimeout(site string, parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return ContextWithTimeoutCause(site, parent, d, nil)
}

// ContextWithDeadline is context.WithDeadline(parent, at).
func ContextWithDeadline(site string, parent context.Context, at time.Time) (context.Context, context.CancelFunc) {
	return ContextWithDeadlineCause(site, parent, at, nil)
}

// ContextWithTimeoutCause is context.WithTimeoutCause(parent, d, cause).
func ContextWithTimeoutCause(site string, parent context.Context, d time.Duration, cause error) (context.Context,
	context.CancelFunc) {
	if !active {
		return context.WithTimeoutCause(parent, d, cause)
	}
	return ContextWithDeadlineCause(site, parent, now().Add(d), cause)
}

// ContextWithDeadlineCause is context.WithDeadlineCause(parent, at, cause).
func ContextWithDeadlineCause(site string, parent context.Context, at time.Time, cause error) (context.Context,
	context.CancelFunc) {
	if !active {
		return context.WithDeadlineCause(parent, at, cause)
	}
	if earlier, ok := parent.Deadline(); ok && earlier.Before(at) {
		return context.WithCancel(parent)
	}
	left := at.Sub(now())
	if left <= 0 {
		ctx, cancel := context.WithDeadlineCause(endless{parent}, time.Time{}, cause)
		return deadlineContext{ctx, at}, cancel
	}
	// A real one, for only package context can give a context and its children their
	// errors. Its timer stands still until the time of the run is up.
	ctx, cancel := context.WithDeadlineCause(endless{parent}, time.Now().Add(1<<62), cause)
	if t := timerOf(ctx); t != nil {
		t.Stop()
	}
	timer := TimeAfterFunc(site, left, func() { expire(ctx) })
	markContext(timer)
	return deadlineContext{ctx, at}, func() {
		TimerStop(site, timer)
		cancel()
	}
}

// ofContext is the period of the timer of a context: whoever moves the time ends the context.
const ofContext = -1

//go:norace
func markContext(t *time.Timer) { objectAt(unsafe.Pointer(t)).timer.period = ofContext }

//go:norace
func now() time.Time { return time.Unix(0, s.now) }

// timerAt is where package context keeps the timer of a context with a deadline.
// TestContext and init hold it against the Go version at hand.
var timerAt uintptr

func init() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	f, ok := reflect.TypeOf(ctx).Elem().FieldByName("timer")
	if !ok || f.Type != reflect.TypeFor[*time.Timer]() {
		panic("batchlab: rt does not know the contexts of this Go version")
	}
	timerAt = f.Offset
}

// timerOf returns the timer of a context, nil if it is done already.
//
//go:norace
func timerOf(ctx context.Context) *time.Timer {
	if ctx.Err() != nil {
		return nil
	}
	return *(**time.Timer)(unsafe.Add(reflect.ValueOf(ctx).UnsafePointer(), timerAt))
}

// expire lets the time of a context be up, and returns when it is done, and its children.
func expire(ctx context.Context) {
	if t := timerOf(ctx); t != nil {
		visitFixed(Everything, opUnknown) // who asks for its error does so at no point
		t.Reset(0)
		<-ctx.Done()
		_ = context.Cause(ctx) // waits for the lock under which the children are done
	}
}

// endless is a context that does not tell its deadline.
type endless struct{ context.Context }

// Deadline tells none.
func (endless) Deadline() (time.Time, bool) { return time.Time{}, false }

// deadlineContext is a context whose deadline is one of package time in a run.
type deadlineContext struct {
	context.Context
	at time.Time
}

// Deadline returns when the context ends.
func (c deadlineContext) Deadline() (time.Time, bool) { return c.at, true }

// ContextAfterFunc is context.AfterFunc(ctx, f).
func ContextAfterFunc(site string, ctx context.Context, f func()) func() bool {
	if !active {
		return context.AfterFunc(ctx, f)
	}
	At(site, ctx)
	a, done := &afterFunc{}, ctx.Done()
	if done != nil {
		a.await(site, chanPtr(done), func() {
			<-done
			if a.start() {
				f()
			}
		})
	}
	return func() bool {
		At(site, ctx)
		return a.stop(ctx.Err() == nil)
	}
}

// afterFunc is a function to be run when a context is done.
type afterFunc struct{ stopped bool }

// await starts a goroutine that waits for a channel from the beginning. The program did
// not start it, so it is nobody's until the channel is ready.
//
//go:norace
func (a *afterFunc) await(site string, ch unsafe.Pointer, f func()) {
	g := newG(childName(s.cur))
	g.state, g.ptr, g.site, g.what, g.helper = toReceive, ch, site, "receive", true
	launch(g, f)
}

//go:norace
func (a *afterFunc) start() bool {
	g := s.cur
	visit(unsafe.Pointer(a), opTouched)
	g.state, g.ptr, g.helper = running, nil, a.stopped
	return !a.stopped
}

//go:norace
func (a *afterFunc) stop(waits bool) bool {
	visit(unsafe.Pointer(a), opTouched)
	first := !a.stopped && waits
	if waits {
		a.stopped = true
	}
	return first
}
