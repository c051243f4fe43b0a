package program

import (
	"time"

	"batchlab/sim/kind"
)

// What a tame program may cost. Native fuzzing gives an input ten seconds and is
// worth its while only at hundreds of inputs a second.
const (
	TameOps    = 500
	TameItems  = 2_000
	TameTimers = 3_000
)

// Tame returns a copy that the process which runs it survives, soon, as long as the
// subject is right, and that a model can follow. A tame program is its own
// Tame. What is taken from a program:
//
//   - What the kind says is not tame: see kind.Kind.Tame.
//   - Lanes beyond the fourth become one of the first four: what many that wait at once
//     may do is more than a model follows.
//   - Operations, items and timers beyond TameOps, TameItems and TameTimers are
//     trimmed or dropped, and settings that tick too often are made lighter.
func (p *Program) Tame() *Program {
	q := p.Bare()
	q.lighten(TameTimers / 2)
	q.tame()
	ops := q.Ops
	q.Ops = nil
	budget, items := newBudget(q), 0
	heads := true // the first of its group is not there yet
	for _, o := range ops {
		if q.Kind.IsCall(o) {
			o.Lane = 'a' + (o.Lane-'a')%genLanes
		}
		q.trim(&o, TameItems-items, budget.room(TameTimers))
		next := *budget
		heads = heads || !o.And
		if len(q.Ops) == TameOps || next.add(o) > TameTimers || fault(q.Kind, o) != "" ||
			items+amount(q.Kind, o) > TameItems {
			continue
		}
		o.And = o.And && !heads
		heads = false
		*budget = next
		items += amount(q.Kind, o)
		q.Ops = append(q.Ops, o)
	}
	q.tame()
	return q
}

// tame leaves it to the kind what is not tame.
func (p *Program) tame() {
	if p.Kind.Tame != nil {
		p.Ops = p.Kind.Tame(p.Config, p.Ops)
	}
}

// trim makes an operation fit into what is left of items and time.
func (p *Program) trim(o *Op, items int, room time.Duration) {
	op := &p.Kind.Ops[o.Verb]
	for i := range op.Params {
		switch q := &op.Params[i]; {
		case q.Form == kind.Count && op.Hidden(i) && o.Args[i] > 0:
			o.Args[i] = max(min(o.Args[i], int64(items)-1), 0)
		case q.Form == kind.Count && !op.Hidden(i):
			o.Args[i] = min(o.Args[i], int64(items))
		case q.Form == kind.Duration && q.There(o.Args):
			o.Args[i] = min(o.Args[i], int64(room))
		}
	}
}

// lighten changes settings that do not fit together, or of which act 2 alone would fire more timers than that.
func (p *Program) lighten(most int64) {
	for p.Kind.Lighter != nil && (p.configFault() != "" || newBudget(p).total() > most) {
		p.Config = p.Kind.Lighter(p.Config)
	}
}
