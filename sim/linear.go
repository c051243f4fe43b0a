package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"batchlab/sim/model"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// linearTimeout bounds the search for one order, in real time. The problem is
// NP-hard, and a run that is not decided is not a run that passed.
const linearTimeout = 10 * time.Second

// maxTicks bounds how many ticks may fall due while calls overlap.
const maxTicks = 100

// linear asks whether the answers of a map are those of some order of the calls: each
// call takes effect at one moment between its beginning and its end (Herlihy and
// Wing, "Linearizability", TOPLAS 1990). The order is looked for by porcupine.
//
// The map itself acts too. A tick of its tickers takes effect at any moment between
// the move of the clock that made it due and the end of the group, computed from any
// reading of the clock from then on; ticks of one ticker that pile up are one; and once
// Close has begun they may be left out. All that is told to porcupine as operations:
//
//	call     [began ------ returned]
//	clock                |                   a move of the clock
//	tick                 [----------------------] end of the group
//
// In a group without calls nobody can tell one moment from another, and so all that
// the clock and the ticks do in it is one operation. If it is one move of the clock, all
// goes quiet at each instant on the way, and no tick is late.
type linear struct {
	cfg    subject.MapConfig
	epoch  time.Duration
	title  string
	trace  Trace
	groups []span
	keyed  bool // one key at a time: no call looks at several
	ops    []porcupine.Operation
}

// span is a group of operations in the trace.
type span struct {
	part
	end     int64 // when everything had settled
	calls   []int // its events that are calls with an answer
	closing bool  // the map is being closed
	closed  int64 // when the first Close returned, noSeq if none did
	stopped bool  // it was closed before
}

const noSeq = int64(1)<<62 - 1

// input is what an operation is: a call, or something that nobody called.
type input struct {
	kind  inputKind
	group int // index into groups
	event subject.Event
	index int           // of a call: its event in the trace
	free  bool          // the answer is not known, and the call may not have taken effect
	clock int           // of a move: the index of the instant; of a tick: that of the instant that made it due
	nth   int           // which tick of its ticker it is, from 1; of idle: the last refresh
	last  int           // of idle: the last cleanup
	due   time.Duration // of idle: when the last refresh fell due
	swept time.Duration // and when the last cleanup did
	alone bool          // of idle: one move of the clock, after each instant of which all goes quiet
	skip  bool          // a tick that may be left out
}

type inputKind uint8

const (
	aCall inputKind = iota
	aMove
	aRefresh
	aCleanup
	anIdle // everything that happens in a group without calls
)

// linearize judges an explored run of a map, which need not keep the laws that are waived. The error is a *LabError: the trace is
// no trace, or the search took too long.
func linearize(p *program.Program, title string, t Trace, waives ...subject.Law) (*Violation, error) {
	c := p.Config
	l := &linear{cfg: subject.MapConfig{Bucket: c.Bucket, Buckets: c.Buckets}, epoch: c.Epoch, title: title, trace: t}
	l.keyed = !slices.ContainsFunc(p.Ops, func(o program.Op) bool { return o.Verb == program.Count || o.Verb == program.Close })
	if err := l.spans(p); err != nil {
		return nil, err
	}
	if err := l.list(); err != nil {
		return nil, err
	}
	var first *Violation
	for _, ops := range l.partition() {
		legal, err := l.legal(ops, "")
		if err != nil {
			return nil, err
		}
		if legal {
			continue
		}
		v, err := l.blame(ops)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(waives, v.Law) && (first == nil || v.Step < first.Step) {
			first = v
		}
	}
	return first, nil
}

// spans finds the groups of the program in the trace.
func (l *linear) spans(p *program.Program) error {
	if msg := l.trace.valid(); msg != "" {
		return &LabError{Msg: msg}
	}
	instant := 0
	fatal := l.trace.fatal()
	for _, g := range parts(p) {
		if g.last >= fatal { // who was in a call when all ended has left no word of it
			break
		}
		s := span{part: g, closed: noSeq}
		for instant < len(l.trace.Clock) && l.trace.Clock[instant].At <= s.to {
			s.end = max(s.end, l.trace.Clock[instant].Seq)
			instant++
		}
		l.groups = append(l.groups, s)
	}
	for i, e := range l.trace.Events {
		g := l.groupOf(e.Step)
		if g == nil {
			continue
		}
		g.end = max(g.end, l.trace.Ended[i])
		switch {
		case e.Verb < subject.Put || e.Verb > subject.Count || e.Outcome == subject.Skipped:
		case e.Verb == subject.Close:
			g.closing = true
			if e.Outcome != subject.Waits {
				g.closed = min(g.closed, l.trace.Ended[i])
			}
		case e.Outcome != subject.Waits || !l.returns(e, i):
			g.calls = append(g.calls, i)
		}
	}
	for i := 1; i < len(l.groups); i++ { // a group begins when the one before it has settled
		l.groups[i].end = max(l.groups[i].end, l.groups[i-1].end)
	}
	return nil
}

// returns reports whether a call that waits at the end of its group returns later.
func (l *linear) returns(e subject.Event, at int) bool {
	return slices.ContainsFunc(l.trace.Events[at+1:], func(o subject.Event) bool {
		return o.Source == e.Source && o.Verb == e.Verb && o.Outcome != subject.Skipped
	})
}

func (l *linear) groupOf(step int) *span {
	if i := slices.IndexFunc(l.groups, func(g span) bool { return step <= g.last }); i >= 0 {
		return &l.groups[i]
	}
	return nil
}

