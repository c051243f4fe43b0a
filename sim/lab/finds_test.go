package lab

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// handBatcher is a small batcher that answers to the laws: Put hands over a full batch,
// Close what is left.
type handBatcher struct {
	mu     sync.Mutex
	out    sync.Mutex // held while batches are handed over, in their order
	items  []*spec.Item
	size   int
	fn     func([]*spec.Item)
	closed bool
	loses  bool // a fault: Put reads the list under one lock, and writes it under another
}

func (b *handBatcher) lock()   { rt.MutexLock("lock", &b.mu) }
func (b *handBatcher) unlock() { rt.MutexUnlock("unlock", &b.mu) }

func (b *handBatcher) Put(item *spec.Item) {
	rt.MutexLock("lock out", &b.out)
	defer rt.MutexUnlock("unlock out", &b.out)
	b.lock()
	if b.closed {
		b.unlock()
		panic("put to a closed batcher")
	}
	list := append(slices.Clip(b.items), item)
	if b.loses {
		b.unlock()
		rt.MutexUnlock("unlock out", &b.out)
		rt.MutexLock("lock out", &b.out)
		b.lock()
	}
	b.items = list
	b.flush(b.size)
}

// flush hands over what there is, if it is enough, and unlocks.
func (b *handBatcher) flush(enough int) {
	var batch []*spec.Item
	if len(b.items) >= enough {
		batch, b.items = b.items, nil
	}
	b.unlock()
	if len(batch) > 0 {
		b.fn(batch)
	}
}

func (b *handBatcher) Trigger() {}

func (b *handBatcher) Close() {
	rt.MutexLock("lock out", &b.out)
	defer rt.MutexUnlock("unlock out", &b.out)
	b.lock()
	b.closed = true
	b.flush(1)
}

// lingering starts a goroutine that never ends.
func lingering() {
	ch := make(chan int)
	rt.Go("go", func() { <-rt.From("wait", ch) })
}

func handMade(loses, leaks bool) kind.Subject {
	return batcher.Subject(batcher.Kind, spec.Subject{
		Name: "hand", Kind: spec.KindBatcher, Clockless: true, LawsOnly: true,
		NewBatcher: func(c spec.BatcherConfig, _ clock.Clock, fn func([]*spec.Item)) spec.Batcher {
			if leaks {
				lingering()
			}
			return &handBatcher{size: c.Size, fn: fn, loses: loses}
		},
	})
}

// leaking is a subject that leaves a goroutine behind.
func leaking(s kind.Subject) kind.Subject {
	plain := s.New
	s.New = func(c kind.Config, env kind.Env) kind.Instance {
		lingering()
		return plain(c, env)
	}
	return s
}

func waiving(s kind.Subject, laws ...spec.Law) kind.Subject {
	s.Waives = laws
	return s
}

func lawsOf(e *Exploration) string {
	var list []string
	for _, f := range e.Finds {
		list = append(list, string(f.Violation.Law))
	}
	return strings.Join(list, " ")
}

