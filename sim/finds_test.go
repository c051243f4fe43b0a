package sim

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/benbjohnson/clock"

	"batchlab/sim/program"
	"batchlab/sim/subject"
	"batchlab/sim/weave/rt"
)

// handBatcher is a small batcher that answers to the laws: Put hands over a full batch,
// Close what is left.
type handBatcher struct {
	mu     sync.Mutex
	out    sync.Mutex // held while batches are handed over, in their order
	items  []*subject.Item
	size   int
	fn     func([]*subject.Item)
	closed bool
	loses  bool // a fault: Put reads the list under one lock, and writes it under another
}

func (b *handBatcher) lock()   { rt.MutexLock("lock", &b.mu) }
func (b *handBatcher) unlock() { rt.MutexUnlock("unlock", &b.mu) }

func (b *handBatcher) Put(item *subject.Item) {
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
	var batch []*subject.Item
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

func handMade(loses, leaks bool) subject.Subject {
	return subject.Subject{
		Name: "hand", Kind: subject.KindBatcher, Clockless: true, LawsOnly: true,
		NewBatcher: func(c subject.BatcherConfig, _ clock.Clock, fn func([]*subject.Item)) subject.Batcher {
			if leaks {
				lingering()
			}
			return &handBatcher{size: c.Size, fn: fn, loses: loses}
		},
	}
}

// leaking is a subject that leaves a goroutine behind.
func leaking(s subject.Subject) subject.Subject {
	plain := s.NewMap
	s.NewMap = func(c subject.MapConfig, clk clock.Clock) subject.Map {
		lingering()
		return plain(c, clk)
	}
	return s
}

func waiving(s subject.Subject, laws ...subject.Law) subject.Subject {
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
		s    subject.Subject
		want string
	}{
		{putting, handMade(false, false), ""},
		{putting, handMade(false, true), "G1-leak"},
		{putting, handMade(true, true), "B7-close-drains G1-leak"},
		{putting, handMade(true, false), "B7-close-drains"},
		{putting, waiving(handMade(true, true), subject.Leak), "B7-close-drains"},
		{putting, waiving(handMade(true, true), subject.CloseDrains), "B1-exactly-once G1-leak"},
		{putting, waiving(handMade(true, true), subject.CloseDrains, subject.ExactlyOnce), "G1-leak E1-same-history"},
		{putting, waiving(handMade(true, true), subject.CloseDrains, subject.ExactlyOnce, subject.SameHistory), "G1-leak"},
		{setting, woven(false), ""},
		{setting, leaking(woven(false)), "G1-leak"},
		{setting, leaking(woven(true)), "D2-one-winner G1-leak"},
		{setting, waiving(leaking(woven(true)), subject.Leak), "D2-one-winner"},
		{setting, waiving(leaking(woven(true)), subject.OneWinner), "G1-leak"},
		{setting, leaking(alone), "D2-one-winner G1-leak"},
		{setting, waiving(alone, subject.OneWinner), "D9-linearizable"},
		{setting, waiving(alone, subject.OneWinner, subject.Linearizable), ""},
		{filterProgram, leaking(filtered(true)), "G1-leak D9-linearizable"},
		{filterProgram, waiving(leaking(filtered(true)), subject.Leak), "D9-linearizable"},
		{filterProgram, waiving(leaking(filtered(true)), subject.Linearizable), "G1-leak"},
	} {
		e := exploring(t, c.text, c.s, Search{Strategy: "portfolio", Seed: 1, Schedules: 500})
		if got := lawsOf(e); got != c.want || e.Schedules != 500 {
			t.Errorf("%s, waiving %v: found %q in %d schedules, want %q", Title(c.s), c.s.Waives, got, e.Schedules, c.want)
		}
	}
}

// TestAWaivedLawOfASoundSubjectChangesNothing: the outcomes are the same, and so is the
// verdict, for each law that there is.
func TestAWaivedLawOfASoundSubjectChangesNothing(t *testing.T) {
	for _, s := range []subject.Subject{woven(false), filtered(false), handMade(false, false)} {
		text := mapConfig + "a set k1 v1\n& b delete k1\n& c get k1\n& a count\n"
		if s.Kind == subject.KindBatcher {
			text = "batchlab: 1\nsubject: batcher\nconfig: size=2 timeout=10ms mode=foreground\n\na put x3\n& b put\n& c close\n"
		}
		search := Search{Strategy: "portfolio", Seed: 1, Schedules: 200}
		want := exploring(t, text, s, search)
		for _, g := range subject.Guarantees {
			if !slices.Contains(g.Kinds, s.Kind) {
				continue
			}
			e := exploring(t, text, waiving(s, g.Law), search)
			same := slices.EqualFunc(e.Outcomes, want.Outcomes, func(a, b Outcome) bool { return a.Digest == b.Digest && a.Count == b.Count })
			if !same || len(e.Finds)+len(want.Finds) > 0 || e.Beyond+e.Unjudged > 0 {
				t.Errorf("%s, waiving %s: the same outcomes %v, found %q", Title(s), g.Law, same, lawsOf(e))
			}
		}
	}
}

// TestNobodyJudges: a subject that waives all there is to check is not passed, but refused.
func TestNobodyJudges(t *testing.T) {
	s := woven(false)
	s.LawsOnly = true
	p, err := program.Parse("program", []byte(mapConfig+"a set k1 v1\n& b get k1\n"), program.Names{})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range subject.Guarantees {
		if slices.Contains(g.Kinds, s.Kind) {
			s.Waives = append(s.Waives, g.Law)
		}
	}
	lab := &Lab{T: t, Subjects: []subject.Subject{s}}
	var le *LabError
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
