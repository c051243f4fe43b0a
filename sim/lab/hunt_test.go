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
