package lab_test

import (
	"context"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// TestCampaign: campaigns find what is wrong and nothing else, survive what kills
// workers, and are the same again.
func TestCampaign(t *testing.T) {
	run := func(t *testing.T, programs int, subjects ...kind.Subject) *lab.Campaign {
		l := childLab(t)
		l.Subjects = subjects
		progress := 0
		c, err := l.Campaign(t.Context(), lab.CampaignOptions{Seed: 9, Programs: programs, Ops: 20, Progress: func(n int) { progress = n }})
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[*kind.Kind]bool{}
		for _, s := range subjects {
			kinds[s.Kind] = true
		}
		if progress != programs*len(kinds) || c.Interrupted {
			t.Errorf("progress ended at %d of %d, interrupted %v", progress, programs*len(kinds), c.Interrupted)
		}
		return c
	}
	t.Run("nothing", func(t *testing.T) {
		c := run(t, 250, tiny(none), tinyTable(none))
		for _, f := range c.Finds {
			if !f.Specified {
				t.Errorf("%v in\n%s", &f.Violation, f.Program)
			}
		}
		if n := c.Tally["batcher"]; n.Programs != 250 || n.Runs < 240 || n.Ops < 1000 || n.Repeated < 10 || n.Verbs["put"] == 0 {
			t.Errorf("tally %+v", *n)
		}
	})
	for _, c := range []struct {
		s        kind.Subject
		laws     string
		programs int
	}{
		{tiny(loses), string(spec.TimerPhase), 100},
		{tinyTable(remembers), string(spec.CountLaw), 20},
		{tiny(leaks), string(spec.Leak), 20},
		{tiny(stuck), string(spec.Progress), 20},
		{tiny(breaks), string(spec.NoPanic), 20},
		{tiny(crashes), string(spec.NoPanic), 20},
	} {
		t.Run(c.s.Name, func(t *testing.T) {
			a := run(t, c.programs, c.s)
			var laws []string
			for _, f := range a.Finds {
				laws = append(laws, string(f.Violation.Law))
				if f.Program.String() != lab.ProgramOf(9, c.s.Kind, f.Index, 20).String() {
					t.Errorf("the program of %v is not the one of its index", &f.Violation)
				}
			}
			if !strings.Contains(strings.Join(laws, " "), c.laws) {
				t.Errorf("found %v, want %s among them", laws, c.laws)
			}
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		l := childLab(t)
		c, err := l.Campaign(ctx, lab.CampaignOptions{Seed: 9, Kinds: []string{"dedup"}, Programs: 90_000, Progress: func(int) { cancel() }})
		if err != nil || !c.Interrupted {
			t.Errorf("interrupted %v, %v", c, err)
		}
	})
}
