package judge

import (
	"fmt"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"batchlab/sim/kind"
)

// list makes the operations, group by group. Times are doubled, so that there is one
// between any two.
func (l *linear) list() error {
	ticks := &[2]ticker{{period: l.cfg.Refresh(), next: l.cfg.Refresh()}, {period: l.cfg.Cleanup(), next: l.cfg.Cleanup()}}
	stopped := false
	for g := range l.groups {
		s := &l.groups[g]
		for _, i := range s.calls {
			e := l.Events[i]
			in := input{what: aCall, group: g, event: e, index: i, free: e.Outcome == kind.Waits || e.Outcome == kind.Broke}
			op := porcupine.Operation{Input: in, Call: 2 * l.Began[i], Return: 2 * l.Ended[i]}
			if in.free {
				op.Return = 2 * kind.NoSeq
			}
			l.ops = append(l.ops, op)
		}
		s.stopped = stopped
		if s.To == s.From || stopped {
			stopped = stopped || s.closing
			continue
		}
		lo, _ := slices.BinarySearchFunc(l.Clock, s.From+1,
			func(i kind.Instant, at time.Duration) int { return int(min(max(i.At-at, -1), 1)) })
		hi := lo
		for hi < len(l.Clock) && l.Clock[hi].At <= s.To {
			hi++
		}
		if hi == lo || l.Clock[hi-1].At != s.To {
			return &kind.LabError{Msg: fmt.Sprintf("the clock of the run never came to +%v, the end of step %d", s.To, s.Step)}
		}
		if len(s.calls) == 0 && !s.closing {
			l.idle(g, hi-1, ticks)
			continue
		}
		if err := l.moves(g, lo, hi, ticks); err != nil {
			return err
		}
		stopped = s.closing
	}
	return nil
}

type ticker struct {
	period, next time.Duration
	n            int
}

// idle adds what happens in a group without calls.
func (l *linear) idle(g, clock int, ticks *[2]ticker) {
	s := l.groups[g]
	never := [2]time.Duration{kind.Never, kind.Never}
	in := input{what: anIdle, group: g, clock: clock, due: never, alone: s.Step == s.Last}
	for i := range ticks {
		t := &ticks[i]
		if s.To >= t.next {
			n := (s.To-t.next)/t.period + 1
			t.n += int(n)
			t.next += n * t.period
			in.due[i] = t.next - t.period
		}
		in.last[i] = t.n
	}
	l.ops = append(l.ops, porcupine.Operation{Input: in, Call: 2*s.end + 1, Return: 2*s.end + 1})
}

// moves adds the moves of the clock in a group, from lo to hi, and the ticks that
// they make due.
func (l *linear) moves(g, lo, hi int, ticks *[2]ticker) error {
	s := l.groups[g]
	for i := lo; i < hi; i++ {
		at := 2 * l.Clock[i].Seq
		l.ops = append(l.ops, porcupine.Operation{Input: input{what: aMove, group: g, clock: i}, Call: at, Return: at})
	}
	due := 0
	for i := range ticks {
		t, clock := &ticks[i], lo
		for ; t.next <= s.To; t.next += t.period {
			for l.Clock[clock].At < t.next {
				clock++
			}
			seq := l.Clock[clock].Seq
			if seq > s.closed {
				break
			}
			t.n++
			if due++; due > maxTicks {
				return fmt.Errorf("more than %d ticks fall due beside the calls of step %d", maxTicks, s.Step)
			}
			in := input{what: inputKind(i), group: g, clock: clock, nth: t.n, skip: s.closing || t.next+t.period <= s.To}
			l.ops = append(l.ops, porcupine.Operation{Input: in, Call: 2 * seq, Return: min(2*s.end+1, 2*s.closed)})
		}
	}
	return nil
}
