package program

import (
	"slices"
	"time"
)

// Shrink looks for a simpler program for which fails is still true: fewer
// operations, fewer lanes, fewer items, rounder times, shorter names, fewer that run
// together, in this order of importance. It calls fails at most budget times and returns the simplest
// program that failed, p itself if none did.
//
// What fails means is the caller's business; "breaks the same law in the same
// subject" keeps a shrink from sliding to another fault.
func Shrink(p *Program, fails func(*Program) bool, budget int) *Program {
	s := &shrinker{best: p.Bare(), fails: fails, budget: budget, tried: map[string]bool{}}
	for {
		before := s.best.String()
		s.dropOps()
		for _, simplify := range []func(){s.lanes, s.config, s.gather, s.counts, s.times, s.names, s.modes, s.marks} {
			simplify()
		}
		if s.best.String() == before || s.budget <= 0 {
			return s.best
		}
	}
}

type shrinker struct {
	best   *Program
	fails  func(*Program) bool
	budget int
	tried  map[string]bool
}

// try makes q the best if it is simpler and still fails.
func (s *shrinker) try(q *Program) bool {
	if s.budget <= 0 || !simpler(q, s.best) || q.Validate() != nil {
		return false
	}
	text := q.String()
	if s.tried[text] {
		return false
	}
	s.tried[text] = true
	s.budget--
	if !s.fails(q) {
		return false
	}
	s.best = q
	return true
}

// edit tries a changed copy of the best program.
func (s *shrinker) edit(change func(*Program)) bool {
	q := s.best.Bare()
	change(q)
	return s.try(q)
}

// simpler is the order in which programs are preferred.
func simpler(q, p *Program) bool {
	a, b := measure(q), measure(p)
	if c := slices.Compare(a[:], b[:]); c != 0 {
		return c < 0
	}
	return q.String() < p.String()
}

// measure is what simpler compares, most important first.
func measure(p *Program) [6]int {
	items, durations, background := 0, 0, 0
	if p.Config.Background {
		background = 1
	}
	for _, o := range p.Ops {
		items += o.N
		if o.D > 0 {
			durations += len(durationText(o.D))
		}
	}
	text := len(p.String())
	return [6]int{len(p.Ops), len(p.Lanes()), items + p.Config.Size, durations, background, text}
}

// dropOps removes runs of operations, long ones first (Zeller and Hildebrandt,
// "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002).
func (s *shrinker) dropOps() {
	for n := max(len(s.best.Ops)/2, 1); n >= 1; n /= 2 {
		for at := len(s.best.Ops) - n; at >= 0; at -= n {
			end := min(at+n, len(s.best.Ops))
			s.edit(func(q *Program) { q.cut(at, end) })
		}
	}
}

// lanes merges each lane into an earlier one, and closes gaps between letters.
func (s *shrinker) lanes() {
	lanes := s.best.Lanes()
	for i := len(lanes) - 1; i > 0; i-- {
		for _, to := range lanes[:i] {
			if s.edit(func(q *Program) { rename(q, lanes[i], to) }) {
				break
			}
		}
	}
	s.edit(func(q *Program) {
		for i, l := range q.Lanes() {
			rename(q, l, byte('a'+i))
		}
	})
}

func rename(q *Program, from, to byte) {
	for i := range q.Ops {
		if q.Ops[i].Lane == from {
			q.Ops[i].Lane = to
		}
	}
}

// config simplifies the configuration and moves everything that was at one of its
// boundaries along: 64*size+1 items stay 64*size+1 items.
func (s *shrinker) config() {
	s.edit(func(q *Program) { q.Config.Epoch = 0 })
	if HasBatcher(s.best.Kind) {
		for _, size := range []int{1, 2, 3, 4, s.best.Config.Size / 2} {
			if size > 0 && size < s.best.Config.Size && (s.edit(func(q *Program) { resize(q, size) }) || s.edit(func(q *Program) { q.Config.Size = size })) {
				break
			}
		}
		for _, d := range []time.Duration{10 * time.Millisecond, time.Second} {
			if s.edit(func(q *Program) { retime(q, q.Config.Timeout, d); q.Config.Timeout = d }) {
				break
			}
		}
		s.edit(func(q *Program) { q.Config.Background = false })
		return
	}
	for _, n := range []int{1, 2, 3} {
		if n < s.best.Config.Buckets && s.edit(func(q *Program) { q.Config.Buckets = n }) {
			break
		}
	}
	s.edit(func(q *Program) { retime(q, q.Config.Bucket, time.Second); q.Config.Bucket = time.Second })
}

