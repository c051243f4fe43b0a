package stress

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"batchlab/impls/spec"
)

// broken lists the ids that a run of one subject found broken, each once.
func broken(t *testing.T, o Options) []string {
	t.Helper()
	s, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	v := &verdict{}
	for _, r := range s.Rows {
		for _, b := range r.Breaches {
			t.Logf("%s %d: %s x%d: %s", r.Scenario, r.Producers, b.What, b.Count, b.Detail)
		}
		v.add(r)
	}
	return v.what
}

func wantBroken(t *testing.T, o Options, want ...string) {
	t.Helper()
	got := broken(t, o)
	ok := len(got) == len(want)
	for i := range min(len(got), len(want)) {
		ok = ok && got[i] == want[i]
	}
	if !ok {
		t.Errorf("broken: %v, want %v", got, want)
	}
}

func TestGoodBatchersPass(t *testing.T) {
	for _, f := range []flaw{{}, {dedup: true}} {
		t.Run(string(f.subject().Kind), func(t *testing.T) {
			wantBroken(t, Options{Items: 3000, Subjects: []spec.Subject{f.subject()}, Producers: []int{8}})
		})
	}
}

// batcherFlaws are flaws with the one law that each breaks.
var batcherFlaws = []struct {
	name string
	law  spec.Law
	flaw flaw
}{
	{"drops an item", spec.ExactlyOnce, flaw{batch: once(func(t *toy, b []*spec.Item) { t.run(b[1:]) })}},
	{"drops a fresh key", spec.ExactlyOnce,
		flaw{dedup: true, batch: once(func(t *toy, b []*spec.Item) { t.run(b[1:]) })}},
	{"delivers twice", spec.ExactlyOnce,
		flaw{batch: once(func(t *toy, b []*spec.Item) { t.run(b); t.run(b[:1:1]) })}},
	{"delivers a stranger", spec.ExactlyOnce, flaw{batch: once(func(t *toy, b []*spec.Item) {
		t.run(b)
		t.run([]*spec.Item{{Key: 1}})
	})}},
	{"delivers nil", spec.ExactlyOnce,
		flaw{batch: once(func(t *toy, b []*spec.Item) { t.run(b); t.run(make([]*spec.Item, 1)) })}},
	{"reorders in a batch", spec.Order,
		flaw{batch: once(func(t *toy, b []*spec.Item) { b[0], b[1] = b[1], b[0]; t.run(b) })}},
	{"reorders batches", spec.Order, pairs(func(t *toy, a, b []*spec.Item) { t.run(b); t.run(a) })},
	{"mixes batches", spec.Order, pairs(func(t *toy, a, b []*spec.Item) {
		a[len(a)-1], b[0] = b[0], a[len(a)-1]
		t.run(a)
		t.run(b)
	})},
	{"oversize batch", spec.SizeCap, pairs(func(t *toy, a, b []*spec.Item) { t.run(append(a, b...)) })},
	{"empty batch", spec.SizeCap, flaw{batch: once(func(t *toy, b []*spec.Item) { t.run(b); t.run(nil) })}},
	{"two handlers at once", spec.Serial, pairs(func(t *toy, a, b []*spec.Item) {
		t.busy.Go(func() { t.fn(a) })
		t.fn(b)
		t.busy.Wait()
	})},
	{"writes after hand-off", spec.SliceLease, flaw{
		batch: func(t *toy, b []*spec.Item) { t.ever = append(t.ever, b); t.run(b) },
		last: func(t *toy) {
			for _, b := range t.ever {
				b[0] = nil
			}
		},
	}},
	{"loses the tail", spec.CloseDrains, flaw{batch: holdLast}},
	{"delivers the tail late", spec.CloseDrains, flaw{batch: holdLast, last: func(t *toy) {
		go func() { nap(); t.fn(t.held) }()
	}}},
	{"sends on a closed channel", spec.AfterClose, flaw{late: func(*toy, *spec.Item) {
		c := make(chan int)
		close(c)
		c <- 1
	}}},
	{"panics without a word", spec.AfterClose, flaw{late: func(*toy, *spec.Item) { panic("oops") }}},
	{"swallows a late Put", spec.AfterClose, flaw{late: func(*toy, *spec.Item) {}}},
	{"swallows a late duplicate", spec.AfterClose, flaw{dedup: true, late: func(t *toy, i *spec.Item) {
		if t.fresh(i.Key) {
			panic("toy: Put after Close")
		}
	}}},
	{"does not deduplicate", spec.OncePerWindow, flaw{dedup: true, put: func(t *toy, i *spec.Item) {
		t.lock.Lock()
		delete(t.seen, i.Key)
		t.lock.Unlock()
	}}},
	{"Put panics", spec.NoPanic, flaw{put: func(_ *toy, i *spec.Item) {
		if i.Key < 5 {
			panic("toy: a small key")
		}
	}}},
	{"keeps what it saw", MemoryBreach, flaw{put: func(t *toy, _ *spec.Item) {
		t.lock.Lock()
		t.hoard = append(t.hoard, make([]byte, 16<<10))
		t.lock.Unlock()
	}}},
}

