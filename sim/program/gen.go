package program

import (
	"math"
	"math/rand/v2"
	"time"

	"batchlab/sim/kind"
)

// Generate draws a program of about n operations for a kind of subject. The same
// source of numbers gives the same program on every machine.
//
// Generation is a swarm (Groce et al., "Swarm Testing", ISSTA 2012): each program
// switches some operations off and weights the rest wildly, so that a long run of
// one kind of operation, which an even mix would never have, is common. Durations
// are drawn at and around the boundaries of the settings: d-1ns, d, d+1ns. Names are few
// in most programs, many in some, hundreds in those with ranges (k1..k600), and the least
// and the greatest are met now and then in all.
func Generate(rng *rand.Rand, k *kind.Kind, n int) *Program {
	g := newGenerator(rng, k, false)
	g.swarm()
	g.timers += g.budget.total() // act 2 comes on top
	for range n {
		if o, ok := g.op(); ok {
			g.add(o)
		}
	}
	if k.Tame != nil && !g.p.Wild() {
		g.p.Ops = k.Tame(g.p.Config, g.p.Ops)
	}
	return g.p
}

// The generator stays far below the limits of a seed file: many short programs
// find more than a few long ones.
const genLanes = 4

type generator struct {
	kind.Shape
	kind    *kind.Kind
	p       *Program
	budget  *budget
	timers  int64 // how many may fire
	weights []float64
	beside  []kind.Verb // what runs together, as often as it is drawn
	total   float64
	ranges  bool // some operations are on a range of names
}

// One of rangeOdds programs has ranges, of at most maxNames names: more than most tables,
// filters and batches of a component are made for at first.
const (
	rangeOdds = 40
	maxNames  = 700
)

func newGenerator(rng *rand.Rand, k *kind.Kind, small bool) *generator {
	g := &generator{kind: k, p: &Program{Kind: k}, Shape: kind.Shape{Rand: rng, Small: small, Uses: map[kind.Verb]uint{}}}
	g.settings()
	g.effort()
	if small {
		g.Lanes, g.Names, g.Hot = 2+rng.IntN(2), 1+rng.IntN(2), 1
	} else {
		g.Lanes, g.Names, g.Hot = 1+rng.IntN(genLanes), 1+rng.IntN(4), rng.Float64()
		g.ranges = rng.IntN(rangeOdds) == 0
	}
	if k.Shape != nil {
		k.Shape(rng, &g.Shape)
	}
	g.words()
	g.p.Config = g.Config
	g.budget = newBudget(g.p)
	g.timers = g.Timers
	return g
}

// settings draws the settings, and when the program begins.
func (g *generator) settings() {
	rng := g.Rand
	g.Config.Epoch = kind.Pick(rng, 0, 0, -time.Duration(rng.Int64N(int64(1000*time.Hour))), year2026,
		year2026+time.Duration(rng.Int64N(int64(time.Hour))))
	for i := range g.kind.Settings {
		s := &g.kind.Settings[i]
		v := &g.Config.Values[i]
		switch {
		case s.Form == kind.Choice:
			*v = int64(rng.IntN(len(s.Words)))
		case g.Small && s.Small != nil:
			*v = kind.Pick(rng, s.Small...)
		case s.Draw != nil:
			*v = s.Draw(rng)
		default:
			*v = kind.Pick(rng, s.Draws...)
		}
		if s.Form == kind.Duration {
			g.Marks = append(g.Marks, time.Duration(*v), max(time.Duration(*v)/2, 1))
		}
	}
	if g.kind.Marks != nil {
		g.Marks = g.kind.Marks(g.Config)
	}
	if len(g.Marks) == 0 {
		g.Marks = []time.Duration{time.Millisecond, time.Second}
	}
}

// effort says how much a program may cost: most of them little, some a lot.
func (g *generator) effort() {
	rng := g.Rand
	if g.Small {
		g.Timers, g.Most = kind.Pick[int64](rng, 5, 15, 40), 6
		return
	}
	g.Timers = kind.Pick[int64](rng, 10, 15, 20, 60)
	g.Most = kind.Pick(rng, 20, 40, 80, 150)
	if rng.IntN(300) == 0 {
		g.Timers = 3_000
	}
	if rng.IntN(100) == 0 {
		g.Most = 2_000
	}
}

