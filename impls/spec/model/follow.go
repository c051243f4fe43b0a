package model

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// maxStates bounds how many states are followed at once. A program that leads to
// more is too wild to be judged, which is the lab's limit and nobody's violation.
const maxStates = 20_000

// Follower follows a program through the model, in every state that agrees with
// what has been observed. The zero Follower is not usable; call Follow.
type Follower struct {
	kind     *kind.Kind
	states   []*state
	step     int
	now      time.Duration
	branched bool
	stamped  bool // what happens in a group is shown with the time of its end
	most     int  // states followed at once
	err      error
	seen     observed // in this step
}

// observed is what was seen in one step, by source.
type observed struct {
	keys    []groupKey // of the groups, in order of appearance: there are few
	events  [][]kind.Event
	crashed bool
}

// Follow returns a Follower at the beginning of a program.
//
// The whole history, if it is known, saves work and changes no answer: where several
// clients put at one instant, the order in which foreground handlers later got the
// items is the order in which they were queued, and need not be guessed. In a stamped one all
// events of a group have the time of its end.
func Follow(k *kind.Kind, c kind.Config, ops []kind.Op, history []kind.Event, stamped bool) *Follower {
	s := &state{}
	switch spec.Kind(k.Name) {
	case spec.KindDedup:
		s.table = newMap(spec.MapOf(c), c.Epoch)
	case spec.KindDedupBatcher:
		s.batcher = newBatcher(spec.BatcherOf(c), newMap(spec.Window, c.Epoch))
	default:
		s.batcher = newBatcher(spec.BatcherOf(c), nil)
	}
	if s.batcher != nil && !s.batcher.cfg.Background {
		for _, e := range history {
			if e.Verb == spec.Begin {
				s.batcher.order = append(s.batcher.order, e.Items...)
			}
		}
	}
	if s.batcher != nil {
		s.batcher.late.keeps = movesTogether(ops)
	}
	return &Follower{kind: k, states: []*state{s}, most: maxStates, stamped: stamped}
}

// Branched reports whether the model had a choice at some point so far. If not,
// there is exactly one history.
func (f *Follower) Branched() bool { return f.branched }

// Err reports that the model itself gave up: more states than it follows.
func (f *Follower) Err() error { return f.err }

// Step follows a group of operations that run together, often a single one, during which
// the given events were seen, in canonical order. It reports whether the specification
// allows that. After a false, use a new Follower.
//
// After a single operation all goes quiet, and at each instant if it moves the clock. All
// events of a larger group, which is a batcher's and stamped, carry the number of its first
// operation and the time of its end: see moves in group.go. A map's answers are then judged
// by an order of its calls.
func (f *Follower) Step(ops []kind.Op, seen []kind.Event) bool {
	if len(ops) > 1 && f.states[0].batcher == nil {
		panic("model: Step: a map's groups are not followed")
	}
	f.step++
	f.seen.group(seen)
	for _, s := range f.states {
		s.seen = &f.seen
		s.cursor = append(s.cursor[:0], make([]int, len(f.seen.events))...)
	}
	f.states = slices.DeleteFunc(f.run(ops, f.states), func(s *state) bool { return !s.complete() })
	f.step += len(ops) - 1
	return len(f.states) > 0 && f.err == nil
}

// Outcomes returns what may be seen during a group of operations, each alternative in
// canonical order, at most limit of them, and not all if there are very many. The
// Follower stays where it is.
func (f *Follower) Outcomes(ops []kind.Op, limit int) [][]kind.Event {
	var outs [][]kind.Event
	for _, s := range f.states {
		free := &Follower{kind: f.kind, step: f.step + 1, now: f.now, stamped: f.stamped, most: 1000 + 4*limit}
		c := s.clone()
		c.seen, c.out, c.said = nil, nil, 0
		for _, r := range free.run(ops, []*state{c}) {
			if len(outs) == limit {
				return outs
			}
			outs = append(outs, kind.Canonical(r.out))
		}
		f.branched = f.branched || free.branched || len(outs) > 1
	}
	return outs
}

// groupKey tells apart what has an order of its own. The events of one source have,
// but for those of handlers that cannot be told apart.
type groupKey struct {
	source kind.Source
	verb   kind.Verb
}

func keyOf(e *kind.Event) groupKey {
	k := groupKey{source: e.Source}
	if e.Source.Anonymous() {
		k.verb = e.Verb
	}
	return k
}

// group groups events, in the memory of those before.
//
//go:norace
func (g *observed) group(events []kind.Event) {
	*g = observed{keys: g.keys[:0], events: g.events[:0]}
	for n := range events {
		e := &events[n]
		k := keyOf(e)
		i := slices.Index(g.keys, k)
		if i < 0 {
			i = len(g.events)
			g.keys = append(g.keys, k)
			g.events = append(g.events, nil)
		}
		if len(g.events) == 1 { // as long as there is one source, its events are a piece of all
			g.events[0] = events[: n+1 : n+1]
		} else {
			g.events[i] = append(g.events[i], *e)
		}
		g.crashed = g.crashed || e.Verb == kind.Crash
	}
}

// complete reports whether the state explains everything that was seen.
func (s *state) complete() bool {
	if s.dead {
		return false
	}
	if s.seen.crashed {
		return s.batcher != nil && s.batcher.crashed
	}
	for i, n := range s.cursor {
		if n < len(s.seen.events[i]) {
			return false
		}
	}
	return true
}

// emit checks an event of the model against what was seen.
//
//go:norace
func (f *Follower) emit(s *state, e kind.Event) {
	e.Step = f.step
	if f.stamped {
		e.At = f.now
	}
	if s.seen == nil {
		s.say(e)
		return
	}
	if s.seen.crashed { // what else happened in the step of a crash is lost with it
		return
	}
	i := slices.Index(s.seen.keys, keyOf(&e))
	if i < 0 || s.cursor[i] >= len(s.seen.events[i]) || !e.Same(&s.seen.events[i][s.cursor[i]]) {
		s.dead = true
		return
	}
	s.cursor[i]++
}

// say adds an event to what may be seen. The events of one source have an order, those
// of several do not: said is the same however they are mixed, and other for others, but
// for a chance of one in 2^64.
func (s *state) say(e kind.Event) {
	nth := 0
	for _, o := range s.out {
		if o.Source == e.Source {
			nth++
		}
	}
	var buf [64]byte
	k := append(buf[:0], e.Source.Lane, byte(e.Verb), byte(e.Outcome))
	for _, n := range []int64{int64(nth), int64(e.At), int64(e.Arg), int64(e.Val)} {
		k = binary.AppendVarint(k, n)
	}
	k = appendItems(appendItems(k, []kind.Item{e.Source.Head}), e.Items)
	h := fnv.New64a()
	h.Write(k)
	s.said += h.Sum64()
	s.out = append(s.out, e)
}
