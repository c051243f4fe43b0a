package sim

import (
	"math/rand/v2"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/subject"
)

// TestItselfAgreesWithTheModel: of maps whose calls, one at a time, are those of the model,
// the reference that a map is to itself and the search for an order in the model say the
// same of every trace: of the map that is right, and of one whose Set looks before it locks.
func TestItselfAgreesWithTheModel(t *testing.T) {
	right, wrong := 0, 0
	for i := range uint64(150) {
		p := program.GenerateConcurrent(rand.New(rand.NewPCG(4, i)), program.KindDedup)
		p.Config.Epoch = bubbleEpoch
		for j := range p.Ops { // time passes, and nothing comes of it
			if p.Ops[j].Verb == program.Advance {
				p.Ops[j].D = 1
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
				x, err := explore(p, s, strategy)
				if err != nil {
					t.Fatal(err)
				}
				v, err := linearize(p, "dedup/x", x.Trace)
				if err != nil {
					t.Fatal(err)
				}
				a, err := ref.shows(observe(x, ref.lanes, "dedup/x"))
				if err != nil || a.shown != (v == nil) || !a.shown && !a.whole {
					t.Fatalf("gap %v: the model says %v, the reference %v %v, %v, of\n%s\n%s", gap, v, a.shown, a.whole, err, p, x.History("dedup/x"))
				}
				if a.shown {
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
	p, err := program.Parse("program", []byte(mapConfig+"a set k1 v1\n& b get k1\n"), program.Names{})
	if err != nil {
		t.Fatal(err)
	}
	s := woven(false)
	strategy, _ := sched.New("sequential", 1)
	strategy.Begin()
	x, err := explore(p, s, strategy) // a sets, and b finds it
	if err != nil {
		t.Fatal(err)
	}
	ref := newItself(p, s, 1000, func() bool { return true })
	for _, missed := range []bool{false, true} {
		if missed {
			x.Events[1].Outcome, x.Events[1].Value = subject.No, 0
		}
		for _, overlap := range []bool{false, true} {
			began := x.Began[1]
			if overlap {
				x.Began[1] = x.Began[0]
			}
			a, err := ref.shows(observe(x, ref.lanes, "dedup/x"))
			if want := !missed || overlap; err != nil || a.shown != want || !a.shown && !a.whole {
				t.Errorf("missed %v, overlapping %v: shown %v, whole %v, %v", missed, overlap, a.shown, a.whole, err)
			}
			x.Began[1] = began
		}
	}
}
