package program

import "time"

// budget estimates from above how many timers fire while a program runs. Time on a
// mocked clock is not free: every timer that fires costs about a microsecond, and
// a second of 1ns timeouts would fire a billion.
type budget struct {
	periods []time.Duration // what fires again and again while time moves
	fixed   int64           // one for each batch and handler that has a timer of its own
	moved   time.Duration
	longest time.Duration // the longest handler so far: act 2 waits for it
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
	b := &budget{}
	c := p.Config
	if HasBatcher(p.Kind) {
		b.periods = append(b.periods, c.Timeout)
		b.act2 = c.Timeout
	}
	switch p.Kind {
	case KindDedup:
		b.periods = append(b.periods, c.Bucket/2, max(c.Bucket/10, 100*time.Millisecond))
		b.act2 = Act2Map(c)
	case KindDedupBatcher:
		b.periods = append(b.periods, 500*time.Millisecond, 100*time.Millisecond)
	}
	return b
}

// add accounts for one more operation and returns the estimate so far, act 2
// included.
func (b *budget) add(o Op) int64 {
	switch o.Verb {
	case Advance:
		b.moved += o.D
	case Handler:
		if o.Mode == Takes {
			b.longest = max(b.longest, o.D)
		}
	case Put:
		b.fixed += int64(o.N)
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
	d := MaxTimeout
	for _, p := range b.periods {
		if per := left / int64(len(b.periods)); per < int64(d/p) {
			d = p * time.Duration(per)
		}
	}
	return d
}
