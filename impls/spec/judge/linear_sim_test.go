package judge_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// simMap is the map of impls/batcher as a set of steps, of which a random one goes next:
// what an explored run is made of, without its scheduler. A fault makes it wrong.
type simMap struct {
	rng     *rand.Rand
	cfg     spec.MapConfig
	epoch   time.Duration
	fault   string
	now     time.Duration
	seq     int64
	tr      *kind.Run
	step    int
	at      time.Duration
	current int64
	buckets map[int64]map[int32]int32
	count   int32
	locked  bool
	pending [2]bool // ticks in the channels of the tickers
	ticking [2][]func() bool
	stop    bool
	stopped [2]bool
}

func (m *simMap) tick() int64 { m.seq++; return m.seq }

func (m *simMap) id(t time.Duration) int64 { return int64(m.epoch+t) / int64(m.cfg.Bucket) }

func (m *simMap) get(k int32) (int32, bool) {
	for _, b := range m.buckets {
		if v, ok := b[k]; ok {
			return v, true
		}
	}
	return 0, false
}

// parts returns the steps of a call; a step that says false wants to be tried again.
func (m *simMap) parts(e *kind.Event) []func() bool {
	locked := func(f func()) func() bool {
		return func() bool {
			if !m.locked {
				f()
			}
			return !m.locked
		}
	}
	switch e.Verb {
	case spec.Get:
		return []func() bool{locked(func() {
			v, ok := m.get(e.Arg)
			if e.Val, e.Outcome = v, kind.No; ok {
				e.Outcome = kind.Yes
			}
		})}
	case spec.Set:
		look := locked(func() {
			if _, ok := m.get(e.Arg); ok {
				e.Outcome = kind.No
			}
		})
		insert := locked(func() {
			if _, ok := m.get(e.Arg); e.Outcome == kind.No || ok && m.fault != "check-then-act" {
				e.Outcome = kind.No
				return
			}
			if m.buckets[m.current] == nil {
				m.buckets[m.current] = map[int32]int32{}
			}
			m.buckets[m.current][e.Arg] = e.Val
			m.count++
			e.Outcome = kind.Yes
		})
		return []func() bool{look, insert}
	case spec.Delete:
		return []func() bool{locked(func() {
			e.Outcome = kind.No
			for id, b := range m.buckets {
				if _, ok := b[e.Arg]; ok {
					if delete(b, e.Arg); len(b) == 0 {
						delete(m.buckets, id)
					}
					m.count--
					e.Outcome = kind.Yes
					return
				}
			}
		})}
	case spec.Count:
		return []func() bool{func() bool { e.Val, e.Outcome = m.count, kind.OK; return true }}
	}
	return []func() bool{func() bool { m.stop, e.Outcome = true, kind.OK; return true }, func() bool { return m.stopped[0] && m.stopped[1] }}
}

// tickerStep lets a ticker's goroutine do a step, if it can.
func (m *simMap) tickerStep(i int) bool {
	if todo := m.ticking[i]; len(todo) > 0 {
		if !todo[0]() {
			return false
		}
		m.ticking[i] = m.ticking[i][1:]
		return true
	}
	switch {
	case m.stop && !m.stopped[i] && (!m.pending[i] || m.rng.IntN(2) == 0):
		m.stopped[i] = true
	case m.stopped[i] || !m.pending[i]:
		return false
	default:
		m.pending[i] = false
		var read int64
		m.ticking[i] = []func() bool{func() bool { read = m.id(m.now); return true }, func() bool { m.current = read; return true }}
		if i == 1 {
			m.ticking[i] = []func() bool{m.cleanup}
		}
	}
	return true
}

// cleanup reads the clock, then locks, then removes one bucket after another.
func (m *simMap) cleanup() bool {
	limit := int64(m.epoch+m.now-m.cfg.Window()) / int64(m.cfg.Bucket)
	if m.fault == "too-early" {
		limit++
	}
	lock := func() bool {
		if m.locked {
			return false
		}
		m.locked = true
		return true
	}
	var sweep func() bool
	sweep = func() bool {
		for id, b := range m.buckets {
			if id <= limit {
				m.count -= int32(len(b))
				delete(m.buckets, id)
				m.ticking[1] = append(m.ticking[1], sweep)
				return true
			}
		}
		m.locked = false
		return true
	}
	m.ticking[1] = append(m.ticking[1], lock, sweep)
	return true
}

