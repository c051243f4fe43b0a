package program

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Generate draws a program of about n operations for a kind of subject. The same
// source of numbers gives the same program on every machine.
//
// Generation is a swarm (Groce et al., "Swarm Testing", ISSTA 2012): each program
// switches some operations off and weights the rest wildly, so that a long run of
// one kind of operation, which an even mix would never have, is common. Durations
// are drawn at and around the boundaries of the configuration: d-1ns, d, d+1ns.
//
// Handlers of generated programs seldom panic, for that ends a process, and do not
// put into their own full queue, for that waits for ever in every batcher.
func Generate(rng *rand.Rand, kind string, n int) *Program {
	g := &generator{rng: rng, p: &Program{Kind: kind}}
	g.config()
	g.swarm()
	g.budget = newBudget(g.p)
	g.timers += g.budget.total() // act 2 comes on top
	for range n {
		if o, ok := g.op(); ok {
			g.budget.add(o)
			g.p.Ops = append(g.p.Ops, o)
		}
	}
	return g.p
}

// The generator stays far below the limits of a seed file: many short programs
// find more than a few long ones.
const genLanes = 4

type generator struct {
	rng     *rand.Rand
	p       *Program
	budget  *budget
	timers  int64 // how many may fire
	most    int   // how many items may be put
	lanes   int
	items   int
	keys    int // hot keys; the others are drawn from many
	hot     float64
	marks   []time.Duration // boundaries
	weights [verbs]float64
	total   float64
	modes   []Mode
}

