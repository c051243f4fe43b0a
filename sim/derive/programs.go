package derive

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// The programs are small: a few calls that set the scene, one group of two or three lanes with one
// to three calls each, and then calls that only look, so that what went wrong inside shows
// outside. Most faults need no more (Lu et al., "Learning from Mistakes", ASPLOS 2008), and of
// small programs a search can be whole.

// shapes are how many lanes there are and how many calls each makes at most: small ones
// first.
var shapes = [][2]int{{2, 1}, {2, 1}, {2, 2}, {3, 1}, {2, 2}, {3, 2}, {2, 3}, {3, 3}}

// A Source draws programs, each of which is another.
type Source struct {
	d    *Derived
	rng  *rand.Rand
	n    int
	seen map[string]bool
}

// Programs draws from a seed: the same one gives the same programs everywhere.
func (d *Derived) Programs(seed uint64) *Source {
	return &Source{d: d, rng: rand.New(rand.NewPCG(seed, 0)), seen: map[string]bool{}}
}

// Next draws a program that was not drawn before, nil if none is found.
func (s *Source) Next() *program.Program {
	for range 200 {
		shape := shapes[s.n%len(shapes)]
		if s.n >= 4*len(shapes) { // by then the small ones have had their turn
			shape = shapes[s.rng.IntN(len(shapes))]
		}
		lanes := min(shape[0], cmp.Or(s.d.opts.Lanes, 3))
		alone := s.sequential(lanes)
		if !alone {
			s.n++
		}
		p := s.program(lanes, min(shape[1], cmp.Or(s.d.opts.Calls, 3)), alone)
		if text := p.String(); len(p.Ops) > 0 && p.Validate() == nil && !s.seen[text] {
			s.seen[text] = true
			return p
		}
	}
	return nil
}

// draft is a program that is being drawn.
type draft struct {
	*Source
	p     *program.Program
	lanes int
	words int // how much of each domain is drawn from: the simplest, a few, or all
	verbs []kind.Verb
	group int // where the group begins that is being drawn, -1 if none is
}

func (s *Source) program(lanes, calls int, alone bool) *program.Program {
	d := &draft{Source: s, group: -1, p: &program.Program{Kind: s.d.Kind}, lanes: lanes}
	d.words = kind.Pick(s.rng, 1, 2, 2, 3, 5, 100)
	d.swarm()
	if alone {
		d.alone()
		return d.p
	}
	d.scene(s.rng.IntN(4))
	d.passTime()
	d.invariant()
	d.together(calls)
	d.group = -1
	d.passTime()
	d.invariant()
	d.look()
	return d.p
}

// swarm chooses which operations this program has: all, or some. Those that end the component
// are there now and then.
func (d *draft) swarm() {
	all := d.rng.IntN(3) == 0
	for v := 1; v < len(d.d.methods); v++ {
		m := &d.d.methods[v]
		if (m.own == nil || m.drawn) && !m.once && !m.last && (all || d.rng.IntN(2) == 0) {
			d.verbs = append(d.verbs, kind.Verb(v))
		}
	}
	for len(d.verbs) == 0 {
		if v := 1 + d.rng.IntN(len(d.d.methods)-1); d.d.methods[v].own == nil {
			d.verbs = append(d.verbs, kind.Verb(v))
		}
	}
}

// add adds a call, if it is one that may be made there.
func (d *draft) add(v kind.Verb, lane int, and bool) bool {
	m := &d.d.methods[v]
	if m.lane > 0 {
		lane = m.lane - 1
	}
	if (m.once || m.last) && slices.ContainsFunc(d.p.Ops, func(o kind.Op) bool { return o.Verb == v }) {
		return false
	}
	o := kind.Op{Verb: v, Lane: 'a' + byte(lane), And: and}
	switch {
	case m.uses != nil:
		list := d.usable(m, d.handles(o.Lane, m.uses), o.Lane)
		if len(list) == 0 {
			return false
		}
		o.Args[0] = kind.Pick(d.rng, list...)
	case m.unlocks != "":
		list := d.toUnlock(m.unlocks, o.Lane)
		if len(list) > 0 {
			o.Args = kind.Pick(d.rng, list...)
			d.p.Ops = append(d.p.Ops, o)
		}
		return len(list) > 0
	case m.drawn && !slices.ContainsFunc(d.p.Ops, func(o kind.Op) bool { return d.isFor(v, o) }):
		return false
	}
	for n, slot := range m.slots {
		if n == 0 && m.of != nil {
			continue
		}
		if m.index >= 0 && n < m.typ.NumIn() && d.d.objects[m.typ.In(n)] {
			list := d.unused(d.handles(o.Lane, func(t reflect.Type) bool { return isObject(t, m.typ.In(n)) }))
			if len(list) == 0 {
				return false
			}
			o.Args[n] = kind.Pick(d.rng, list...)
			continue
		}
		o.Args[n] = int64(d.rng.IntN(min(d.words, len(slot))))
		if d.rng.IntN(12) == 0 {
			o.Args[n] = int64(d.rng.IntN(len(slot)))
		}
	}
	d.p.Ops = append(d.p.Ops, o)
	return true
}

