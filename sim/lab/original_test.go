package lab

import (
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// beside is a subject whose original is another.
func beside(s, first kind.Subject) kind.Subject {
	s.Original = &first
	return s
}

// TestOriginalFinds: what the original cannot do is found in the other and in nobody that is
// like it, whatever the laws say: they are waived here.
func TestOriginalFinds(t *testing.T) {
	const text = mapConfig + "a set k1 v1\n& b set k1 v2\n& c get k1\n"
	search := Search{Strategy: "portfolio", Seed: 1, Schedules: 500}
	sound, gap := woven(false), waiving(woven(true), spec.OneWinner)
	e := exploring(t, text, beside(gap, sound), search)
	if got := lawsOf(e); got != "E1-same-history" {
		t.Fatalf("found %q", got)
	}
	v := e.Violation
	if !strings.Contains(v.Want, "or another outcome of the original dedup/sound") ||
		!strings.Contains(v.Got, "no schedule of the original shows it") {
		t.Errorf("want %s, got %s", v.Want, v.Got)
	}
	if want := "judged against the original dedup/sound, and by the laws "; !strings.HasPrefix(e.Judged, want) {
		t.Errorf("%q, want %q", e.Judged, want)
	}
	twin := woven(false)
	twin.Name = "twin"
	if e := exploring(t, text, beside(twin, sound), search); e.Violation != nil || e.Beyond+e.Unjudged > 0 {
		t.Errorf("of its like: %v, %d beyond, %d unjudged", e.Violation, e.Beyond, e.Unjudged)
	}
	if e := exploring(t, text, waiving(beside(gap, sound), spec.OneWinner, kind.SameHistory), search); e.Violation != nil {
		t.Errorf("waived: %v", e.Violation)
	}
}

// TestOriginalShares: a law that the original breaks as well is the specification's fault,
// and one that it keeps is not.
func TestOriginalShares(t *testing.T) {
	const text = mapConfig + "a set k1 v1\n& b set k1 v2\n"
	search := Search{Strategy: "portfolio", Seed: 1, Schedules: 300}
	gap, twin := woven(true), woven(true)
	twin.Name = "twin"
	for _, c := range []struct {
		s         kind.Subject
		specified bool
	}{{beside(twin, gap), true}, {beside(gap, woven(false)), false}} {
		e := exploring(t, text, c.s, search)
		if f := e.Find(spec.OneWinner); f == nil || f.Specified != c.specified {
			t.Errorf("%s beside %s: %v", c.s.Name, c.s.Original.Name, f)
		}
	}
}

// TestOriginalIsNone: one that depends on more than the schedule is no reference, and whoever
// has it is told so.
func TestOriginalIsNone(t *testing.T) {
	p := parse(t, "a set k1 v1|& b set k1 v2")
	p.Config.Epoch = engine.BubbleEpoch
	steady, runs := woven(false), 0
	moody := steady
	moody.New = func(c kind.Config, env kind.Env) kind.Instance {
		runs++
		return unsteady{steady.New(c, env), runs % 3}
	}
	ref := newOriginal(p, beside(woven(true), moody), moody, func() bool { return true })
	strategy, err := sched.New("sequential", 1)
	if err != nil {
		t.Fatal(err)
	}
	strategy.Begin()
	x, err := engine.Woven(p, woven(false), strategy)
	if err != nil {
		t.Fatal(err)
	}
	o := oracle.Observe(&x.Run, ref.lanes)
	o.Digest++ // nobody has that
	const want = "kind dedup: the original dedup/sound does otherwise"
	if a, err := ref.Shows(o); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %+v, %v", a, err)
	}
	sound := newOriginal(p, beside(woven(true), woven(false)), woven(false), func() bool { return true })
	if a, err := sound.Shows(o); err != nil || a.Shown || !a.Whole || len(a.Nearest) == 0 || a.Always {
		t.Errorf("got %+v, %v", a, err)
	}
	for n, want := range []bool{false, false, true, true, false} { // who wins is not always the same; what is counted is
		o.Events = sound.ends[0][:n]
		if a, err := sound.Shows(o); err != nil || a.Always != want {
			t.Errorf("behind %d events: always %v, %v", n, a.Always, err)
		}
	}
	idle := newOriginal(p, beside(woven(true), woven(false)), woven(false), func() bool { return false })
	if a, err := idle.Shows(o); err != nil || a.Shown || a.Whole {
		t.Errorf("stopped: got %+v, %v", a, err)
	}
}

// unsteady counts a few times before each call.
type unsteady struct {
	kind.Instance
	times int
}

func (u unsteady) Do(l *kind.Lane, o kind.Op, e *kind.Event) {
	for range u.times {
		u.Instance.Do(l, kind.Op{Verb: spec.Count}, &kind.Event{})
	}
	u.Instance.Do(l, o, e)
}

// TestOriginalOfNobody: an original is of the same kind, and another.
func TestOriginalOfNobody(t *testing.T) {
	s := woven(true)
	for _, c := range []struct {
		first kind.Subject
		want  string
	}{
		{woven(true), "its original is to be of kind dedup, and another"},
		{handMade(false, false), "its original is to be of kind dedup, and another"},
		{beside(woven(false), filtered(false)), "its original sound has an original itself"},
		{kind.Subject{Name: "empty", Kind: s.Kind}, "its original needs a name and New"},
	} {
		l := &Lab{T: t}
		_, err := l.Explore(t.Context(), &program.Program{Kind: s.Kind}, beside(s, c.first), Search{})
		if err == nil || !strings.Contains(err.Error(), "subject gap: "+c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// crowded starts a goroutine when it is made.
func crowded(s kind.Subject) kind.Subject {
	of := s.New
	s.New = func(c kind.Config, env kind.Env) kind.Instance {
		rt.Go("crowded", func() {})
		return of(c, env)
	}
	return s
}

// TestOriginalCrowded: the schedule of what is found is that of the component, though the original, whose
// schedules were run before it was asked for, has other goroutines.
func TestOriginalCrowded(t *testing.T) {
	p := parse(t, "a set k1 v1|& b set k1 v2|& c get k1")
	p.Config.Epoch = engine.BubbleEpoch
	s := beside(waiving(woven(true), spec.OneWinner), crowded(woven(false)))
	l := &Lab{T: t, Subjects: []kind.Subject{s}}
	e, err := l.Explore(t.Context(), p, s, Search{Strategy: "portfolio", Seed: 1, Schedules: 500})
	if err != nil || e.Violation == nil {
		t.Fatal("nothing is found: ", err)
	}
	p.Schedule = e.Schedule
	again, err := l.Explore(t.Context(), p, s, Search{Strategy: Replaying})
	if err != nil || len(again.Notes) > 0 || again.Violation == nil || again.Violation.Got != e.Violation.Got {
		t.Errorf("%v, %v, %v, want %v", err, again.Notes, again.Violation, e.Violation)
	}
}
