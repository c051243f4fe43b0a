package model

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// maxStates bounds how many states are followed at once. A program that leads to
// more is too wild to be judged, which is the lab's limit and nobody's violation.
const maxStates = 20_000

// Follower follows a program through the model, in every state that agrees with
// what has been observed. The zero Follower is not usable; call Follow.
type Follower struct {
	states   []*state
	step     int
	now      time.Duration
	branched bool
	stamps   bool // what happens in a step is shown with the time of its end
	most     int  // states followed at once
	err      error
}

// state is one possible state and how much of the observation it has accounted for.
type state struct {
	batcher *Batcher // nil for a map
	table   *Map     // nil for a batcher
	seen    *observed
	cursor  []int           // per group of seen: how many of its events are explained
	out     []subject.Event // instead, if nothing is observed
	said    uint64          // a digest of out
	begun   bool            // the operation itself has been applied
	done    []uint8         // in a group: how many operations each lane has begun
	until   time.Duration   // in a group: how far the clock moves before it takes its next operation
	dead    bool
}

// observed is what was seen in one step, by source.
type observed struct {
	keys    []groupKey // of the groups, in order of appearance: there are few
	events  [][]subject.Event
	crashed bool
}

// Follow returns a Follower at the beginning of a program.
//
// The whole history, if it is known, saves work and changes no answer: where several
// clients put at one instant, the order in which foreground handlers later got the
// items is the order in which they were queued, and need not be guessed.
func Follow(p *program.Program, history []subject.Event) *Follower {
	c := p.Config
	s := &state{}
	switch p.Kind {
	case program.KindDedup:
		s.table = NewMap(subject.MapConfig{Bucket: c.Bucket, Buckets: c.Buckets}, c.Epoch)
	case program.KindDedupBatcher:
		window := NewMap(subject.MapConfig{Bucket: subject.DedupBucket, Buckets: subject.DedupBuckets}, c.Epoch)
		s.batcher = NewBatcher(subject.BatcherConfig{Size: c.Size, Timeout: c.Timeout, Background: c.Background}, window)
	default:
		s.batcher = NewBatcher(subject.BatcherConfig{Size: c.Size, Timeout: c.Timeout, Background: c.Background}, nil)
	}
	if s.batcher != nil && !c.Background {
		for _, e := range history {
			if e.Verb == subject.Begin {
				s.batcher.order = append(s.batcher.order, e.Items...)
			}
		}
	}
	if s.batcher != nil {
		s.batcher.late.keeps = movesTogether(p.Ops)
	}
	return &Follower{states: []*state{s}, most: maxStates}
}

// Branched reports whether the model had a choice at some point so far. If not,
// there is exactly one history.
func (f *Follower) Branched() bool { return f.branched }

// Err reports that the model itself gave up: more states than it follows.
func (f *Follower) Err() error { return f.err }

// Step follows one operation during which the given events were seen, in canonical
// order. It reports whether the specification allows that. After a false, use a new
// Follower.
func (f *Follower) Step(o program.Op, seen []subject.Event) bool {
	f.step++
	obs := group(seen)
	for _, s := range f.states {
		s.seen = obs
		s.cursor = append(s.cursor[:0], make([]int, len(obs.events))...)
	}
	f.states = f.run(o, f.states)
	alive := f.states[:0]
	for _, s := range f.states {
		if s.complete() {
			alive = append(alive, s)
		}
	}
	f.states = alive
	return len(alive) > 0 && f.err == nil
}

// Outcomes returns what may be seen during an operation, each alternative in
// canonical order, at most limit of them, and not all if there are very many. The
// Follower stays where it is.
func (f *Follower) Outcomes(o program.Op, limit int) [][]subject.Event {
	free := &Follower{step: f.step + 1, most: 1000 + 4*limit}
	var outs [][]subject.Event
	for _, s := range f.states {
		c := s.clone()
		c.seen, c.out, c.said = nil, nil, 0
		free.now = f.now
		for _, r := range free.run(o, []*state{c}) {
			if len(outs) == limit {
				return outs
			}
			outs = append(outs, Canonical(r.out))
		}
	}
	f.branched = f.branched || free.branched || len(outs) > 1
	return outs
}

// Advance follows an operation with nothing observed: every outcome is kept.
func (f *Follower) Advance(o program.Op) {
	f.step++
	for _, s := range f.states {
		s.seen, s.out, s.said = nil, nil, 0
	}
	f.states = f.run(o, f.states)
}

