package judge

import (
	"fmt"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"batchlab/impls/spec"
	"batchlab/impls/spec/model"
	"batchlab/sim/kind"
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
	*record
	cfg    spec.MapConfig
	groups []span // hides those of the record
	keyed  bool   // one key at a time: no call looks at several
	ops    []porcupine.Operation
}

// span is a group of operations in the trace.
type span struct {
	kind.Part
	end     int64 // when everything had settled
	calls   []int // its events that are calls with an answer
	closing bool  // the map is being closed
	closed  int64 // when the first Close returned, kind.NoSeq if none did
	stopped bool  // it was closed before
}

// input is what an operation is: a call, or something that nobody called.
type input struct {
	what  inputKind
	group int // index into groups
	event kind.Event
	index int              // of a call: its event in the trace
	free  bool             // the answer is not known, and the call may not have taken effect
	clock int              // of a move: the index of the instant; of a tick: that of the instant that made it due
	nth   int              // which tick of its ticker it is, from 1
	last  [2]int           // of idle: the last tick of each ticker,
	due   [2]time.Duration // and when it fell due
	alone bool             // of idle: one move of the clock, after each instant of which all goes quiet
	skip  bool             // a tick that may be left out
}

type inputKind uint8

const (
	aRefresh inputKind = iota // the tickers are numbered so
	aCleanup
	aCall
	aMove
	anIdle // everything that happens in a group without calls
)

// linearize judges a run of a map in which operations ran together. The error is a
// *kind.LabError if the run is none; else it says that the search took too long.
func (r *record) linearize() (*kind.Breach, error) {
	l := &linear{record: r, cfg: spec.MapOf(r.Config)}
	l.keyed = !slices.ContainsFunc(r.Ops, func(o kind.Op) bool {
		return o.Lane != kind.LabLane && (o.Verb == spec.Count || o.Verb == spec.Close)
	})
	l.spans()
	if err := l.list(); err != nil {
		return nil, err
	}
	var first *kind.Breach
	for _, ops := range l.partition() {
		legal, err := l.legal(ops, "")
		if err != nil {
			return nil, err
		}
		if legal {
			continue
		}
		b, err := l.explainOrder(ops)
		if err != nil {
			return nil, err
		}
		if !r.Traits.Waived(b.Law) {
			first = earliest(first, b)
		}
	}
	return first, nil
}

// spans finds the groups of the program in the trace.
func (l *linear) spans() {
	instant := 0
	fatal := l.Fatal()
	for _, g := range l.record.groups {
		if g.Last >= fatal { // who was in a call when all ended has left no word of it
			break
		}
		s := span{Part: g, closed: kind.NoSeq}
		for instant < len(l.Clock) && l.Clock[instant].At <= s.To {
			s.end = max(s.end, l.Clock[instant].Seq)
			instant++
		}
		l.groups = append(l.groups, s)
	}
	for i, e := range l.Events {
		g := l.groupOf(e.Step)
		if g == nil {
			continue
		}
		g.end = max(g.end, l.Ended[i])
		switch {
		case !l.Kind.IsAnswered(e) || e.Outcome == kind.Skipped:
		case e.Verb == spec.Close:
			g.closing = true
			if e.Outcome != kind.Waits {
				g.closed = min(g.closed, l.Ended[i])
			}
		case e.Outcome != kind.Waits || !l.returns(e, i):
			g.calls = append(g.calls, i)
		}
	}
	for i := 1; i < len(l.groups); i++ { // a group begins when the one before it has settled
		l.groups[i].end = max(l.groups[i].end, l.groups[i-1].end)
	}
}

// returns reports whether a call that waits at the end of its group returns later.
func (l *linear) returns(e kind.Event, at int) bool {
	return slices.ContainsFunc(l.Events[at+1:], func(o kind.Event) bool {
		return o.Source == e.Source && o.Verb == e.Verb && o.Outcome != kind.Skipped
	})
}

func (l *linear) groupOf(step int) *span {
	if i := slices.IndexFunc(l.groups, func(g span) bool { return step <= g.Last }); i >= 0 {
		return &l.groups[i]
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
	counts := false
	for _, op := range l.ops {
		e := op.Input.(input).event
		if counts = counts || e.Verb == spec.Count; e.Verb != 0 && e.Verb != spec.Count {
			keys = append(keys, e.Arg)
		}
	}
	slices.Sort(keys)
	var parts [][]porcupine.Operation
	for _, key := range slices.Compact(keys) {
		parts = append(parts, slices.DeleteFunc(slices.Clone(l.ops), func(op porcupine.Operation) bool {
			e := op.Input.(input).event
			return e.Verb == spec.Count || e.Verb != 0 && e.Arg != key
		}))
	}
	if counts || len(parts) == 0 { // the lab's Count at the end looks at all keys
		parts = append(parts, l.ops)
	}
	return parts
}

// legal reports whether some order explains the operations, in spite of a law if one
// is named.
func (l *linear) legal(ops []porcupine.Operation, lax spec.Law) (bool, error) {
	m := orders{cfg: l.cfg, groups: l.groups, clock: l.Clock, lax: lax}
	nm := porcupine.NondeterministicModel{
		Init:  func() []any { return []any{(order{table: model.NewTable(l.cfg, l.Config.Epoch), clock: -1}).keyed()} },
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
	return false, fmt.Errorf("no order of the calls was found or ruled out in %v", linearTimeout)
}