func resize(q *Program, size int) {
	old := q.Config.Size
	for i, o := range q.Ops {
		if times := (o.N + old/2) / old; o.Verb == Put && times > 0 {
			q.Ops[i].N = max(times*size+o.N-times*old, 1)
		}
	}
	q.Config.Size = size
}

func retime(q *Program, from, to time.Duration) {
	for i, o := range q.Ops {
		if o.D == 0 {
			continue
		}
		times := (o.D + from/2) / from
		if off := o.D - times*from; times > 0 && off.Abs() < 10 {
			q.Ops[i].D = times*to + off
		} else {
			q.Ops[i].D = max(time.Duration(float64(o.D)/float64(from)*float64(to)), 1)
		}
	}
}

// gather makes one put of two.
func (s *shrinker) gather() {
	for i := 0; i < len(s.best.Ops); i++ {
		for j := i + 1; j < len(s.best.Ops); j++ {
			a, b := s.best.Ops[i], s.best.Ops[j]
			if b.Verb != Put || a.Verb != Put || a.Lane != b.Lane || a.Key != b.Key || a.Nil != b.Nil {
				continue
			}
			if !s.edit(func(q *Program) { q.Ops[i].N += b.N; q.cut(j, j+1) }) {
				s.edit(func(q *Program) { q.Ops[j].N += a.N; q.cut(i, i+1) })
			}
			break // the next put after i was tried; those after it come with their own i
		}
	}
}

// counts puts fewer items.
func (s *shrinker) counts() {
	for i := range s.best.Ops {
		for s.best.Ops[i].N > 1 {
			n := s.best.Ops[i].N
			if !s.edit(func(q *Program) { q.Ops[i].N = 1 }) &&
				!s.edit(func(q *Program) { q.Ops[i].N = n / 2 }) &&
				!s.edit(func(q *Program) { q.Ops[i].N = n - 1 }) {
				break
			}
		}
	}
}

// times makes durations rounder: boundaries of the configuration, fewer digits.
func (s *shrinker) times() {
	c := s.best.Config
	for i := range s.best.Ops {
		d := s.best.Ops[i].D
		if d == 0 {
			continue
		}
		candidates := []time.Duration{time.Second, time.Millisecond, 10 * time.Millisecond, c.Timeout, c.Bucket, 2 * c.Bucket, c.Timeout / 2, c.Bucket / 2}
		for unit := time.Hour; unit >= 1; unit /= 10 {
			candidates = append(candidates, d.Truncate(unit), d.Truncate(unit)+unit)
		}
		for _, want := range candidates {
			if want > 0 && len(durationText(want)) < len(durationText(s.best.Ops[i].D)) {
				s.edit(func(q *Program) { q.Ops[i].D = want })
			}
		}
	}
	for i := range s.best.Ops { // two steps of time in a row are one
		if i+1 < len(s.best.Ops) && s.best.Ops[i].Verb == Advance && s.best.Ops[i+1].Verb == Advance {
			if !s.edit(func(q *Program) { q.Ops[i].D += q.Ops[i+1].D; q.cut(i+1, i+2) }) && len(s.best.Ops) > i+2 && s.best.Ops[i+2].And {
				s.edit(func(q *Program) { q.Ops[i+1].D += q.Ops[i].D; q.cut(i, i+1) }) // the later one heads a group
			}
		}
	}
}

// names gives keys and values the smallest numbers, in order of appearance.
func (s *shrinker) names() {
	s.edit(func(q *Program) {
		keys := map[int]int{}
		for i, o := range q.Ops {
			if !o.hasKey(q.Kind) {
				continue
			}
			if _, ok := keys[o.Key]; !ok {
				keys[o.Key] = len(keys) + 1
			}
			q.Ops[i].Key = keys[o.Key]
		}
	})
	for i := range s.best.Ops {
		if s.best.Ops[i].Value > 1 {
			s.edit(func(q *Program) { q.Ops[i].Value = 1 })
		}
	}
}

// marks lets operations run one after another again. A schedule stays as it is: whoever
// replays it has to put up with decisions that are not asked for.
func (s *shrinker) marks() {
	for i := range s.best.Ops {
		if s.best.Ops[i].And {
			s.edit(func(q *Program) { q.Ops[i].And = false })
		}
	}
}

// modes simplifies what handlers do.
func (s *shrinker) modes() {
	for i := range s.best.Ops {
		switch o := s.best.Ops[i]; {
		case o.Nil:
			s.edit(func(q *Program) { q.Ops[i].Nil = false })
		case o.Verb == Handler && o.Mode != Returns:
			s.edit(func(q *Program) { q.Ops[i] = Op{Verb: Handler, Mode: Returns} })
		}
	}
}