// TestOneFindHidesNoOther: a leak shows in every schedule, and what else is wrong shows
// beside it, whoever judges it: the laws, the model, the reference. A law that is waived
// does not show, and hides nothing.
func TestOneFindHidesNoOther(t *testing.T) {
	const (
		putting = "batchlab: 1\nsubject: batcher\nconfig: size=2 timeout=10ms mode=foreground\n\na put\n& b put\nc close\n"
		setting = mapConfig + "a set k1 v1\n& b set k1 v2\n& c get k1\n"
	)
	alone := woven(true)
	alone.LawsOnly = true
	filterProgram := mapConfig + "a set k1 v1\nb get k1\n& +1s\n"
	for _, c := range []struct {
		text string
		s    kind.Subject
		want string
	}{
		{putting, handMade(false, false), ""},
		{putting, handMade(false, true), "G1-leak"},
		{putting, handMade(true, true), "B7-close-drains G1-leak"},
		{putting, handMade(true, false), "B7-close-drains"},
		{putting, waiving(handMade(true, true), spec.Leak), "B7-close-drains"},
		{putting, waiving(handMade(true, true), spec.CloseDrains), "B1-exactly-once G1-leak"},
		{putting, waiving(handMade(true, true), spec.CloseDrains, spec.ExactlyOnce), "G1-leak E1-same-history"},
		{putting, waiving(handMade(true, true), spec.CloseDrains, spec.ExactlyOnce, spec.SameHistory), "G1-leak"},
		{setting, woven(false), ""},
		{setting, leaking(woven(false)), "G1-leak"},
		{setting, leaking(woven(true)), "D2-one-winner G1-leak"},
		{setting, waiving(leaking(woven(true)), spec.Leak), "D2-one-winner"},
		{setting, waiving(leaking(woven(true)), spec.OneWinner), "G1-leak"},
		{setting, leaking(alone), "D2-one-winner G1-leak"},
		{setting, waiving(alone, spec.OneWinner), "D9-linearizable"},
		{setting, waiving(alone, spec.OneWinner, spec.Linearizable), ""},
		{filterProgram, leaking(filtered(true)), "G1-leak D9-linearizable"},
		{filterProgram, waiving(leaking(filtered(true)), spec.Leak), "D9-linearizable"},
		{filterProgram, waiving(leaking(filtered(true)), spec.Linearizable), "G1-leak"},
	} {
		e := exploring(t, c.text, c.s, Search{Strategy: "portfolio", Seed: 1, Schedules: 500})
		if got := lawsOf(e); got != c.want || e.Schedules != 500 {
			t.Errorf("%s, waiving %v: found %q in %d schedules, want %q", c.s.Title(), c.s.Waives, got, e.Schedules, c.want)
		}
	}
}

// TestAWaivedLawOfASoundSubjectChangesNothing: the outcomes are the same, and so is the
// verdict, for each law that there is.
func TestAWaivedLawOfASoundSubjectChangesNothing(t *testing.T) {
	for _, s := range []kind.Subject{woven(false), filtered(false), handMade(false, false)} {
		text := mapConfig + "a set k1 v1\n& b delete k1\n& c get k1\n& a count\n"
		if s.Kind == batcher.Kind {
			text = "batchlab: 1\nsubject: batcher\nconfig: size=2 timeout=10ms mode=foreground\n\na put x3\n& b put\n& c close\n"
		}
		search := Search{Strategy: "portfolio", Seed: 1, Schedules: 200}
		want := exploring(t, text, s, search)
		for _, law := range s.Kind.AllLaws() {
			e := exploring(t, text, waiving(s, law.ID), search)
			same := slices.EqualFunc(e.Outcomes, want.Outcomes, func(a, b Outcome) bool { return a.Digest == b.Digest && a.Count == b.Count })
			if !same || len(e.Finds)+len(want.Finds) > 0 || e.Beyond+e.Unjudged > 0 {
				t.Errorf("%s, waiving %s: the same outcomes %v, found %q", s.Title(), law.ID, same, lawsOf(e))
			}
		}
	}
}

// TestNobodyJudges: a subject that waives all there is to check is not passed, but refused.
func TestNobodyJudges(t *testing.T) {
	s := woven(false)
	s.LawsOnly = true
	p, err := program.Parse("program", []byte(mapConfig+"a set k1 v1\n& b get k1\n"), program.Names{Kinds: []*kind.Kind{s.Kind}})
	if err != nil {
		t.Fatal(err)
	}
	for _, law := range s.Kind.AllLaws() {
		s.Waives = append(s.Waives, law.ID)
	}
	lab := &Lab{T: t, Subjects: []kind.Subject{s}}
	var le *kind.LabError
	search := Search{Strategy: "random", Schedules: 9}
	_, err = lab.Explore(t.Context(), p, s, search)
	if !errors.As(err, &le) || !strings.Contains(err.Error(), "nothing judges dedup/sound") {
		t.Errorf("got %v", err)
	}
	h := Hunt{Programs: []string{p.String()}, Strategy: "random", Schedules: 9}
	if _, err := hunt(s, h, func(int) bool { return true }); !errors.As(err, &le) {
		t.Errorf("got %v", err)
	}
	s.Waives = s.Waives[1:] // what is left is enough
	if e, err := lab.Explore(t.Context(), p, s, search); err != nil || !strings.Contains(e.Judged, " only, waived ") {
		t.Errorf("got %v, %v", e, err)
	}
}
