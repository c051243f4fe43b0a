package stress

import (
	"context"
	"sync"
	"testing"

	"batchlab/impls/spec"
)

func TestGoodMapPasses(t *testing.T) {
	wantBroken(t, Options{Items: 3000, Subjects: []spec.Subject{mapFlaw{}.subject()}, Producers: []int{1, 8}})
}

func TestMapDetectors(t *testing.T) {
	end := make(chan struct{})
	defer close(end)
	var first sync.Once
	all := ScenarioNames()[1:]
	calm := []string{"heavy", "duplicates"} // where each call's result is known
	for _, c := range []struct {
		name      string
		law       spec.Law
		scenarios []string
		flaw      mapFlaw
	}{
		{"two winners", spec.OneWinner, all, mapFlaw{set: func(m *toyMap, key, _ int) (bool, bool) {
			_, ok := m.Get(key)
			return true, ok && key%7 == 0
		}}},
		{"no winner", spec.OneWinner, calm[1:],
			mapFlaw{set: func(_ *toyMap, key, _ int) (bool, bool) { return false, key == 14 }}},
		{"check, then act", spec.OneWinner, calm[1:], mapFlaw{set: checkThenAct}},
		{"forgets", spec.Lifetime, calm,
			mapFlaw{get: func(key, v int, ok bool) (int, bool) { return v, ok && key%5 != 2 }}},
		{"another value", spec.Value, calm, mapFlaw{get: func(key, v int, ok bool) (int, bool) {
			if key%5 == 2 {
				v = -v
			}
			return v, ok
		}}},
		{"drifting count", spec.CountLaw, all, mapFlaw{count: func(m *toyMap) int {
			if m.deleted {
				return len(m.m) + 1
			}
			return len(m.m)
		}}},
		{"deletes what is not there", spec.DeleteLaw, all,
			mapFlaw{del: func(key int, was bool) bool { return was || key%5 == 2 }}},
		{"denies a delete", spec.DeleteLaw, calm,
			mapFlaw{del: func(key int, was bool) bool { return was && key%10 != 2 }}},
		{"closed for good", spec.ClosedMap, calm, mapFlaw{set: func(m *toyMap, _, _ int) (bool, bool) {
			m.lock.Lock()
			defer m.lock.Unlock()
			if m.closed {
				m.m[m.lenKey()] = m.lenKey()
			}
			return false, m.closed
		}}},
		{"leaks", spec.Leak, calm[:1], mapFlaw{born: func() { first.Do(func() { go func() { <-end }() }) }}},
		{"panics", spec.NoPanic, calm, mapFlaw{set: func(_ *toyMap, key, _ int) (bool, bool) {
			if key == 7 {
				panic("toy: 7")
			}
			return false, false
		}}},
		{"keeps a page a key", MemoryBreach, calm[:1], mapFlaw{set: func(m *toyMap, _, _ int) (bool, bool) {
			m.lock.Lock()
			defer m.lock.Unlock()
			m.hoard = append(m.hoard, make([]byte, 8<<10))
			return false, false
		}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantBroken(t, Options{Items: 3000, Subjects: []spec.Subject{c.flaw.subject()}, Scenarios: c.scenarios, Producers: []int{8}}, string(c.law))
		})
	}
}

// lenKey is the key that a pass of 3000 items uses after Close.
func (m *toyMap) lenKey() int { return 3001 }

func TestKnownBreachesDoNotFail(t *testing.T) {
	o := Options{
		Items: 3000, Subjects: []spec.Subject{mapFlaw{set: checkThenAct}.subject()}, Scenarios: []string{"duplicates"}, Producers: []int{8},
		Known: map[string][]spec.Law{"dedup/toy": {spec.OneWinner}},
	}
	s, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if s.Broken() || len(s.Rows[0].Known) != 1 || s.Rows[0].Known[0].What != string(spec.OneWinner) {
		t.Errorf("rows: %+v, want %s as known and nothing broken", s.Rows, spec.OneWinner)
	}
	o.Known = map[string][]spec.Law{"dedup/another": {spec.OneWinner}}
	wantBroken(t, o, string(spec.OneWinner))
}
