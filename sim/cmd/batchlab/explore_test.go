package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"batchlab/impls"
	"batchlab/impls/hunt"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// wovenLab returns a lab whose workers are woven.
func wovenLab(tb testing.TB, t *testing.T, race bool, env ...string) *lab.Lab {
	skipIfShort(t)
	binary, err := wovenBuild{race: race}.binary(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	runner := newWovenLab(t, binary, everything())
	spawn := runner.Spawn
	if len(env) > 0 {
		runner.Spawn = func() *exec.Cmd { cmd := spawn(); cmd.Env = append(cmd.Env, env...); return cmd }
	}
	tb.Cleanup(runner.Close)
	return runner
}

// names are what seeds may speak of: any subject, and any law.
var names = program.Names{Kinds: impls.Kinds(), AnyLaw: true}

func programOf(tb testing.TB, text string) *program.Program {
	p, err := program.Parse("program", []byte(text), names)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func find(tb testing.TB, of spec.Kind, name string) kind.Subject {
	tb.Helper()
	s, err := impls.Find(of, name)
	if err != nil {
		tb.Fatal(err)
	}
	return impls.Lab(s)[0]
}

const twoSets = "batchlab: 1\nsubject: dedup\nconfig: bucket=1h buckets=3\n\na set k1 v1\n& b set k1 v2\n"

// TestEveryStrategyFindsTheGap: that the baseline's Set looks before it locks is found in
// fewer than 100 schedules by every strategy that preempts, with every seed; and the
// optimized version, in which there is no gap, is not accused.
func TestEveryStrategyFindsTheGap(t *testing.T) {
	runner := wovenLab(t, t, false)
	p := programOf(t, twoSets)
	for _, strategy := range []string{"random", "pct2", "pct3", "urw", "dfs1", "dfs2", "dfs3", "portfolio"} {
		for seed := range uint64(20) {
			search := lab.Search{Strategy: strategy, Seed: seed, Schedules: 100}
			e, err := runner.Explore(t.Context(), p, find(t, spec.KindDedup, "baseline"), search)
			if err != nil {
				t.Fatal(err)
			}
			if e.Violation == nil || e.Violation.Law != spec.OneWinner {
				t.Errorf("%s, seed %d: %v after %d schedules", strategy, seed, e.Violation, e.Schedules)
			}
			e, err = runner.Explore(t.Context(), p, find(t, spec.KindDedup, "optimized"), search)
			if err != nil || e.Violation != nil {
				t.Errorf("%s, seed %d: optimized: %v, %v", strategy, seed, e.Violation, err)
			}
		}
	}
}

// TestSchedulesReplay: a schedule gives one history, 75 times over, on one core and
// on two, with the race detector and without. What to think of it is no matter here.
func TestSchedulesReplay(t *testing.T) {
	var seeds []*program.Program
	files, err := lab.SeedFiles(filepath.Join(corpora, "litmus"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		p, err := lab.ReadSeed(f, names)
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, p)
	}
	inEachWay(t, func(t *testing.T, w way) map[string]string {
		runner, got := wovenLab(t, t, w.race, w.env), map[string]string{}
		for i, p := range seeds {
			if !w.runs(i) {
				continue
			}
			s := impls.Lab(impls.Of(spec.Kind(p.Kind.Name))...)[0]
			// A schedule drawn with the seed i, replayed from its decisions.
			drawn, err := runner.Explore(t.Context(), p, s, lab.Search{Strategy: "urw", Seed: uint64(i), Schedules: 2, Blind: true})
			if err != nil {
				t.Fatal(err)
			}
			q := p.Bare()
			q.Schedule = drawn.Outcomes[0].Schedule
			for range 25 { // in each of three ways
				e, err := runner.Explore(t.Context(), q, s, lab.Search{Strategy: lab.Replaying, Blind: true})
				if err != nil {
					t.Fatal(err)
				}
				text := e.Outcomes[0].Digest + " " + strings.Join(e.Notes, "; ")
				if first := got[files[i]]; first == "" {
					got[files[i]] = text
				} else if text != first {
					t.Fatalf("%s, %s: %s, and before %s", files[i], w, text, first)
				}
			}
		}
		return got
	})
}

// TestExploreCommand: a find is shrunk to few operations and one preemption, becomes a seed
// with its schedule, and that seed shows it again.
func TestExploreCommand(t *testing.T) {
	skipIfShort(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "x.seed")
	text := "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=3\n\nc set k5 v5\n+100ms\na set k1 v1\n" +
		"& b set k1 v2\n& c get k1\n& a get k5\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	r := runCommand(t, "explore", "--on", "dedup/baseline", "--corpora", dir, "--strategy", "portfolio", "--seed", "1",
		file)
	m := regexp.MustCompile(`make replay SEED=(\S+)`).FindStringSubmatch(r.out)
	if r.status != 1 || m == nil || !strings.HasPrefix(r.out, "exploration seed 1\n") || !strings.Contains(r.out, "; judged by model and laws\n") {
		t.Fatalf("status %d\n%s%s", r.status, r.out, r.errout)
	}
	p, err := lab.ReadSeed(m[1], names)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Ops) != 2 || len(p.Schedule) != 1 {
		t.Errorf("not shrunk:\n%s", p)
	}
	again := runCommand(t, "replay", m[1])
	if again.status != 1 || !strings.Contains(again.out, "dedup/baseline: expected to pass, breaks D2-one-winner") ||
		strings.Contains(again.out, "optimized: expected") {
		t.Errorf("status %d\n%s%s", again.status, again.out, again.errout)
	}
	// A schedule survives small edits, and says what could not be followed.
	edited := filepath.Join(dir, "edited.seed")
	stale := strings.Replace(p.String(), "schedule:", "schedule: b 99 nowhere -> a\nschedule:", 1)
	if err := os.WriteFile(edited, []byte(stale), 0o666); err != nil {
		t.Fatal(err)
	}
	if again = runCommand(t, "replay", edited); !strings.Contains(again.out, "breaks D2-one-winner") ||
		!strings.Contains(again.out, "b 99 nowhere -> a: this point was not reached") {
		t.Errorf("status %d\n%s%s", again.status, again.out, again.errout)
	}
}

