package lab

import (
	"math/rand/v2"
	"testing"

	"batchlab/impls/spec/dedup"
	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// TestItselfAgreesWithTheModel: of maps whose calls, one at a time, are those of the model,
// the reference that a map is to itself and the search for an order in the model say the
// same of every trace: of the map that is right, and of one whose Set looks before it locks.
func TestItselfAgreesWithTheModel(t *testing.T) {
	right, wrong := 0, 0
	for i := range uint64(150) {
		p := program.GenerateConcurrent(rand.New(rand.NewPCG(4, i)), dedup.Kind)
		p.Config.Epoch = engine.BubbleEpoch
		for j := range p.Ops { // time passes, and nothing comes of it
			if p.Ops[j].Verb == kind.Advance {
				p.Ops[j].Args[0] = 1
			}
		}
		for _, gap := range []bool{false, true} {
			s := woven(gap)
			ref := newItself(p, s, 1000, func() bool { return true })
			strategy, err := sched.New("portfolio", i)
			if err != nil {
				t.Fatal(err)
			}
			for strategy.Begin() {
				x, err := engine.Woven(p, s, strategy)
				if err != nil {
					t.Fatal(err)
				}
				f := x.Kind.Model(&x.Run)
				if f.Err != nil {
					t.Fatal(f.Err)
				}
				a, err := ref.Shows(oracle.Observe(&x.Run, ref.lanes))
				if err != nil || a.Shown != (f.Breach == nil) || !a.Shown && !a.Whole {
					t.Fatalf("gap %v: the model says %v, the reference %v %v, %v, of\n%s\n%s",
						gap, f.Breach, a.Shown, a.Whole, err, p, history.Of(&x.Run))
				}
				if a.Shown {
					right++
				} else {
					wrong++
				}
				if right+wrong > int(i+1)*100 {
					break
				}
			}
		}
	}
	t.Logf("%d traces are right, %d are wrong", right, wrong)
	if right < 1000 || wrong < 10 {
		t.Errorf("%d right, %d wrong: too few to compare", right, wrong)
	}
}

// TestItselfKeepsTheOrder: an outcome that the calls have in another order than that in
// which one ended before the other began is none that the reference has.
func TestItselfKeepsTheOrder(t *testing.T) {
	p, err := program.Parse("program", []byte(mapConfig+"a set k1 v1\n& b get k1\n"), program.Names{Kinds: []*kind.Kind{dedup.Kind}})
	if err != nil {
		t.Fatal(err)
	}
	s := woven(false)
	strategy, _ := sched.New("sequential", 1)
	strategy.Begin()
	x, err := engine.Woven(p, s, strategy) // a sets, and b finds it
	if err != nil {
		t.Fatal(err)
	}
	ref := newItself(p, s, 1000, func() bool { return true })
	for _, missed := range []bool{false, true} {
		if missed {
			x.Events[1].Outcome, x.Events[1].Val = kind.No, 0
		}
		for _, overlap := range []bool{false, true} {
			began := x.Began[1]
			if overlap {
				x.Began[1] = x.Began[0]
			}
			a, err := ref.Shows(oracle.Observe(&x.Run, ref.lanes))
			if want := !missed || overlap; err != nil || a.Shown != want || !a.Shown && !a.Whole {
				t.Errorf("missed %v, overlapping %v: shown %v, whole %v, %v", missed, overlap, a.Shown, a.Whole, err)
			}
			x.Began[1] = began
		}
	}
}