// words chooses which words the choices of this program are made of: all common ones or
// one of them, and now and then a rare one.
func (g *generator) words() {
	for v, op := range g.kind.Ops {
		for _, p := range op.Params {
			if p.Form != kind.Choice {
				continue
			}
			var common []int
			for i, w := range p.Words {
				if w.Odds == 0 {
					common = append(common, i)
				}
			}
			if !g.Small && g.Rand.IntN(2) == 0 {
				common = []int{kind.Pick(g.Rand, common...)}
			}
			for _, i := range common {
				g.Uses[kind.Verb(v)] |= 1 << i
			}
			for i, w := range p.Words {
				if w.Odds > 0 && !(g.Small && w.Alone) && g.Rand.IntN(w.Odds) == 0 {
					g.Uses[kind.Verb(v)] |= 1 << i
					break
				}
			}
		}
	}
}

// swarm chooses which operations this program has, and how much of each.
func (g *generator) swarm() {
	g.weights = make([]float64, len(g.kind.Ops))
	for v, op := range g.kind.Ops {
		if !op.Always && g.Rand.IntN(4) == 0 {
			continue
		}
		g.weights[v] = math.Exp(4 * g.Rand.Float64())
		if op.Rare {
			g.weights[v] /= 30 // what comes after is soon told
		}
		g.total += g.weights[v]
	}
}

// op draws an operation.
func (g *generator) op() (Op, bool) {
	at := g.Rand.Float64() * g.total
	v := 0
	for v < len(g.weights)-1 && at >= g.weights[v] {
		at -= g.weights[v]
		v++
	}
	return g.draw(kind.Verb(v), byte('a'+g.Rand.IntN(g.Lanes)))
}

// draw draws the arguments of an operation, and reports whether it fits.
func (g *generator) draw(v kind.Verb, lane byte) (Op, bool) {
	o := Op{Verb: v}
	op := &g.kind.Ops[v]
	if op.Lane {
		o.Lane = lane
	}
	for i := range op.Params {
		if p := &op.Params[i]; p.There(o.Args) && !op.Hidden(i) {
			if o.Args[i] = g.arg(o, i); p.More > 0 && g.ranges {
				o.Args[p.More] = g.more(p, o.Args[i])
			}
		}
	}
	return o, fault(g.kind, o) == ""
}

// arg draws one argument.
func (g *generator) arg(o Op, i int) int64 {
	op := &g.kind.Ops[o.Verb]
	p := &op.Params[i]
	switch {
	case p.Draw != nil:
		v := p.Draw(&g.Shape)
		if p.Form == kind.Count && op.Hands {
			v = min(v, int64(g.Most-g.Items))
		}
		return v
	case p.Form == kind.Duration:
		return int64(min(g.duration(), g.budget.room(g.timers), time.Duration(p.Max)))
	case p.Form == kind.Choice:
		return g.word(o.Verb, p)
	case p.Form == kind.Count:
		return min(1+g.Rand.Int64N(4), int64(g.Most-g.Items))
	case p.NoName != "" || p.Nil && g.Rand.IntN(20) == 0:
		if p.NoName != "" && g.Rand.IntN(20) != 0 {
			return p.Default
		}
		return kind.NilArg
	}
	return g.name(p)
}

func (g *generator) word(v kind.Verb, p *kind.Param) int64 {
	var list []int64
	for i := range p.Words {
		if g.Uses[v]>>i&1 == 1 {
			list = append(list, int64(i))
		}
	}
	return kind.Pick(g.Rand, list...)
}

// name draws a name: one of few, or of many, or the least or greatest.
func (g *generator) name(p *kind.Param) int64 {
	span := p.Max - p.Min + 1
	switch {
	case p.Draw == nil && g.Rand.IntN(50) == 0:
		return kind.Pick(g.Rand, p.Min, p.Max, p.Max-1)
	case g.Rand.Float64() < g.Hot:
		return p.Min + g.Rand.Int64N(min(int64(g.Names), span))
	}
	return p.Min + g.Rand.Int64N(min(64, span))
}

// more draws how many names of a range follow its first.
func (g *generator) more(p *kind.Param, first int64) int64 {
	room := min(p.Max-first, int64(TameItems-g.Items)-1, kind.Pick[int64](g.Rand, 0, 0, 7, maxNames-1, maxNames-1))
	if room < 1 {
		return 0
	}
	return 1 + g.Rand.Int64N(room)
}

func (g *generator) add(o Op) {
	g.budget.add(o)
	g.Items += amount(g.kind, o)
	g.p.Ops = append(g.p.Ops, o)
}

// duration draws a boundary, or something just beside it.
func (g *generator) duration() time.Duration {
	d := kind.Pick(g.Rand, g.Marks...)
	switch g.Rand.IntN(8) {
	case 0, 1:
		d--
	case 2, 3:
		d++
	case 4:
		d = time.Duration(g.Rand.Int64N(int64(d) + 1))
	}
	return min(max(d, 1), kind.MaxMove)
}
