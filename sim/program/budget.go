package program

import (
	"time"

	"batchlab/sim/kind"
)

// budget estimates from above how many timers fire while a program runs. Time on a
// mocked clock is not free: every timer that fires costs about a microsecond, and
// a second of 1ns timeouts would fire a billion.
type budget struct {
	kind    *kind.Kind
	periods []time.Duration // what fires again and again while time moves
	fixed   int64           // one for each item and callback that has a timer of its own
	moved   time.Duration
	longest time.Duration // the longest callback so far: act 2 waits for it
	act2    time.Duration // what act 2 moves besides
}

// Timers estimates from above how many timers fire while the program runs, act 2 included.
func (p *Program) Timers() int {
	b := newBudget(p)
	for _, o := range p.Ops {
		b.add(o)
	}
	return int(b.total())
}

func newBudget(p *Program) *budget {
	b := &budget{kind: p.Kind}
	if p.Kind.Periods != nil {
		b.periods = p.Kind.Periods(p.Config)
	}
	for _, o := range p.Kind.End(p.Config, nil) {
		b.act2 += o.Moved()
	}
	return b
}

// add accounts for one more operation and returns the estimate so far, act 2
// included.
func (b *budget) add(o Op) int64 {
	if o.Verb == kind.Advance {
		b.moved += o.Moved()
		return b.total()
	}
	op := &b.kind.Ops[o.Verb]
	for i := range op.Params {
		switch p := &op.Params[i]; {
		case p.Form == kind.Duration && p.There(o.Args):
			b.longest = max(b.longest, o.D(i))
		case p.Form == kind.Count && op.Hands:
			b.fixed += o.Args[i]
		}
	}
	return b.total()
}

func (b *budget) total() int64 {
	n := b.fixed
	for _, p := range b.periods {
		n += int64(b.moved/p) + int64((b.longest+b.act2)/p)
	}
	return n
}

// room returns by how much time may still move.
func (b *budget) room(limit int64) time.Duration {
	left := limit - b.total()
	if left <= 0 {
		return 0
	}
	d := kind.MaxMove
	for _, p := range b.periods {
		if per := left / int64(len(b.periods)); per < int64(d/p) {
			d = p * time.Duration(per)
		}
	}
	return d
}