func pick[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

func (g *generator) config() {
	c := &g.p.Config
	const y2026 = 1_767_225_600 * time.Second
	c.Epoch = pick(g.rng, 0, 0, -time.Duration(g.rng.Int64N(int64(1000*time.Hour))), y2026, y2026+time.Duration(g.rng.Int64N(int64(time.Hour))))
	longest := []time.Duration{time.Minute, time.Hour}
	if g.p.Kind == KindDedupBatcher && g.rng.IntN(100) != 0 {
		longest = nil // its tickers fire a dozen times a second, and act 2 waits for the timeout
	}
	if HasBatcher(g.p.Kind) {
		c.Size = pick(g.rng, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 8, 16, 64)
		if g.rng.IntN(150) == 0 {
			c.Size = MaxSize
		}
		c.Timeout = pick(g.rng, append(longest, 1, time.Microsecond, time.Millisecond, 10*time.Millisecond, 10*time.Millisecond, 100*time.Millisecond, time.Second)...)
		if g.rng.IntN(4) == 0 {
			c.Timeout += time.Duration(g.rng.IntN(3))
		}
		c.Background = g.rng.IntN(2) == 0
		g.marks = []time.Duration{c.Timeout, c.Timeout, max(c.Timeout/2, 1), 2 * c.Timeout, time.Hour, 5 * time.Millisecond}
	}
	switch g.p.Kind {
	case KindDedup:
		c.Bucket = pick(g.rng, time.Millisecond, 10*time.Millisecond, 99*time.Millisecond, 100*time.Millisecond, 101*time.Millisecond, time.Second, time.Second, 10*time.Second, time.Minute)
		c.Buckets = pick(g.rng, 1, 2, 3, 3, 5, 10)
		b := c.Bucket
		g.marks = []time.Duration{b, b, max(b/2, 1), max(b/10, 100*time.Millisecond), b * time.Duration(c.Buckets), b * time.Duration(c.Buckets-1), b*time.Duration(c.Buckets) + b/2, 3 * time.Hour}
	case KindDedupBatcher:
		g.marks = append(g.marks, time.Second, 100*time.Millisecond, 500*time.Millisecond)
	}
	g.effort()
	g.lanes = 1 + g.rng.IntN(genLanes)
	g.keys = 1 + g.rng.IntN(4)
	g.hot = g.rng.Float64()
	if g.p.Kind == KindDedupBatcher && g.rng.IntN(60) == 0 {
		g.pastTheWindow()
	}
}

// effort says how much a program may cost: most of them little, some a lot.
func (g *generator) effort() {
	g.timers = pick[int64](g.rng, 10, 15, 20, 60)
	g.most = pick(g.rng, 20, 40, 80, 150)
	if g.rng.IntN(300) == 0 {
		g.timers = 3_000
	}
	if g.rng.IntN(100) == 0 {
		g.most = 2_000
	}
}

// pastTheWindow makes a program of a dedup batcher that puts a few keys again and
// again around the end of the window, which is a minute and so 720 ticks away.
func (g *generator) pastTheWindow() {
	g.timers, g.keys, g.hot = 800, 1+g.rng.IntN(2), 1
	g.marks = []time.Duration{time.Minute, time.Minute - 400*time.Millisecond, 61 * time.Second, 40 * time.Second, time.Second}
	g.p.Config.Size, g.p.Config.Timeout = 1, time.Second
}

// swarm chooses which operations this program has, and how much of each.
func (g *generator) swarm() {
	for v := range g.weights {
		o := Op{Verb: Verb(v)}
		if !o.Speaks(g.p.Kind) || g.rng.IntN(4) == 0 && o.Verb != Put && o.Verb != Set {
			continue
		}
		g.weights[v] = math.Exp(4 * g.rng.Float64())
	}
	g.weights[Close] /= 30 // what comes after a Close is soon told
	for _, w := range g.weights {
		g.total += w
	}
	g.modes = []Mode{Returns, Takes, Blocks}
	if g.rng.IntN(2) == 0 {
		g.modes = []Mode{pick(g.rng, g.modes...)}
	}
	switch {
	case g.rng.IntN(3) == 0:
		g.modes = append(g.modes, Puts)
	case g.rng.IntN(100) == 0:
		g.modes = append(g.modes, Panics)
	}
}

func (g *generator) op() (Op, bool) {
	at := g.rng.Float64() * g.total
	v := 0
	for v < verbs-1 && at >= g.weights[v] {
		at -= g.weights[v]
		v++
	}
	o := Op{Verb: Verb(v)}
	if o.Verb >= Put && o.Verb <= Count {
		o.Lane = byte('a' + g.rng.IntN(g.lanes))
	}
	switch o.Verb {
	case Advance:
		o.D = min(g.duration(), g.budget.room(g.timers))
		return o, o.D > 0
	case Put:
		return g.put(o)
	case Get, Set, Delete:
		o.Key = g.key()
		if o.Verb == Set {
			o.Value = 1 + g.rng.IntN(9)
		}
	case Handler:
		o.Mode = pick(g.rng, g.modes...)
		if o.Mode == Takes {
			o.D = min(g.duration(), g.budget.room(g.timers))
			return o, o.D > 0
		}
	}
	return o, true
}

func (g *generator) put(o Op) (Op, bool) {
	s := g.p.Config.Size
	o.N = 1
	switch g.rng.IntN(12) {
	case 0, 1:
		o.N = max(1, s-1+g.rng.IntN(3))
	case 2:
		o.N = 1 + g.rng.IntN(2*s+2)
	case 3:
		o.N = 64*s - 1 + g.rng.IntN(3)
	}
	o.Nil = g.rng.IntN(20) == 0
	if g.p.Kind == KindDedupBatcher {
		o.Key = g.key()
	}
	most := g.most - g.items
	if puts := slices.Contains(g.modes, Puts); puts && g.p.Config.Background {
		most = min(most, min(s, 4)+1) // more handlers at one instant would put in too many orders
	} else if puts {
		most = 32*s - g.items // room in the queue for what handlers put in the foreground
	}
	o.N = min(o.N, most)
	g.items += max(o.N, 0)
	return o, o.N > 0
}

func (g *generator) key() int {
	if g.rng.Float64() < g.hot {
		return g.rng.IntN(g.keys)
	}
	return g.rng.IntN(64)
}

// duration draws a boundary, or something just beside it.
func (g *generator) duration() time.Duration {
	d := pick(g.rng, g.marks...)
	switch g.rng.IntN(8) {
	case 0, 1:
		d--
	case 2, 3:
		d++
	case 4:
		d = time.Duration(g.rng.Int64N(int64(d) + 1))
	}
	return min(max(d, 1), MaxTimeout)
}
