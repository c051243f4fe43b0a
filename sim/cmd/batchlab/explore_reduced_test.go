package main

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"batchlab/sim/engine"
	"batchlab/sim/lab"
)

// fewSchedules bounds the plain searches with which the reduced ones are compared here; with 200,000 that is all.
const fewSchedules = 60

// TestReducedLitmus: of the litmus programs the reduced search shows the outcomes of the plain one and breaks the same
// laws, and without a bound no less.
func TestReducedLitmus(t *testing.T) {
	isLong(t)
	runner, compared := wovenLab(t, t, false), 0
	files, err := filepath.Glob("corpora/litmus/*.seed")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		p, err := lab.ReadSeed(file, runner.Names())
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Schedule) > 0 {
			continue
		}
		for _, s := range runner.Of(p.Kind) {
			if !engine.Applies(p, s) {
				continue
			}
			explore := func(strategy string) *lab.Exploration {
				search := lab.Search{Strategy: strategy, Schedules: fewSchedules}
				e, err := runner.Explore(context.Background(), p, s, search)
				if err != nil {
					t.Fatal(err)
				}
				return e
			}
			plain := explore("dfs2")
			if !plain.Complete {
				continue
			}
			reduced, unbound := explore("por2"), explore("por")
			compared++
			fresh, gone := lab.Refines(plain, reduced)
			_, fewer := lab.Refines(plain, unbound)
			lost := slices.ContainsFunc(plain.Finds, func(f lab.Sighting) bool {
				return reduced.Find(f.Violation.Law) == nil
			})
			if !reduced.Complete || lost || len(fresh)+len(gone) > 0 || unbound.Complete && len(fewer) > 0 {
				t.Errorf("%s on %s: whole %v, %d outcomes more, %d fewer, %d fewer without a bound, a law missed %v",
					file, s.Title(), reduced.Complete, len(fresh), len(gone), len(fewer), lost)
			}
		}
	}
	if compared < 60 {
		t.Errorf("only %d searches were compared", compared)
	}
}