// instants are the moves of the clock in an advance.
func (m *simMap) instants(d time.Duration) []time.Duration {
	list := []time.Duration{m.now + d}
	for _, p := range []time.Duration{m.cfg.Refresh(), m.cfg.Cleanup()} {
		for at := m.now - m.now%p + p; at < m.now+d; at += p {
			list = append(list, at)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (m *simMap) move(at time.Duration) {
	m.tr.Clock = append(m.tr.Clock, kind.Instant{Seq: m.tick(), At: at})
	m.now = at
	for i, p := range []time.Duration{m.cfg.Refresh(), m.cfg.Cleanup()} {
		m.pending[i] = m.pending[i] || at%p == 0 && !m.stop
	}
}

// lane makes the steps of a lane's operations.
func (m *simMap) lane(ops []kind.Op) []func() bool {
	var todo []func() bool
	for _, o := range ops {
		if o.Verb == kind.Advance {
			n := 0
			var list []time.Duration
			todo = append(todo, func() bool {
				if list == nil {
					list = m.instants(o.Moved())
				}
				m.move(list[n])
				n++
				return n == len(list)
			})
			continue
		}
		e := &kind.Event{Source: kind.Source{Lane: o.Lane}}
		m.tr.Kind.Label(o, e)
		var began int64
		todo = append(todo, func() bool { began = m.tick(); return true })
		todo = append(todo, m.parts(e)...)
		todo = append(todo, func() bool {
			e.Step, e.At = m.step, m.at
			m.tr.Events, m.tr.Began, m.tr.Ended = append(m.tr.Events, *e), append(m.tr.Began, began), append(m.tr.Ended, m.tick())
			return true
		})
	}
	return todo
}

// group runs operations together, and then whatever follows from them.
func (m *simMap) group(ops []kind.Op) {
	lanes := map[byte][]kind.Op{}
	var names []byte
	m.at = m.now
	for _, o := range ops {
		if lanes[o.Lane] == nil {
			names = append(names, o.Lane)
		}
		lanes[o.Lane] = append(lanes[o.Lane], o)
		m.at += o.Moved()
	}
	todo := map[byte][]func() bool{}
	for _, n := range names {
		todo[n] = m.lane(lanes[n])
	}
	patience := m.rng.IntN(4) // of the tickers' goroutines
	for idle := 0; idle < 200; {
		i := m.rng.IntN(len(names) + 2 + patience*len(names))
		moved := false
		if i < 2 {
			moved = m.tickerStep(i)
		} else if n := names[(i-2)%len(names)]; len(todo[n]) > 0 {
			moved = true
			if todo[n][0]() {
				todo[n] = todo[n][1:]
			}
			for len(ops) == 1 && (m.tickerStep(0) || m.tickerStep(1)) { // all goes quiet
			}
		}
		if idle++; moved {
			idle = 0
		}
	}
}

func simulate(p *program.Program, fault string, rng *rand.Rand) *kind.Run {
	run := &kind.Run{Kind: p.Kind, Config: p.Config, Ops: slices.Concat(p.Ops, p.Drain()), Traits: kind.Traits{Title: "dedup/x"}, Stamped: true}
	m := &simMap{rng: rng, tr: run, cfg: spec.MapOf(p.Config), epoch: p.Config.Epoch, fault: fault, buckets: map[int64]map[int32]int32{}, step: 1}
	m.current = m.id(0)
	for _, g := range kind.Groups(run.Ops) {
		m.group(g)
		m.step += len(g)
	}
	return m.tr
}

// TestLinearizeRuns: what a right map does in some order is accepted, whatever the
// order; what a wrong one does is found, by the law that it breaks.
func TestLinearizeRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	const programs, orders = 150, 6
	for _, c := range []struct {
		fault string
		laws  []spec.Law // the first is found most often
	}{
		{"", nil},
		{"check-then-act", []spec.Law{spec.OneWinner, spec.CountLaw}},
		{"too-early", []spec.Law{spec.Lifetime, spec.OneWinner, spec.CountLaw, spec.DeleteLaw, spec.ClosedMap, spec.Linearizable}},
	} {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			found := map[spec.Law]int{}
			begun := time.Now()
			for i := range uint64(programs) {
				p := program.GenerateConcurrent(rand.New(rand.NewPCG(9, i)), dedup.Kind)
				for k := range uint64(orders) {
					tr := simulate(p, c.fault, rand.New(rand.NewPCG(i, k)))
					v, err := linearize(tr)
					if err != nil {
						t.Fatalf("%v in\n%s\nof\n%s", err, text(tr), p)
					}
					if v == nil {
						continue
					}
					found[v.Law]++
					if !slices.Contains(c.laws, v.Law) {
						t.Fatalf("%v, while %v in\n%s\nof\n%s", v, tr.Clock, text(tr), p)
					}
				}
			}
			t.Logf("found %v in %d runs, %v a run", found, programs*orders, time.Since(begun)/(programs*orders))
			if len(c.laws) > 0 && found[c.laws[0]] < 10 {
				t.Errorf("found %v, want %s", found, c.laws[0])
			}
		})
	}
}
