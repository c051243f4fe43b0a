package lab

import (
	"slices"
	"strings"
	"testing"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// partly is a map that is wrong for some keys only: there Set looks before it locks.
func partly(name string, keys ...int) kind.Subject {
	return dedup.Subject(spec.Subject{
		Name: name, Kind: spec.KindDedup, Clockless: true,
		NewMap: func(c spec.MapConfig, _ clock.Clock) spec.Map {
			part := func(gap bool) *handWoven {
				return &handWoven{entries: map[int]int{}, gap: gap, end: rt.TimeNow("~").Add(c.Window() + c.Bucket/2)}
			}
			return &partlyMap{part(false), part(true), keys}
		},
	})
}

type partlyMap struct {
	*handWoven
	wrong *handWoven
	keys  []int
}

func (m *partlyMap) of(key int) *handWoven {
	if slices.Contains(m.keys, key) {
		return m.wrong
	}
	return m.handWoven
}

func (m *partlyMap) Set(key, value int) bool      { return m.of(key).Set(key, value) }
func (m *partlyMap) Get(key int) (v int, ok bool) { return m.of(key).Get(key) }
func (m *partlyMap) Delete(key int) bool          { return m.of(key).Delete(key) }
func (m *partlyMap) Count() int                   { return m.handWoven.Count() + m.wrong.Count() }

const twoKeys = mapConfig + "a set k1 v1\n& b set k1 v2\nc set k2 v1\n& d set k2 v2\n"

// likes are what was found, law by law, and whether it is the specification's as well.
func likes(e *Exploration) string {
	var list []string
	for _, f := range e.Finds {
		text := string(f.Violation.Law)
		if f.Specified {
			text += " shared"
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// TestOneCauseExcusesNoOther: where the original breaks a law, a breach of the same law in the
// same program is still the component's own, if it is by another call: with an original, and
// beside a subject that stands for the specification.
func TestOneCauseExcusesNoOther(t *testing.T) {
	first := partly("first", 1)
	grouped := strings.Replace(twoKeys, "\nc set", "\n& c set", 1)
	for _, c := range []struct {
		s    kind.Subject
		text string
		want string
	}{
		{partly("both", 1, 2), twoKeys, "D2-one-winner, D2-one-winner shared"},
		{partly("both", 1, 2), grouped, "D2-one-winner, D2-one-winner shared"},
		{partly("like", 1), twoKeys, "D2-one-winner shared"},
		{partly("like", 1), grouped, "D2-one-winner shared"},
		{partly("other", 2), twoKeys, "D2-one-winner"},
		{partly("sound"), twoKeys, ""},
	} {
		search := Search{Strategy: "portfolio", Seed: 1, Schedules: 500}
		if got := likes(exploring(t, c.text, beside(c.s, first), search)); got != c.want {
			t.Errorf("%s, with an original: %q, want %q", c.s.Name, got, c.want)
		}
		search.Beside = first.Title()
		l := &Lab{T: t, Subjects: []kind.Subject{c.s, first}}
		p := twoKeysOf(t, c.text)
		e, err := l.Explore(t.Context(), p, c.s, search)
		if err != nil {
			t.Fatal(err)
		}
		if got := likes(e); got != c.want {
			t.Errorf("%s beside another: %q, want %q", c.s.Name, got, c.want)
		}
		for i := range e.Finds { // as the command does with what is shared
			e.Finds[i].Excused = e.Finds[i].Specified
		}
		news := e.News(p)
		if own := strings.Count(c.want, "D2") - strings.Count(c.want, "shared"); len(news) != own {
			t.Errorf("%s: news %v, want %d", c.s.Name, news, own)
		}
	}
}

// TestItsOwnStaysItsOwn: a sighting shrinks to what it is, and not to the one beside it.
func TestItsOwnStaysItsOwn(t *testing.T) {
	first, both := partly("first", 1), partly("both", 1, 2)
	l := &Lab{T: t, Subjects: []kind.Subject{both, first}}
	p := twoKeysOf(t, twoKeys)
	for specified, want := range map[bool]string{false: "set k2", true: "set k1"} {
		like := Like{Law: spec.OneWinner, Specified: specified}
		small, v, err := l.ShrinkScheduled(t.Context(), p, both, like, first.Title())
		if err != nil || v == nil || len(small.Ops) != 2 || strings.Count(small.String(), want) != 2 {
			t.Errorf("%+v: %v, %v in\n%s", like, v, err, small)
		}
	}
}

// TestBesideNobody: who is named has to be there.
func TestBesideNobody(t *testing.T) {
	s := partly("both", 1, 2)
	l := &Lab{T: t, Subjects: []kind.Subject{s}}
	_, err := l.Explore(t.Context(), twoKeysOf(t, twoKeys), s, Search{Strategy: "random", Beside: "dedup/nobody"})
	if err == nil || !strings.Contains(err.Error(), "dedup/nobody is to stand beside dedup/both") {
		t.Errorf("got %v", err)
	}
}

func twoKeysOf(t *testing.T, text string) *program.Program {
	t.Helper()
	p, err := program.Parse("program", []byte(text), program.Names{Kinds: []*kind.Kind{dedup.Kind}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