func TestBatcherDetectors(t *testing.T) {
	for _, c := range batcherFlaws {
		t.Run(c.name, func(t *testing.T) {
			wantBroken(t, Options{Items: 3000, Subjects: []spec.Subject{c.flaw.subject()}, Scenarios: []string{"duplicates"}, Producers: []int{1}}, string(c.law))
		})
	}
}

func TestGoroutineLeftBehind(t *testing.T) {
	end := make(chan struct{})
	defer close(end)
	var first sync.Once
	f := flaw{born: func(*toy) { first.Do(func() { go func() { <-end }() }) }}
	wantBroken(t, Options{Items: 100, Subjects: []spec.Subject{f.subject()}, Scenarios: []string{"heavy"}, Producers: []int{1}}, string(spec.Leak))
}

func TestPeakIsBounded(t *testing.T) {
	var last atomic.Pointer[[]byte]
	f := flaw{
		born: func(*toy) { b := make([]byte, 64<<20); last.Store(&b) },
		last: func(*toy) { last.Store(nil) },
	}
	wantBroken(t, Options{
		Items: 100, Subjects: []spec.Subject{f.subject()}, Scenarios: []string{"light"}, Producers: []int{1}, MemorySlack: 1,
	}, MemoryBreach)
}

// What hangs is given up after the watchdog's time, and is not run again.
func TestWatchdog(t *testing.T) {
	for _, c := range []struct {
		name string
		law  spec.Law
		flaw func(end chan struct{}) flaw
	}{
		{"Close", spec.Progress, func(end chan struct{}) flaw { return flaw{last: func(*toy) { <-end }} }},
		{"Put", spec.Progress, func(end chan struct{}) flaw { return flaw{put: func(*toy, *spec.Item) { <-end }} }},
		{"Trigger after Close", spec.AfterClose,
			func(end chan struct{}) flaw { return flaw{trigger: func(*toy) { <-end }} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			end := make(chan struct{})
			o := Options{Items: 100, Subjects: []spec.Subject{c.flaw(end).subject()}, Scenarios: []string{"heavy"}, Watchdog: 300 * time.Millisecond}
			s, err := Run(context.Background(), o)
			close(end)
			if err != nil {
				t.Fatal(err)
			}
			r := s.Rows
			if len(r) != 3 || !r[0].Hung || r[0].Skipped || !r[1].Skipped || !r[2].Skipped {
				t.Fatalf("rows: %+v", r)
			}
			if b := r[0].Breaches; len(b) != 1 || b[0].What != string(c.law) {
				t.Errorf("breaches: %+v, want %s alone", b, c.law)
			}
			t.Log(r[0].Breaches[0].Detail)
		})
	}
}
