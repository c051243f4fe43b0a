package sim_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// The verbs of a counter, and of one that can be reset as well.
const (
	add kind.Verb = iota + 1
	total
	reset
)

const wrongTotal kind.LawID = "C1-total"

// counters is the kind of a counter, which adds and tells its total.
func counters() *kind.Kind {
	return &kind.Kind{
		Name: "counter",
		Ops: []kind.Operation{
			kind.Time,
			{Name: "add", Lane: true, Params: []kind.Param{{Name: "amount", Form: kind.Named, Letter: 'n', Min: 1, Max: 99}}},
			{Name: "total", Lane: true, Answer: func(e *kind.Event) string { return fmt.Sprint(e.Val) }},
		},
		Laws: []kind.Law{{ID: wrongTotal, Text: "the total is the sum of what was added since the last reset"}},
		End:  func(kind.Config, []kind.Op) []kind.Op { return []kind.Op{{Verb: total, Lane: kind.LabLane}} },
		Audit: func(r *kind.Run) *kind.Breach {
			sum := int32(0)
			for i, e := range r.History() {
				switch {
				case e.Verb == add:
					sum += e.Arg
				case e.Verb == reset:
					sum = 0
				case e.Verb == total && e.Val != sum:
					return &kind.Breach{Law: wrongTotal, At: i, Step: e.Step}
				}
			}
			return nil
		},
	}
}

// resettable is the kind of a counter with one operation more: this line, and the verb in
// Do, are all that there is to it.
func resettable() *kind.Kind {
	k := counters()
	k.Ops = append(k.Ops, kind.Operation{Name: "reset", Lane: true})
	return k
}

// counter is one; if it is deaf, it does not hear a reset.
type counter struct {
	n    int32
	deaf bool
}

func (c *counter) Do(_ *kind.Lane, o kind.Op, e *kind.Event) {
	switch {
	case o.Verb == add:
		c.n += int32(o.Args[0])
	case o.Verb == total:
		e.Val = c.n
	case o.Verb == reset && !c.deaf:
		c.n = 0
	}
}

// choices is a source of choices at random, and a sink that keeps those that it is given.
type choices struct {
	rng  *rand.Rand
	list []uint64
	at   int
}

func (c *choices) Choice(n int) int { return int(c.Number(uint64(n - 1))) }
func (c *choices) Done() bool       { return c.at >= len(c.list) && (c.rng == nil || c.at > 200) }

func (c *choices) Number(most uint64) (v uint64) {
	if c.at < len(c.list) {
		v = c.list[c.at]
	} else if c.rng != nil {
		v = c.rng.Uint64N(most + 1)
	}
	c.at++
	return v
}

type kept struct{ list []uint64 }

func (k *kept) Choice(i, _ int)    { k.list = append(k.list, uint64(i)) }
func (k *kept) Number(v, _ uint64) { k.list = append(k.list, v) }
func resets(p *program.Program) bool {
	return slices.ContainsFunc(p.Ops, func(o program.Op) bool { return o.Verb == reset && o.Args[0] == 0 })
}

// TestOneOperationMore: an operation is added to a kind in one place, and is parsed, printed,
// generated, made of a fuzzer's choices, shrunk, run and judged from then on.
func TestOneOperationMore(t *testing.T) {
	const text = "batchlab: 1\nsubject: counter\nconfig:  epoch=0s\nexpect:  pass\n\na add n7\nb reset\n+1s\na add n2\n"
	if _, err := program.Parse("x", []byte(text), program.Names{Kinds: []*kind.Kind{counters()}}); err == nil {
		t.Fatal("a counter without reset is reset")
	}
	k := resettable()
	p, err := program.Parse("x", []byte(text), program.Names{Kinds: []*kind.Kind{k}})
	if err != nil || p.String() != text {
		t.Fatalf("%v: it is printed as\n%s", err, p)
	}
	generated, together, decoded := 0, 0, 0
	for i := range uint64(200) {
		rng := rand.New(rand.NewPCG(1, i))
		if resets(program.Generate(rng, k, 20)) {
			generated++
		}
		if resets(program.GenerateConcurrent(rng, k)) {
			together++
		}
		if resets(program.Decode(k, &choices{rng: rng})) {
			decoded++
		}
	}
	if generated < 20 || together < 20 || decoded < 20 {
		t.Errorf("of 200 programs it is in %d, of those that run together in %d, of those of choices in %d", generated, together, decoded)
	}
	sink := &kept{}
	program.Encode(p, sink)
	if q := program.Decode(k, &choices{list: sink.list}); !reflect.DeepEqual(q.Ops, p.Ops) {
		t.Errorf("of its own choices it comes back as\n%s", q)
	}
	if v := judged(t, k, p, false); v != nil {
		t.Errorf("a counter that hears: %v", v)
	}
	small := program.Shrink(p, func(q *program.Program) bool { return judged(t, k, q, true) != nil }, 1000)
	if want := "a add n1|a reset"; picture(small) != want {
		t.Errorf("shrunk to %s, want %s", picture(small), want)
	}
}

func picture(p *program.Program) (s string) {
	for i, o := range p.Ops {
		if i > 0 {
			s += "|"
		}
		s += program.OpText(p.Kind, o)
	}
	return s
}

// judged is what is wrong with a counter that does a program.
func judged(t *testing.T, k *kind.Kind, p *program.Program, deaf bool) *oracle.Violation {
	t.Helper()
	s := kind.Subject{Name: "one", Kind: k, New: func(kind.Config, kind.Env) kind.Instance { return &counter{deaf: deaf} }}
	r, err := engine.Bubble(t, p, s, engine.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := oracle.Judge(&r)
	if err != nil {
		t.Fatal(err)
	}
	return v.Violation
}
