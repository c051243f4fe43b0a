package rt

import (
	"context"
	"time"
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
func ContextWithTimeoutCause(site string, parent context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	if !active {
		return context.WithTimeoutCause(parent, d, cause)
	}
	return ContextWithDeadlineCause(site, parent, TimeNow(site).Add(d), cause)
}

// ContextWithDeadlineCause is context.WithDeadlineCause(parent, at, cause).
func ContextWithDeadlineCause(site string, parent context.Context, at time.Time, cause error) (context.Context, context.CancelFunc) {
	if !active {
		return context.WithDeadlineCause(parent, at, cause)
	}
	if earlier, ok := parent.Deadline(); ok && earlier.Before(at) {
		at = earlier
	}
	if cause == nil {
		cause = context.DeadlineExceeded
	}
	ctx, cancel := context.WithCancelCause(parent)
	timer := TimeAfterFunc(site, TimeUntil(site, at), func() { cancel(expired{cause}) })
	return deadlineContext{ctx, at}, func() {
		TimerStop(site, timer)
		cancel(context.Canceled)
	}
}

// expired is the cause of a context whose time was up.
type expired struct{ error }

func (e expired) Unwrap() error { return e.error }

// deadlineContext is a context whose deadline is one of package time in a run.
type deadlineContext struct {
	context.Context
	at time.Time
}

// Deadline returns when the context ends.
func (c deadlineContext) Deadline() (time.Time, bool) { return c.at, true }

// Err is context.DeadlineExceeded if the time was up.
func (c deadlineContext) Err() error {
	err := c.Context.Err()
	if _, ok := context.Cause(c.Context).(expired); err != nil && ok {
		return context.DeadlineExceeded
	}
	return err
}

// ContextAfterFunc is context.AfterFunc(ctx, f).
func ContextAfterFunc(site string, ctx context.Context, f func()) func() bool {
	if !active {
		return context.AfterFunc(ctx, f)
	}
	stopped, ran := make(chan struct{}), false
	done := ctx.Done()
	Go(site, func() {
		switch c := Select(site, false, OnRecv(done), OnRecv(stopped)); {
		case c == 1:
			ran = true
			f()
		}
	})
	return func() bool {
		if point(site, "stop"); ran || ctx.Err() != nil {
			return false
		}
		select {
		case <-stopped:
			return false
		default:
			close(stopped)
			return true
		}
	}
}
