package spec

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/sim/kind"
)

// TestLaws: every law has an id of its own, a text, and a kind that it binds.
func TestLaws(t *testing.T) {
	ids, texts := map[Law]bool{}, map[string]bool{}
	for _, g := range Guarantees() {
		if g.ID == "" || g.Text == "" || len(g.Kinds) == 0 || ids[g.ID] || texts[g.Text] {
			t.Errorf("%+v is incomplete, or there twice", g)
		}
		ids[g.ID], texts[g.Text] = true, true
		for _, k := range Kinds {
			if got := slices.Contains(slices.Concat(LawsOf(k), kind.Universal), g.Law); got != slices.Contains(g.Kinds, k) {
				t.Errorf("%s is among the laws of %s: %v", g.ID, k, got)
			}
		}
		for _, k := range g.Kinds {
			if !slices.Contains(Kinds, k) {
				t.Errorf("%s binds the unknown kind %q", g.ID, k)
			}
		}
	}
	for _, k := range Kinds {
		if len(LawsOf(k)) == 0 {
			t.Errorf("no law binds a %s", k)
		}
	}
}

func TestSubjectValidate(t *testing.T) {
	batcher := func(BatcherConfig, clock.Clock, func([]*Item)) Batcher { return nil }
	table := func(MapConfig, clock.Clock) Map { return nil }
	for _, c := range []struct {
		s    Subject
		want string // "" if valid
	}{
		{Subject{Name: "x", Kind: KindBatcher, NewBatcher: batcher}, ""},
		{Subject{Name: "x", Kind: KindDedupBatcher, NewBatcher: batcher}, ""},
		{Subject{Name: "x", Kind: KindDedup, NewMap: table}, ""},
		{Subject{Kind: KindBatcher, NewBatcher: batcher}, `subject: a subject has no name (kind "batcher")`},
		{Subject{Name: "x", Kind: "queue"},
			`subject x: unknown kind "queue", want one of [batcher dedup dedup-batcher]`},
		{Subject{Name: "x", Kind: KindDedup}, "subject x: kind dedup needs NewMap and nothing else"},
		{Subject{Name: "x", Kind: KindDedup, NewMap: table, NewBatcher: batcher}, "kind dedup needs NewMap"},
		{Subject{Name: "x", Kind: KindBatcher}, "kind batcher needs NewBatcher and nothing else"},
		{Subject{Name: "x", Kind: KindDedupBatcher, NewMap: table, NewBatcher: batcher},
			"kind dedup-batcher needs NewBatcher"},
		{Subject{Name: "x", Kind: KindBatcher, NewBatcher: batcher, LawsOnly: true, Waives: []Law{Leak, Order}}, ""},
		{Subject{Name: "x", Kind: KindBatcher, NewBatcher: batcher, Waives: []Law{Leak, OneWinner}},
			`subject x: kind batcher has no law "D2-one-winner" to waive`},
		{Subject{Name: "x", Kind: KindDedup, NewMap: table, Waives: []Law{"Z9-none"}},
			`subject x: kind dedup has no law "Z9-none" to waive`},
	} {
		err := c.s.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestMapConfig: the periods of BASELINE: a tenth of a bucket but not under 100ms,
// half a bucket, all buckets.
func TestMapConfig(t *testing.T) {
	for _, c := range []struct {
		MapConfig
		refresh, cleanup, window time.Duration
	}{
		{MapConfig{time.Second, 3}, 100 * time.Millisecond, 500 * time.Millisecond, 3 * time.Second},
		{MapConfig{10 * time.Second, 2}, time.Second, 5 * time.Second, 20 * time.Second},
		{MapConfig{2, 1}, 100 * time.Millisecond, 1, 2},
	} {
		if c.Refresh() != c.refresh || c.Cleanup() != c.cleanup || c.Window() != c.window {
			t.Errorf("%+v: refresh %v, cleanup %v, window %v", c.MapConfig, c.Refresh(), c.Cleanup(), c.Window())
		}
	}
}