// groupKey tells apart what has an order of its own. The events of one source have,
// but for those of handlers that cannot be told apart.
type groupKey struct {
	source subject.Source
	verb   subject.Verb
}

func keyOf(e subject.Event) groupKey {
	k := groupKey{source: e.Source}
	if e.Source.Anonymous() {
		k.verb = e.Verb
	}
	return k
}

func group(events []subject.Event) *observed {
	g := &observed{}
	for n, e := range events {
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
			g.events[i] = append(g.events[i], e)
		}
		g.crashed = g.crashed || e.Verb == subject.Crash
	}
	return g
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
func (f *Follower) emit(s *state, e subject.Event) {
	e.Step = f.step
	if f.stamps {
		e.At = f.now
	}
	if s.seen == nil {
		s.say(e)
		return
	}
	if s.seen.crashed { // what else happened in the step of a crash is lost with it
		return
	}
	i := slices.Index(s.seen.keys, keyOf(e))
	if i < 0 || s.cursor[i] >= len(s.seen.events[i]) || !e.Same(s.seen.events[i][s.cursor[i]]) {
		s.dead = true
		return
	}
	s.cursor[i]++
}

// say adds an event to what may be seen. The events of one source have an order, those
// of several do not: said is the same however they are mixed, and other for others, but
// for a chance of one in 2^64.
func (s *state) say(e subject.Event) {
	nth := 0
	for _, o := range s.out {
		if o.Source == e.Source {
			nth++
		}
	}
	var buf [64]byte
	k := append(buf[:0], e.Source.Lane, byte(e.Verb), byte(e.Outcome))
	for _, n := range []int64{int64(nth), int64(e.At), int64(e.Key), int64(e.Value)} {
		k = binary.AppendVarint(k, n)
	}
	k = appendItems(appendItems(k, []subject.ItemID{e.Source.Head}), e.Items)
	h := fnv.New64a()
	h.Write(k)
	s.said += h.Sum64()
	s.out = append(s.out, e)
}

// run does an operation in every state, follows all moves until nothing moves, and
// returns the states in which that ends.
func (f *Follower) run(o program.Op, states []*state) []*state {
	if o.Verb == program.Advance {
		f.now += o.D
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

func (f *Follower) mapStep(o program.Op, s *state) {
	if o.Verb == program.Advance {
		s.table.advance(s.table.now + o.D)
		return
	}
	f.emit(s, s.table.call(o))
}

// begin applies the operation itself. States that it returns have been begun.
func (f *Follower) begin(o program.Op, s *state) []*state {
	b := s.batcher
	switch {
	case s.begun:
		return nil
	case o.Verb == program.Close && len(b.senders) > maxTurnAway:
		f.err = fmt.Errorf("step %d: Close finds %d blocked Puts, the model follows %d", f.step, len(b.senders), maxTurnAway)
		return nil
	case o.Lane != 0:
		alts := b.call(o, func(e subject.Event) { f.emit(s, e) })
		var more []*state
		for _, alt := range alts {
			c := s.clone()
			c.batcher, c.begun = alt, true
			more = append(more, c)
			f.branched = true
		}
		return more
	case o.Verb == program.Handler:
		b.mode, b.takes = o.Mode, o.D
	case o.Verb == program.Release:
		b.release(func(e subject.Event) { f.emit(s, e) })
	}
	return nil
}

// settle follows a state until nothing moves by itself and, when time moves, until
// the operation's time is over.
func (f *Follower) settle(o program.Op, s *state, settled []*state, visited map[string]bool) []*state {
	todo := []*state{s}
	var buf [8]move
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		emit := func(e subject.Event) { f.emit(s, e) }
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
					c.batcher.do(m, func(e subject.Event) { f.emit(c, e) })
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
func (f *Follower) keep(o program.Op, s *state, settled []*state, visited map[string]bool) []*state {
	s.batcher.waits(o, func(e subject.Event) { f.emit(s, e) })
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
	c.out = append([]subject.Event(nil), s.out...)
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

// Canonical sorts the events of one step: by time, then by source, keeping the
// order within a source.
func Canonical(events []subject.Event) []subject.Event {
	slices.SortStableFunc(events, subject.Event.Compare)
	return events
}
