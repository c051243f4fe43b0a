package model

import (
	"encoding/binary"
	"fmt"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// run does an operation in every state, follows all moves until nothing moves, and
// returns the states in which that ends.
func (f *Follower) run(o kind.Op, states []*state) []*state {
	if o.Verb == kind.Advance {
		f.now += o.Moved()
	}
	if states[0].table != nil {
		for _, s := range states {
			f.mapStep(o, s)
		}
		return states
	}
	var settled []*state
	visited := map[string]bool{}
	for len(states) > 0 {
		s := states[len(states)-1]
		states = append(states[:len(states)-1], f.begin(o, s)...)
		settled = f.settle(o, s, settled, visited)
		if f.err != nil {
			break
		}
	}
	return settled
}

func (f *Follower) mapStep(o kind.Op, s *state) {
	if o.Verb == kind.Advance {
		s.table.advance(s.table.now + o.Moved())
		return
	}
	for e := range s.table.call(o) {
		f.emit(s, e)
	}
}

// begin applies the operation itself. States that it returns have been begun.
func (f *Follower) begin(o kind.Op, s *state) []*state {
	b := s.batcher
	switch {
	case s.begun:
		return nil
	case o.Verb == spec.Close && len(b.senders) > maxTurnAway:
		f.err = fmt.Errorf("step %d: Close finds %d blocked Puts, the model follows %d", f.step, len(b.senders), maxTurnAway)
		return nil
	case o.Lane != 0:
		alts := b.call(o, func(e kind.Event) { f.emit(s, e) })
		var more []*state
		for _, alt := range alts {
			c := s.clone()
			c.batcher, c.begun = alt, true
			more = append(more, c)
			f.branched = true
		}
		return more
	case o.Verb == spec.Handler:
		b.mode, b.takes = o.Args[spec.ArgMode], o.D(spec.ArgTakes)
	case o.Verb == spec.Release:
		b.release(func(e kind.Event) { f.emit(s, e) })
	}
	return nil
}

// settle follows a state until nothing moves by itself and, when time moves, until
// the operation's time is over.
func (f *Follower) settle(o kind.Op, s *state, settled []*state, visited map[string]bool) []*state {
	todo := []*state{s}
	var buf [8]move
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		emit := func(e kind.Event) { f.emit(s, e) }
		for !s.dead {
			ms := s.batcher.moves(buf[:0])
			f.branched = f.branched || s.batcher.chose
			if len(ms) > 1 {
				f.branched = true
				if visited[s.key()] {
					s.dead = true
					break
				}
				visited[s.key()] = true
				for _, m := range ms[1:] {
					c := s.clone()
					c.batcher.do(m, func(e kind.Event) { f.emit(c, e) })
					todo = append(todo, c)
				}
				if len(visited) > f.most {
					f.err = fmt.Errorf("step %d: the model could be in more than %d states", f.step, f.most)
					return settled
				}
			}
			switch {
			case len(ms) > 0:
				s.batcher.do(ms[0], emit)
			case s.batcher.crashed || s.batcher.reached(f.now):
				settled = f.keep(o, s, settled, visited)
				emit = nil
			default:
				s.batcher.advance(f.now, emit)
			}
			if emit == nil {
				break
			}
		}
	}
	return settled
}

// keep adds a settled state unless an equal one is there.
func (f *Follower) keep(o kind.Op, s *state, settled []*state, visited map[string]bool) []*state {
	s.batcher.waits(o, func(e kind.Event) { f.emit(s, e) })
	if s.dead {
		return settled
	}
	s.begun = false
	if f.branched {
		k := "settled " + s.key()
		if visited[k] {
			return settled
		}
		visited[k] = true
	}
	return append(settled, s)
}

func (s *state) clone() *state {
	c := *s
	if s.batcher != nil {
		c.batcher = s.batcher.clone()
	} else {
		c.table = s.table.clone()
	}
	c.cursor = append([]int(nil), s.cursor...)
	c.done = append([]uint8(nil), s.done...)
	c.out = append([]kind.Event(nil), s.out...)
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
