package lab

import (
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"batchlab/sim/derive"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// A queue behind a lock and one without, as woven code has them, and a kind made from what they have in
// common.
type (
	fifo interface {
		Push(v int)
		Pop() (int, bool)
		Empty() bool
	}
	lockedFifo struct {
		mu    sync.Mutex
		items []int
	}
	freeFifo struct {
		head, tail atomic.Pointer[fifoNode]
		hasty      bool // it takes what is first without asking whether it still is
	}
	fifoNode struct {
		v    int
		next atomic.Pointer[fifoNode]
	}
)

func (q *lockedFifo) Push(v int) {
	rt.MutexLock("lock", &q.mu)
	defer rt.MutexUnlock("unlock", &q.mu)
	q.items = append(q.items, v)
}

func (q *lockedFifo) Pop() (int, bool) {
	rt.MutexLock("lock", &q.mu)
	defer rt.MutexUnlock("unlock", &q.mu)
	if len(q.items) == 0 {
		return 0, false
	}
	v := q.items[0]
	q.items = q.items[1:]
	return v, true
}

func (q *lockedFifo) Empty() bool {
	rt.MutexLock("lock", &q.mu)
	defer rt.MutexUnlock("unlock", &q.mu)
	return len(q.items) == 0
}

func newFreeFifo(hasty bool) *freeFifo {
	q, first := &freeFifo{hasty: hasty}, &fifoNode{}
	q.head.Store(first)
	q.tail.Store(first)
	return q
}

func (q *freeFifo) Push(v int) {
	n := &fifoNode{v: v}
	for {
		tail := rt.At("tail", &q.tail).Load()
		next := rt.At("next", &tail.next).Load()
		if next == nil && rt.At("link", &tail.next).CompareAndSwap(nil, n) {
			rt.At("swing", &q.tail).CompareAndSwap(tail, n)
			return
		}
		if next != nil {
			rt.At("help", &q.tail).CompareAndSwap(tail, next)
		}
	}
}

func (q *freeFifo) Pop() (int, bool) {
	for {
		head, tail := rt.At("head", &q.head).Load(), rt.At("tail", &q.tail).Load()
		next := rt.At("next", &head.next).Load()
		switch {
		case next == nil:
			return 0, false
		case head == tail:
			rt.At("help", &q.tail).CompareAndSwap(tail, next)
		case q.hasty:
			rt.At("take", &q.head).Store(next)
			return next.v, true
		case rt.At("take", &q.head).CompareAndSwap(head, next):
			return next.v, true
		}
	}
}

func (q *freeFifo) Empty() bool {
	return rt.At("next", &rt.At("head", &q.head).Load().next).Load() == nil
}

// derivedFifo is a subject that was derived, with the locked queue as its original, or one call at a time of
// the same as its model.
func derivedFifo(t testing.TB, hasty, model bool) kind.Subject {
	t.Helper()
	o := derive.Options{Original: true}
	if model {
		o.Model = func() any { return &lockedFifo{} }
	}
	d, err := derive.New(reflect.TypeFor[fifo](), o)
	if err != nil {
		t.Fatal(err)
	}
	boxed := func(q fifo) reflect.Value { return reflect.ValueOf(&q).Elem() }
	s := d.Subject("free", func(*derive.Env) reflect.Value { return boxed(newFreeFifo(hasty)) })
	of := d.Subject("locked", func(*derive.Env) reflect.Value { return boxed(&lockedFifo{}) })
	if s.Original = d.Model(); !model {
		s.Original = &of
	}
	return s
}

// threeByThree is a program of three lanes with three calls each.
const threeByThree = "batchlab: 1\nsubject: lab.fifo\nconfig: epoch=0s\n\n" +
	"a Push 1\n& b Pop\n& c Push 2\n& a Pop\n& b Push 3\n& c Pop\n& a Empty\n& b Pop\n& c Push 0\na Pop\n"

func fifoProgram(t testing.TB, k *kind.Kind, text string) *program.Program {
	t.Helper()
	p, err := program.Parse("x", []byte(text), program.Names{Kinds: []*kind.Kind{k}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDerived: a derived kind is judged like one written by hand, against an original and against a model.
func TestDerived(t *testing.T) {
	for _, model := range []bool{false, true} {
		for _, hasty := range []bool{false, true} {
			s := derivedFifo(t, hasty, model)
			p := fifoProgram(t, s.Kind, threeByThree)
			beats := 0
			e, err := (&Lab{Beat: func() { beats++ }}).Explore(t.Context(), p, s, Search{Strategy: "mixed2", Seed: 1, Schedules: 3000})
			if err != nil {
				t.Fatal(err)
			}
			if beats <= e.Schedules {
				t.Errorf("hasty %v, model %v: %d beats, %d schedules without those of the reference", hasty, model, beats,
					e.Schedules)
			}
			if f := e.Find(kind.SameHistory); (f != nil) != hasty || len(e.Finds) > 1 {
				t.Errorf("hasty %v, model %v: %+v", hasty, model, e.Finds)
			}
			if want := map[bool]string{false: "the original lab.fifo/locked", true: "the model, one call at a time"}[model]; !strings.Contains(e.Judged, want) {
				t.Errorf("judged by %q, want %s", e.Judged, want)
			}
		}
	}
}

// BenchmarkDerivedQueue measures schedules of three lanes by three calls, run and judged against the locked
// queue, of a kind derived by reflection. Run it with -cpu 1.
func BenchmarkDerivedQueue(b *testing.B) {
	s := derivedFifo(b, false, false)
	p := fifoProgram(b, s.Kind, threeByThree)
	b.ResetTimer()
	e, err := (&Lab{}).Explore(b.Context(), p, s, Search{Strategy: "portfolio", Seed: 1, Schedules: b.N})
	if err != nil || e.Violation != nil || e.Schedules != b.N {
		b.Fatalf("%v, %+v", err, e)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
}
