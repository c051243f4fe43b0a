package main

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// fewSchedules bounds the plain searches with which the reduced ones are compared here; with 200,000 that is all.
const fewSchedules = 60

// searched is a litmus program without a schedule, and somebody it runs on.
type searched struct {
	file string
	p    *program.Program
	s    kind.Subject
}

func litmus(tb testing.TB, runner *lab.Lab) (list []searched) {
	files, err := filepath.Glob("corpora/litmus/*.seed")
	if err != nil {
		tb.Fatal(err)
	}
	for _, file := range files {
		p, err := lab.ReadSeed(file, runner.Names())
		if err != nil {
			tb.Fatal(err)
		}
		for _, s := range runner.Of(p.Kind) {
			if len(p.Schedule) == 0 && engine.Applies(p, s) {
				list = append(list, searched{file, p, s})
			}
		}
	}
	return list
}

// TestReducedLitmus: of the litmus programs the reduced search shows the outcomes of the plain one and breaks the same
// laws, and without a bound no less.
func TestReducedLitmus(t *testing.T) {
	isLong(t)
	runner, compared := wovenLab(t, t, false), 0
	for _, on := range litmus(t, runner) {
		explore := func(strategy string) *lab.Exploration {
			search := lab.Search{Strategy: strategy, Schedules: fewSchedules}
			e, err := runner.Explore(context.Background(), on.p, on.s, search)
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
				on.file, on.s.Title(), reduced.Complete, len(fresh), len(gone), len(fewer), lost)
		}
	}
	if compared < 60 {
		t.Errorf("only %d searches were compared", compared)
	}
}

// BenchmarkReduced measures how many times the processor time of a plain schedule a reduced one costs, in turns: of all
// litmus programs, of each as many of either, and less what it costs to begin. Nothing is judged.
func BenchmarkReduced(b *testing.B) {
	withT(b, func(t *testing.T) {
		list := litmus(t, &lab.Lab{Subjects: implementations()})
		ran := make([]int, len(list))
		cost := func(strategy string, most func(i int) int) float64 {
			runner, before := wovenLab(t, t, false), used()
			for i, on := range list {
				search := lab.Search{Strategy: strategy, Schedules: most(i), Blind: true}
				e, err := runner.Explore(t.Context(), on.p, on.s, search)
				if err != nil {
					b.Fatal(err)
				}
				ran[i] = e.Schedules
			}
			runner.Close()
			return used() - before
		}
		ratios := map[string][]float64{}
		for b.Loop() {
			begun := cost("dfs2", func(int) int { return 1 })
			for _, strategy := range []string{"por", "por2"} {
				reduced := cost(strategy, func(int) int { return 500 })
				plain := cost("dfs2", func(i int) int { return ran[i] })
				ratios[strategy] = append(ratios[strategy], (reduced-begun)/(plain-begun))
			}
		}
		for strategy, list := range ratios {
			slices.Sort(list)
			b.ReportMetric(list[len(list)/2], strategy+"-of-plain")
		}
	})
}
