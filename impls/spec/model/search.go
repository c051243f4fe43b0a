package model

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// together is a group of operations that run together, by who does them.
type together struct {
	lanes  []byte // 0 is the clock, and who directs the handlers
	ops    [][]kind.Op
	alone  bool // it is a single operation, after which all goes quiet
	closed bool // Close was called in an earlier group
}

func newTogether(ops []kind.Op) *together {
	if len(ops) == 1 {
		return &together{lanes: []byte{ops[0].Lane}, ops: [][]kind.Op{ops}, alone: true}
	}
	g := &together{}
	for _, o := range ops {
		i := slices.Index(g.lanes, o.Lane)
		if i < 0 {
			i = len(g.lanes)
			g.lanes = append(g.lanes, o.Lane)
			g.ops = append(g.ops, nil)
		}
		g.ops[i] = append(g.ops[i], o)
	}
	return g
}

// run takes every state through a group, and returns the states in which that ends.
func (f *Follower) run(ops []kind.Op, states []*state) []*state {
	begun := f.now
	for _, o := range ops {
		f.now += o.Moved()
	}
	if states[0].table != nil {
		for _, s := range states {
			f.mapStep(ops[0], s)
		}
		return states
	}
	g := newTogether(ops)
	f.branched = f.branched || !g.alone
	for _, s := range states {
		s.done, s.until = make([]uint8, len(g.lanes)), begun
		if !g.alone {
			f.beginTogether(g, s)
		}
	}
	return f.search(g, states)
}

func (f *Follower) mapStep(o kind.Op, s *state) {
	if o.Verb == kind.Advance {
		s.table.advance(s.table.now + o.Moved())
		return
	}
	for i := range f.kind.Range(o) { // one answer for each key of a range
		e := kind.Event{At: s.table.now, Source: kind.Source{Lane: o.Lane}}
		f.kind.Label(f.kind.Nth(o, i), &e)
		s.table.answer(&e)
		f.emit(s, e)
	}
}

// search follows all moves until nothing moves any more, and returns the states in which
// that ends.
func (f *Follower) search(g *together, states []*state) []*state {
	var settled []*state
	visited := map[string]bool{}
	again := func(key string) bool {
		was := visited[key]
		visited[key] = true
		return was
	}
	var buf [16]move
	for todo := slices.Clone(states); len(todo) > 0 && f.err == nil; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		ms := f.next(g, s, buf[:0])
		switch {
		case s.dead:
		case len(ms) == 0:
			f.showWaits(g, s)
			if !s.dead && !(f.branched && again("settled "+s.key())) {
				s.done, s.batcher.late.clock = nil, false
				settled = append(settled, s)
			}
		case len(ms) > 1 && again(s.key()):
		case len(visited) > f.most:
			f.err = fmt.Errorf("step %d: the model could be in more than %d states", f.step, f.most)
		default:
			f.branched = f.branched || len(ms) > 1
			for _, m := range ms[1:] {
				c := s.clone()
				todo = append(append(todo, f.make(g, c, m)...), c)
			}
			todo = append(append(todo, f.make(g, s, ms[0])...), s)
		}
	}
	return settled
}

// next lists what can happen next: nothing at the end.
func (f *Follower) next(g *together, s *state, ms []move) []move {
	b := s.batcher
	switch {
	case s.dead || b.crashed:
	case !g.alone:
		f.hasten(g, s)
		if !s.dead && !b.crashed {
			ms = s.groupMoves(g, f.now, ms)
		}
	case s.done[0] == 0:
		ms = append(ms, move{kind: beginCall})
	default:
		ms = b.moves(ms)
		if f.branched = f.branched || b.chose; len(ms) == 0 && !b.reached(f.now) {
			ms = append(ms, move{kind: moveTime})
		}
	}
	return ms
}

// make makes one move. The alternatives that it leaves open are returned.
func (f *Follower) make(g *together, s *state, m move) []*state {
	emit := func(e kind.Event) { f.emit(s, e) }
	switch {
	case m.kind == beginCall:
		return f.begin(g, s, m.index)
	case m.kind == moveTime && g.alone:
		s.batcher.advance(f.now, emit)
	case m.kind == moveTime:
		s.moveTime(g)
	default:
		b := s.batcher
		b.do(m, emit)
		// Where the order is known, what was queued otherwise is never delivered so.
		s.dead = s.dead || m.kind == sendItem && b.strays && b.queued <= len(b.order) && s.seen != nil && !s.seen.crashed
	}
	return nil
}

// begin begins the next operation of a lane of a group.
func (f *Follower) begin(g *together, s *state, i int) []*state {
	o, b := g.ops[i][s.done[i]], s.batcher
	s.done[i]++
	emit := func(e kind.Event) { f.emit(s, e) }
	switch {
	case o.Verb == spec.Close && len(b.senders) > maxTurnAway:
		f.err = fmt.Errorf("step %d: Close finds %d blocked Puts, the model follows %d", f.step, len(b.senders), maxTurnAway)
	case o.Lane != 0:
		var more []*state
		for _, alt := range b.call(o, emit) {
			c := s.clone()
			c.batcher = alt
			more = append(more, c)
			f.branched = true
		}
		return more
	case o.Verb == spec.Handler:
		b.mode, b.takes = o.Args[spec.ArgMode], o.D(spec.ArgTakes)
	case o.Verb == spec.Release:
		b.release(emit)
	}
	return nil
}

// showWaits shows the calls that have not returned at the end of a group, and skips what
// was to come after them.
func (f *Follower) showWaits(g *together, s *state) {
	if s.batcher.crashed {
		return
	}
	for i, lane := range g.lanes {
		if lane != 0 {
			s.batcher.waits(lane, func(e kind.Event) { f.emit(s, e) })
			f.skip(g, s, i)
		}
	}
}

// skip skips what is left of a lane's operations.
func (f *Follower) skip(g *together, s *state, i int) {
	for _, o := range g.ops[i][s.done[i]:] {
		f.emit(s, kind.Event{Source: kind.Source{Lane: o.Lane}, Verb: o.Verb, Outcome: kind.Skipped})
	}
	s.done[i] = uint8(len(g.ops[i]))
}

// state is one possible state and how much of the observation it has accounted for.
type state struct {
	batcher *batcher  // nil for a map
	table   *timedMap // nil for a batcher
	seen    *observed
	cursor  []int         // per source of seen: how many of its events are explained
	out     []kind.Event  // instead, if nothing is observed
	said    uint64        // a digest of out
	done    []uint8       // how many operations each lane of the group has begun
	until   time.Duration // in a group: how far the clock moves before it takes its next operation
	dead    bool
}

func (s *state) clone() *state {
	c := *s
	if s.batcher != nil {
		c.batcher = s.batcher.clone()
	} else {
		c.table = s.table.clone()
	}
	c.cursor, c.done, c.out = slices.Clone(s.cursor), slices.Clone(s.done), slices.Clone(s.out)
	return &c
}

// key is equal for states that are equal and have explained the same.
func (s *state) key() string {
	k := s.batcher.key(nil)
	for _, n := range s.cursor {
		k = append(k, byte(n), byte(n>>8))
	}
	k = binary.AppendVarint(append(k, s.done...), int64(s.until))
	return string(binary.BigEndian.AppendUint64(k, s.said))
}