// handles are those that a lane can use: its own, and those that others had before the group.
func (d *draft) handles(lane byte, fits func(reflect.Type) bool) (list []int64) {
	var had [handleLanes]int
	for at, o := range d.p.Ops {
		l := int(o.Lane) - 'a'
		for _, t := range d.d.methods[o.Verb].gives {
			if l >= handleLanes || had[l] == handles {
				break
			}
			if fits(t) && (o.Lane == lane || at < d.group || d.group < 0) {
				list = append(list, int64(l*handles+had[l]))
			}
			had[l]++
		}
	}
	return list
}

// unused are the objects that no call has taken yet: who gives one back has it no more.
func (d *draft) unused(list []int64) []int64 {
	return slices.DeleteFunc(list, func(h int64) bool {
		return slices.ContainsFunc(d.p.Ops, func(o kind.Op) bool {
			m := &d.d.methods[o.Verb]
			for n := range m.slots {
				if m.index >= 0 && n < m.typ.NumIn() && d.d.objects[m.typ.In(n)] && o.Args[n] == h {
					return true
				}
			}
			return false
		})
	})
}

// isFor reports whether an operation is what another is there for: a call whose context is to be
// cancelled, or whose callback waits.
func (d *draft) isFor(v kind.Verb, o kind.Op) bool {
	return d.d.takes(o, map[string]string{"cancel": "ctx1", "release": "f" + waiting}[d.d.methods[v].name])
}

// together adds operations that run together: of each lane one to calls. In the text those of
// the lanes alternate.
func (d *draft) together(calls int) {
	and, lanes := false, d.lanes
	moves := d.d.moves() && d.rng.IntN(d.d.seldom()) == 0
	if moves && !d.d.opts.Original { // one whose calls are not interrupted cannot have time pass in two at once
		lanes = 1
	}
	d.group = len(d.p.Ops)
	ends := d.endings()
	for round := range calls {
		for lane := range lanes {
			if round > 0 && d.rng.IntN(4) == 0 {
				continue
			}
			v := kind.Pick(d.rng, d.verbs...)
			if m := &d.d.methods[v]; m.apart || m.lane > 0 && m.lane != lane+1 {
				continue
			}
			if len(ends) > 0 && lane == lanes-1 && round == calls-1 {
				v = ends[0]
			}
			and = d.add(v, lane, and) || and
		}
	}
	d.beside(ends, lanes, calls)
	if moves && and {
		d.p.Ops = append(d.p.Ops, d.move(true))
	}
}

// beside has a second lane end the component as well now and then, beside the one that does: who
// asks first whether it has ended, and ends it then, is wrong there.
func (d *draft) beside(ends []kind.Verb, lanes, calls int) {
	last := len(d.p.Ops) - 1
	if len(ends) == 0 || lanes < 2 || last < d.group || d.p.Ops[last].Verb != ends[0] {
		return
	}
	m := &d.d.methods[ends[0]]
	if !m.closes || m.last || m.lane > 0 || slices.Contains(d.d.opts.Once, m.name) || d.rng.IntN(3) > 0 {
		return
	}
	o := d.p.Ops[last]
	o.Lane, o.And = 'a'+(o.Lane-'a'+1)%byte(lanes), true
	for _, other := range d.p.Ops[d.group:] {
		if other.Lane == o.Lane && other.Verb != kind.Advance {
			calls--
		}
	}
	if calls <= 0 {
		return
	}
	d.p.Ops = append(d.p.Ops, o)
}

// endings is a call that is made once in this program, if there is to be one.
func (d *draft) endings() (list []kind.Verb) {
	for v := range d.d.methods {
		if m := &d.d.methods[v]; (m.once || m.last) && d.rng.IntN(4) == 0 {
			return []kind.Verb{kind.Verb(v)}
		}
	}
	return nil
}

// last reports whether something was called after which nothing is.
func (d *draft) last() bool {
	return slices.ContainsFunc(d.p.Ops, func(o kind.Op) bool { return d.d.methods[o.Verb].last })
}

// over reports whether no more than looking makes sense: without an original nobody says what becomes of
// a component that was ended.
func (d *draft) over() bool {
	return d.last() || !d.d.opts.Original &&
		slices.ContainsFunc(d.p.Ops, func(o kind.Op) bool { return d.d.methods[o.Verb].closes })
}

// look adds calls that only look, or, of a component that has none, any.
func (d *draft) look() {
	lane := d.rng.IntN(d.lanes)
	looked := false
	for v := range d.d.Kind.Ops {
		if d.d.Kind.Ops[v].Looks && !d.last() && d.rng.IntN(3) > 0 {
			d.add(kind.Verb(v), lane, false)
			looked = true
		}
	}
	for range d.rng.IntN(3) {
		if over := d.over(); !over && (!looked || d.rng.IntN(3) == 0) {
			d.add(kind.Pick(d.rng, d.verbs...), lane, false)
		}
	}
}

// invariant asks for the invariant, if there is one.
func (d *draft) invariant() {
	if v := d.d.verb("invariant"); v > 0 {
		d.p.Ops = append(d.p.Ops, kind.Op{Verb: v})
	}
}