// list makes the operations, group by group. Times are doubled, so that there is one
// between any two.
func (l *linear) list() error {
	ticks := map[inputKind]*ticker{
		aRefresh: {period: l.cfg.Refresh(), next: l.cfg.Refresh()},
		aCleanup: {period: l.cfg.Cleanup(), next: l.cfg.Cleanup()},
	}
	stopped := false
	for g := range l.groups {
		s := &l.groups[g]
		for _, i := range s.calls {
			e := l.trace.Events[i]
			in := input{kind: aCall, group: g, event: e, index: i, free: e.Outcome == subject.Waits || e.Outcome == subject.Broke}
			op := porcupine.Operation{Input: in, Call: 2 * l.trace.Began[i], Return: 2 * l.trace.Ended[i]}
			if in.free {
				op.Return = 2 * noSeq
			}
			l.ops = append(l.ops, op)
		}
		s.stopped = stopped
		if s.to == s.from || stopped {
			stopped = stopped || s.closing
			continue
		}
		lo, _ := slices.BinarySearchFunc(l.trace.Clock, s.from+1, func(i Instant, at time.Duration) int { return int(min(max(i.At-at, -1), 1)) })
		hi := lo
		for hi < len(l.trace.Clock) && l.trace.Clock[hi].At <= s.to {
			hi++
		}
		if hi == lo || l.trace.Clock[hi-1].At != s.to {
			return &LabError{Msg: fmt.Sprintf("the clock of the trace never came to +%v, the end of step %d", s.to, s.step)}
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

// ticker counts the ticks of a ticker.
type ticker struct {
	period, next time.Duration
	n            int
}

// idle adds what happens in a group without calls.
func (l *linear) idle(g, clock int, ticks map[inputKind]*ticker) {
	s := l.groups[g]
	in := input{kind: anIdle, group: g, clock: clock, due: never, swept: never, alone: s.step == s.last}
	for kind, t := range ticks {
		if s.to < t.next {
			continue
		}
		n := (s.to-t.next)/t.period + 1
		t.n += int(n)
		t.next += n * t.period
		if kind == aRefresh {
			in.due = t.next - t.period
		} else {
			in.swept = t.next - t.period
		}
	}
	in.nth, in.last = ticks[aRefresh].n, ticks[aCleanup].n
	l.ops = append(l.ops, porcupine.Operation{Input: in, Call: 2*s.end + 1, Return: 2*s.end + 1})
}

// moves adds the moves of the clock in a group, from lo to hi, and the ticks that
// they make due.
func (l *linear) moves(g, lo, hi int, ticks map[inputKind]*ticker) error {
	s := l.groups[g]
	for i := lo; i < hi; i++ {
		at := 2 * l.trace.Clock[i].Seq
		l.ops = append(l.ops, porcupine.Operation{Input: input{kind: aMove, group: g, clock: i}, Call: at, Return: at})
	}
	for _, kind := range []inputKind{aRefresh, aCleanup} {
		t := ticks[kind]
		clock := lo
		for ; t.next <= s.to; t.next += t.period {
			for l.trace.Clock[clock].At < t.next {
				clock++
			}
			seq := l.trace.Clock[clock].Seq
			if seq > s.closed {
				break
			}
			if t.n++; len(l.ops) > maxTicks {
				return &LabError{Msg: fmt.Sprintf("more than %d ticks fall due beside the calls of step %d", maxTicks, s.step), Wild: true}
			}
			in := input{kind: kind, group: g, clock: clock, nth: t.n, skip: s.closing || t.next+t.period <= s.to}
			l.ops = append(l.ops, porcupine.Operation{Input: in, Call: 2 * seq, Return: min(2*s.end+1, 2*s.closed)})
		}
	}
	return nil
}

// partition returns the operations by key, or all of them if some call looks at
// several keys.
func (l *linear) partition() [][]porcupine.Operation {
	if !l.keyed {
		return [][]porcupine.Operation{l.ops}
	}
	var keys []int32
	for _, op := range l.ops {
		if e := op.Input.(input).event; e.Verb != 0 && e.Verb != subject.Count && !slices.Contains(keys, e.Key) {
			keys = append(keys, e.Key)
		}
	}
	slices.Sort(keys)
	parts := make([][]porcupine.Operation, max(len(keys), 1))
	for i := range parts {
		for _, op := range l.ops {
			if e := op.Input.(input).event; e.Verb == 0 || e.Verb != subject.Count && e.Key == keys[i] {
				parts[i] = append(parts[i], op)
			}
		}
	}
	// The lab's Count at the end looks at all keys.
	if slices.ContainsFunc(l.ops, func(op porcupine.Operation) bool { return op.Input.(input).event.Verb == subject.Count }) {
		parts = append(parts, l.ops)
	}
	return parts
}

// legal reports whether some order explains the operations, in spite of a law if one
// is named.
func (l *linear) legal(ops []porcupine.Operation, lax subject.Law) (bool, error) {
	m := orders{cfg: l.cfg, groups: l.groups, clock: l.trace.Clock, lax: lax}
	nm := porcupine.NondeterministicModel{
		Init:  func() []any { return []any{(order{table: model.NewTable(l.cfg, l.epoch), clock: -1}).keyed()} },
		Step:  func(state, in, _ any) []any { return m.step(state.(order), in.(input)) },
		Equal: func(a, b any) bool { return a.(order).key == b.(order).key },
		Hash:  func(s any) uint64 { return s.(order).hash() },
	}
	switch porcupine.CheckOperationsTimeout(nm.ToModel(), ops, linearTimeout) {
	case porcupine.Ok:
		return true, nil
	case porcupine.Illegal:
		return false, nil
	}
	return false, &LabError{Msg: fmt.Sprintf("no order of the calls was found or ruled out in %v", linearTimeout), Wild: true}
}
