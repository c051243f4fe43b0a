package lab

import (
	"slices"
	"testing"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// signalled is a map whose Count looks at what no schedule decides.
type signalled struct{ *handWoven }

func (m signalled) Count() int { return rt.Gap("map.go:7: signals", m.handWoven).Count() }

// TestAHuntTellsWhatNoScheduleDecides: as an exploration does, each thing once; and nothing of
// a subject that comes upon nothing.
func TestAHuntTellsWhatNoScheduleDecides(t *testing.T) {
	noisy := dedup.Subject(spec.Subject{
		Name: "noisy", Kind: spec.KindDedup, Clockless: true,
		NewMap: func(c spec.MapConfig, _ clock.Clock) spec.Map {
			return signalled{&handWoven{entries: map[int]int{}, end: rt.TimeNow("~").Add(c.Window() + c.Bucket/2)}}
		},
	})
	for _, c := range []struct {
		s    kind.Subject
		want []string
	}{{noisy, []string{"map.go:7: signals"}}, {woven(false), nil}} {
		text := mapConfig + "a set k1 v1\n& b count\n"
		r, err := hunt(c.s, Hunt{Programs: []string{text}, Strategy: "random", Schedules: 9}, func(int) bool { return true })
		if err != nil || r.Violation != nil || !slices.Equal(r.Uncontrolled, c.want) {
			t.Errorf("%s: %v, %+v; want %q", c.s.Name, err, r, c.want)
		}
		e := exploring(t, text, c.s, Search{Strategy: "random", Schedules: 9})
		if !slices.Equal(e.Uncontrolled, c.want) {
			t.Errorf("%s, explored: %q, want %q", c.s.Name, e.Uncontrolled, c.want)
		}
	}
}

// TestFirstOfAHunt: the first schedules are of the programs that are to come first, and the others follow in turn;
// each program has the same schedules as without that.
func TestFirstOfAHunt(t *testing.T) {
	hunted := func(s kind.Subject, first ...int) *Hunted {
		h := Hunt{Programs: []string{mapConfig + "a set k1 v1\n", mapConfig + "a set k1 v1\n& b set k1 v2\n"}, First: first,
			Strategy: "random", Schedules: 100}
		r, err := hunt(s, h, func(int) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	n := hunted(woven(true)).Schedules / 2 // that the second program takes
	for _, c := range []struct {
		first []int
		want  int
	}{
		{nil, 2 * n},
		{slices.Repeat([]int{1}, 100), n},
		{append(slices.Repeat([]int{0}, 10), slices.Repeat([]int{1}, 100)...), 10 + n},
		{append([]int{7}, slices.Repeat([]int{1}, 100)...), n}, // there is no such program
		{[]int{0, 0, 0}, 3 + 2*n},
	} {
		if r := hunted(woven(true), c.first...); r.Violation == nil || r.Program != 1 || r.Schedules != c.want {
			t.Errorf("first %v: %+v, want %d schedules", c.first, r, c.want)
		}
		if r := hunted(woven(false), c.first...); r.Violation != nil || r.Schedules != 100 {
			t.Errorf("first %v: a sound subject: %+v", c.first, r)
		}
	}
}
