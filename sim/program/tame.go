package program

// What a tame program may cost. Native fuzzing gives an input ten seconds and is
// worth its while only at hundreds of inputs a second.
const (
	TameOps    = 500
	TameItems  = 2_000
	TameTimers = 3_000
)

// Tame returns a copy that the process which runs it survives, soon, as long as the
// subject is right, and that the model can follow. A tame program is its own
// Tame. What is taken from a program:
//
//   - Handlers that panic return instead: a panic ends the process.
//   - In the foreground, handlers that put return instead if the items of the
//     program could fill the queue: a handler that waits for room in the queue that
//     only it empties waits for ever, in every batcher. In the background, a put
//     under such handlers has few items: more handlers at one instant would put in
//     more orders than the model follows.
//   - Lanes beyond the fourth become one of the first four: a Close that finds many
//     blocked Puts may turn away any of them.
//   - Operations, items and timers beyond TameOps, TameItems and TameTimers are
//     trimmed or dropped, and a configuration that ticks too often is slowed down.
func (p *Program) Tame() *Program {
	q := p.Bare()
	q.slow()
	ops := q.Ops
	q.Ops = nil
	budget, items := newBudget(q), 0
	mode := Returns
	heads := true // the first of its group is not there yet
	for _, o := range ops {
		if o.isCall() {
			o.Lane = 'a' + (o.Lane-'a')%genLanes
		}
		switch o.Verb {
		case Put:
			o.N = min(o.N, TameItems-items)
			if mode == Puts && q.Config.Background {
				o.N = min(o.N, min(q.Config.Size, 4)+1)
			}
		case Advance:
			o.D = min(o.D, budget.room(TameTimers))
		case Handler:
			if o.Mode == Panics {
				o.Mode = Returns
			}
			if o.Mode == Takes {
				o.D = min(o.D, budget.room(TameTimers))
			}
		}
		next := *budget
		heads = heads || !o.And
		if len(q.Ops) == TameOps || next.add(o) > TameTimers || o.fault(q.Kind) != "" {
			continue
		}
		o.And = o.And && !heads
		heads = false
		*budget = next
		items += o.N
		if o.Verb == Handler {
			mode = o.Mode
		}
		q.Ops = append(q.Ops, o)
	}
	if !q.Config.Background && items > q.roomForPuts() {
		for i, o := range q.Ops {
			if o.Verb == Handler && o.Mode == Puts {
				q.Ops[i].Mode = Returns
			}
		}
	}
	return q
}

// roomForPuts is how many items lanes may put if handlers in the foreground put
// too: the items of both fit into the queue at once.
func (p *Program) roomForPuts() int { return 32 * p.Config.Size }

// slow changes a configuration of which act 2 alone would fire too many timers.
func (p *Program) slow() {
	c := &p.Config
	for newBudget(p).total() > TameTimers/2 {
		switch {
		case p.Kind == KindDedupBatcher: // act 2 waits for its timeout, and its tickers for nothing
			c.Timeout /= 2
		case c.Buckets > 1:
			c.Buckets /= 2
		default:
			c.Bucket *= 2
		}
	}
}