// TestExplorationText tells what the runs came upon that no schedule decides.
func TestExplorationText(t *testing.T) {
	st := &lab.Study{Fresh: make([][]lab.Outcome, 1), Gone: make([][]lab.Outcome, 1)}
	sound := explorationText(&lab.Exploration{}, st, 0)
	upon := explorationText(&lab.Exploration{Uncontrolled: []string{"a.go:7: signals"}}, st, 0)
	if upon != sound+"; no schedule decides a.go:7: signals" {
		t.Errorf("%q, and else %q", upon, sound)
	}
}

// TestWeaveCommand shows a diff, and what cannot be woven.
func TestWeaveCommand(t *testing.T) {
	r := runCommand(t, "weave", "./impls/batcher")
	if r.status != 0 || !strings.Contains(r.out, "-	m.mu.RLock()") ||
		!strings.Contains(r.out, `RWMutexRLock("batcher_deduplication.go:`) ||
		!strings.Contains(r.errout, "scheduling points") {
		t.Errorf("status %d\n%.2000s%s", r.status, r.out, r.errout)
	}
}

// someMutants are one or two of each way in which mutants are made from the source, of the
// baseline and the optimized version. All of them are hunted by make mutants, which some of
// the direct versions survive.
var someMutants = regexp.MustCompile(`drop-recheck|lock-below|split-section|late-add|pool-early|swap-send|lost-update|-drop-lock|plain-field`)

// TestHunt kills mutants that sequential programs do not reach, those written by hand and
// some made from the source, the race detector helping where nothing else can.
func TestHunt(t *testing.T) {
	isLong(t)
	list, err := hunt.Made(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	list = slices.DeleteFunc(list, func(p *hunt.Hunted) bool {
		if strings.Contains(p.Name, "direct") {
			return true
		}
		seen[p.Operator]++
		return p.Equivalent != "" || !someMutants.MatchString(p.Name) || seen[p.Operator] > 2
	})
	list = append(hunt.Written(), list...)
	queue := newPool(t, runtime.NumCPU())
	defer queue.Close()
	h, err := newHunter(queue, corpora)
	if err != nil {
		t.Fatal(err)
	}
	h.Seed, h.Schedules = 1, 20_000
	if err := h.All(t.Context(), list, func(int) {}); err != nil {
		t.Fatal(err)
	}
	h.Repeats = 1 // how fast each strategy kills takes longer than the rest: of one mutant
	if n, err := h.Measured(t.Context(), list[0]); err != nil || n < 1 {
		t.Errorf("%s: %d schedules, %v", list[0].Name, n, err)
	}
	var table strings.Builder
	if holes := h.Print(&table, list); holes > 0 || len(list) < 20 {
		t.Errorf("%d holes among %d mutants", holes, len(list))
	}
	t.Log(table.String())
	if !strings.Contains(table.String(), "killed (race)") {
		t.Error("the race detector was shown no race")
	}
}

// BenchmarkSchedules measures whole schedules of a map program of three lanes with an
// operation each: set up, run, drained, judged.
func BenchmarkSchedules(b *testing.B) {
	benchSchedules(b, programOf(b, "batchlab: 1\nsubject: dedup\nconfig: bucket=1h buckets=3\n\na set k1 v1\n& b set k2 v2\n"+
		"& c get k1\n"))
}

// BenchmarkTicking measures runs of a map program whose 40 operations follow one another
// while a clock ticks for 20 seconds.
func BenchmarkTicking(b *testing.B) {
	text := "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=5\n\n"
	for k := range 20 {
		text += fmt.Sprintf("a set k%d v1\n+1s\n", k)
	}
	benchSchedules(b, programOf(b, text))
}

func benchSchedules(b *testing.B, p *program.Program) {
	for _, name := range []string{"baseline", "optimized"} {
		for _, race := range []bool{false, true} {
			b.Run("impl="+name+"/race="+map[bool]string{true: "on", false: "off"}[race], func(b *testing.B) {
				withT(b, func(t *testing.T) {
					runner := wovenLab(b, t, race)
					e, err := runner.Explore(t.Context(), p, find(b, spec.KindDedup, name),
						lab.Search{Strategy: "random", Seed: 1, Schedules: max(b.N, 100)})
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(e.Schedules)/e.Seconds, "schedules/s")
					b.ReportMetric(float64(e.Decisions)/e.Seconds, "decisions/s")
					b.ReportMetric(float64(e.Points)/float64(e.Schedules), "points")
				})
			})
		}
	}
}
