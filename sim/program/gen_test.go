package program

import (
	"math/rand/v2"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
)

// draw generates the i-th program of a fixed campaign.
func draw(k *kind.Kind, i int) *Program {
	return Generate(rand.New(rand.NewPCG(3, uint64(i))), k, 40)
}

const drawn = 2000

// TestGenerate: the same numbers give the same program; every program is valid,
// holds no operation that its kind does not speak, and is not empty as a rule.
func TestGenerate(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.Name, func(t *testing.T) {
			ops, distinct := 0, map[string]bool{}
			for i := range drawn {
				p, q := draw(k, i), draw(k, i)
				if p.String() != q.String() {
					t.Fatalf("one seed, two programs:\n%s\n%s", p, q)
				}
				if err := p.Validate(); err != nil {
					t.Fatalf("%v in\n%s", err, p)
				}
				if len(p.Ops) > 40 {
					t.Fatalf("%d operations, 40 were asked for", len(p.Ops))
				}
				for _, o := range p.Ops {
					if !k.Has(o.Verb) {
						t.Fatalf("a %s has operation %d", k.Name, o.Verb)
					}
				}
				ops += len(p.Ops)
				distinct[p.String()] = true
			}
			if ops < drawn*20 || len(distinct) < drawn*99/100 {
				t.Errorf("%d programs have %d operations, %d programs are distinct", drawn, ops, len(distinct))
			}
		})
	}
}

// TestSwarm: each verb is missing from many programs, for it is switched off there,
// and frequent in many others. In an even mix of 40 operations hardly any program
// would lack one.
func TestSwarm(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.Name, func(t *testing.T) {
			without, mostly := make([]int, len(k.Ops)), make([]int, len(k.Ops))
			for i := range drawn {
				p := draw(k, i)
				n := make([]int, len(k.Ops))
				for _, o := range p.Ops {
					n[o.Verb]++
				}
				for v := range n {
					if n[v] == 0 {
						without[v]++
					}
					if n[v] > len(p.Ops)/3 {
						mostly[v]++
					}
				}
			}
			for v, op := range k.Ops {
				if op.Name != "put" && op.Name != "set" && without[v] < drawn/10 {
					t.Errorf("%s is missing from %d of %d programs, want a tenth at least", op.Name, without[v], drawn)
				}
				if without[v] > drawn*9/10 {
					t.Errorf("%s is missing from %d of %d programs", op.Name, without[v], drawn)
				}
				if op.Name != "close" && mostly[v] < drawn/50 {
					t.Errorf("%s is a third of the operations in %d of %d programs only", op.Name, mostly[v], drawn)
				}
			}
		})
	}
}

// TestBoundaries: durations and counts at, before and after the boundaries of the
// configuration are drawn, not only met by chance.
func TestBoundaries(t *testing.T) {
	met := map[string]int{}
	for i := range drawn {
		for _, k := range kinds {
			p := draw(k, i)
			c := p.Config
			mark, name, size := c.D(spec.SetTimeout), "timeout", c.N(spec.SetSize)
			if k == dedup.Kind {
				mark, name = c.D(spec.SetBucket), "bucket"
			}
			for _, o := range p.Ops {
				op := &k.Ops[o.Verb]
				if off := o.Moved() - mark; o.Verb == kind.Advance && mark > time.Microsecond && off.Abs() <= 1 {
					met[name+[]string{"-1ns", "", "+1ns"}[off+1]]++
				}
				if off := items(p, o) - 64*size; op.Hands && off >= -1 && off <= 1 {
					met["queue"+[]string{"-1", "", "+1"}[off+1]]++
				}
				if off := items(p, o) - size; op.Hands && size > 2 && off >= -1 && off <= 1 {
					met["size"+[]string{"-1", "", "+1"}[off+1]]++
				}
				switch {
				case op.Hands && o.Args[spec.ArgItem] == kind.NilArg:
					met["nil"]++
				case op.Name == "handler":
					met["handler "+op.Params[spec.ArgMode].Words[o.Args[spec.ArgMode]].Text]++
				}
			}
			switch e := c.Epoch; {
			case e == 0:
				met["epoch 0"]++
			case e < 0:
				met["epoch before 1970"]++
			default:
				met["epoch after 1970"]++
			}
			if len(p.Lanes()) > 2 {
				met["three lanes"]++
			}
		}
	}
	for _, want := range []string{
		"timeout-1ns", "timeout", "timeout+1ns", "bucket-1ns", "bucket", "bucket+1ns",
		"queue-1", "queue", "queue+1", "size-1", "size", "size+1", "nil",
		"handler returns", "handler takes", "handler blocks", "handler puts", "handler panics",
		"epoch 0", "epoch before 1970", "epoch after 1970", "three lanes",
	} {
		if least := 20; met[want] < least && want != "handler panics" || met[want] == 0 {
			t.Errorf("%s: met %d times in %d programs, want %d", want, met[want], 3*drawn, least)
		}
	}
}

// TestPutsFitQueue: handlers that put in the foreground never fill their own queue.
func TestPutsFitQueue(t *testing.T) {
	seen := 0
	for i := range drawn {
		p := draw(batcher.Kind, i)
		if p.Config.N(spec.SetMode) == 1 || !uses(p, spec.Puts) {
			continue
		}
		seen++
		n := 0
		for _, o := range p.Ops {
			n += items(p, o)
		}
		if n > 32*p.Config.N(spec.SetSize) {
			t.Fatalf("%d items beside those of handlers, with room for %d:\n%s", n, 64*p.Config.N(spec.SetSize), p)
		}
	}
	if seen < 20 {
		t.Errorf("only %d programs have handlers that put in the foreground", seen)
	}
}

// TestAnyLength: no operations at all are a program too.
func TestAnyLength(t *testing.T) {
	for _, k := range kinds {
		p := Generate(rand.New(rand.NewPCG(1, 1)), k, 0)
		if err := p.Validate(); err != nil || len(p.Ops) != 0 {
			t.Errorf("%s: %v, %v", k.Name, p.Ops, err)
		}
	}
}
