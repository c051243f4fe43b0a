package lab

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// handWoven is a map whose code asks the scheduler as woven code does. It forgets
// everything a second after its window.
type handWoven struct {
	mu      sync.Mutex
	entries map[int]int
	gap     bool // Set looks before it locks
	end     time.Time
}

func (m *handWoven) Get(key int) (int, bool) {
	rt.MutexLock("get", &m.mu)
	defer rt.MutexUnlock("get", &m.mu)
	v, ok := m.entries[key]
	return v, ok
}

func (m *handWoven) Set(key, value int) bool {
	if m.gap {
		if _, ok := m.Get(key); ok {
			return false
		}
	}
	rt.MutexLock("set", &m.mu)
	defer rt.MutexUnlock("set", &m.mu)
	if _, ok := m.entries[key]; ok && !m.gap {
		return false
	}
	m.entries[key] = value
	return true
}

func (m *handWoven) Delete(key int) bool {
	rt.MutexLock("delete", &m.mu)
	defer rt.MutexUnlock("delete", &m.mu)
	_, ok := m.entries[key]
	delete(m.entries, key)
	return ok
}

func (m *handWoven) Count() int {
	rt.MutexLock("count", &m.mu)
	defer rt.MutexUnlock("count", &m.mu)
	if rt.TimeNow("~").After(m.end) {
		clear(m.entries)
	}
	return len(m.entries)
}

func (m *handWoven) Close() {}

func woven(gap bool) kind.Subject {
	name := map[bool]string{false: "sound", true: "gap"}[gap]
	return dedup.Subject(spec.Subject{
		Name: name, Kind: spec.KindDedup, Clockless: true,
		NewMap: func(c spec.MapConfig, _ clock.Clock) spec.Map {
			return &handWoven{entries: map[int]int{}, gap: gap, end: rt.TimeNow("~").Add(c.Window() + c.Bucket/2)}
		},
	})
}

func init() { rt.Woven = "by hand" }

const mapConfig = "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=3 epoch=2026-01-01T00:00:00Z\n\n"

func exploring(t *testing.T, text string, s kind.Subject, search Search) *Exploration {
	t.Helper()
	p, err := program.Parse("program", []byte(text), program.Names{Kinds: []*kind.Kind{s.Kind}})
	if err != nil {
		t.Fatal(err)
	}
	lab := &Lab{T: t, Subjects: []kind.Subject{s}}
	e, err := lab.Explore(t.Context(), p, s, search)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestExploreFinds: every strategy that preempts finds that two Sets of one key both win, and no strategy
// finds anything in the map that is right.
func TestExploreFinds(t *testing.T) {
	text := mapConfig + "a set k1 v1\n& b set k1 v2\n& c get k1\n"
	for _, name := range sched.Names {
		e := exploring(t, text, woven(true), Search{Strategy: name, Seed: 1, Schedules: 100})
		preempts := !slices.Contains([]string{"sequential", "dfs0", "por0", "coarse"}, name)
		if found := e.Violation != nil && e.Violation.Law == spec.OneWinner; found != preempts {
			t.Errorf("%s: %v after %d schedules", name, e.Violation, e.Schedules)
		}
		e = exploring(t, text, woven(false), Search{Strategy: name, Seed: 1, Schedules: 2000})
		if e.Violation != nil {
			t.Errorf("%s: of what is right: %v", name, e.Violation)
		}
		t.Log(name, e.Schedules, e.Complete, e.Covered, len(e.Outcomes))
	}
}

// TestAnOutcomeIsNewOnlyBesideAWholeSearch: what a few schedules of many did not show of
// the first subject, it may have all the same.
func TestAnOutcomeIsNewOnlyBesideAWholeSearch(t *testing.T) {
	for _, c := range []struct {
		base, rival bool // searched whole
		want        int
	}{{true, true, 1}, {false, true, 0}, {true, false, 0}} {
		st := &Study{
			Program:      &program.Program{},
			Explorations: []*Exploration{{Subject: "dedup/a", Complete: c.base}, {Subject: "dedup/b", Complete: c.rival}},
			Fresh:        [][]Outcome{nil, {{Lines: []string{"something else"}}}},
		}
		if got := st.Broken(); len(got) != c.want {
			t.Errorf("whole %v and %v: got %q, want %d", c.base, c.rival, got, c.want)
		}
	}
}
