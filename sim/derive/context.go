package derive

import (
	"context"
	"reflect"
	"strings"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// Contexts: one that never ends, one that the operation cancel ends, one with a deadline.
//
//	a Acquire ctx1 2
//	& b cancel

// timeout is how long the context with a deadline lasts.
const timeout = time.Second

func contexts() []value {
	context0 := func(make func(c *call) context.Context) func(*call) reflect.Value {
		return func(c *call) reflect.Value {
			ctx := make(c)
			return reflect.ValueOf(&ctx).Elem()
		}
	}
	return []value{
		{"ctx", context0(func(*call) context.Context { return context.Background() })},
		{"ctx1", context0(func(c *call) context.Context { c.cancelled(); return c.ctx })},
		{"ctx+" + program.DurationText(timeout), context0(func(*call) context.Context {
			ctx, _ := rt.ContextWithTimeout("", context.Background(), timeout) //nolint:govet // it ends with the run
			return ctx
		})},
	}
}

// cancelling adds the operation that ends the context of a program. A call that has begun need not see that, and may be
// taken to have come before; one that begins then has to.
func (d *Derived) cancelling() {
	d.own(kind.Operation{Name: "cancel", Lane: true}, func(i *instance, _ *kind.Lane, _ kind.Op, _ *kind.Event) {
		rt.At("cancel", i.ctx)
		i.setCancels(true)
		i.env.Later(i.cancelled)
	})
}

// cancelled ends the context, if that is to be done.
func (i *instance) cancelled() {
	if i.setCancels(false) {
		i.cancel()
	}
}

// setCancels says whether the context is to be ended, and returns whether it was.
//
//go:norace
func (i *instance) setCancels(yes bool) bool {
	was := i.cancels
	i.cancels = yes
	return was
}

// overlooked reports whether a call was under way when its context ended, and went on, while one that began later had
// to see that: there is no order of the two, one at a time, in which both are as they were.
func (d *Derived) overlooked(r *kind.Run) bool {
	cancel := d.verb("cancel")
	if cancel == 0 || len(r.Began) == 0 {
		return false
	}
	for c, end := range r.Events {
		if end.Verb != cancel || end.Outcome == kind.Skipped {
			continue
		}
		var before, after bool
		for i, e := range r.Events {
			if !r.Kind.IsAnswered(e) || e.Outcome == kind.Skipped || e.Step > len(r.Ops) ||
				!d.takes(r.Ops[e.Step-1], "ctx1") {
				continue
			}
			over := r.Ended[i] > r.Began[c] && !strings.Contains(e.Text, context.Canceled.Error())
			before = before || r.Began[i] < r.Ended[c] && over
			after = after || r.Began[i] > r.Ended[c]
		}
		if before && after {
			return true
		}
	}
	return false
}
