package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/subject"
	"batchlab/sim/weave/mutate"
)

// huntStrategies are those whose schedules to a kill are counted.
var huntStrategies = []string{"random", "pct2", "pct3", "urw"}

// huntOptions says how mutants that need interleavings are hunted.
type huntOptions struct {
	seed      uint64
	repeats   int // hunts of each strategy, each with a seed of its own
	schedules int // of each hunt
	corpora   string
	only      string // names that hold this text
}

// prey is a mutant and its fate.
type prey struct {
	mutant   mutate.Mutant // zero if it was written by hand
	name     string
	operator string
	what     string
	subjects []subject.Subject // any one of which may be killed
	base     func(name string) string
	excuse   string // why it is equivalent, if it is

	killed  *sim.Violation
	how     string           // "" if plainly: by the race detector only, or on package time only
	counts  map[string][]int // schedules to the kill, by strategy; -1 if it survived
	timeout string           // the lab could not decide
}

// hunter hunts mutants in woven binaries.
type hunter struct {
	t      *testing.T
	o      huntOptions
	litmus []*program.Program
	plain  string // the binary

	ctx    context.Context
	build  wovenBuild
	race   sync.Once
	raced  string // the binary with the race detector, once it is needed
	failed error
}

// racing returns the binary with the race detector.
func (h *hunter) racing() (string, error) {
	h.race.Do(func() {
		h.build.race = true
		h.raced, h.failed = h.build.binary(h.ctx)
	})
	return h.raced, h.failed
}

// sourcePrey lists the mutants that are made from the source.
func sourcePrey(root string) ([]*prey, error) {
	list, err := mutate.All(filepath.Join(root, "impls", "batcher"))
	if err != nil {
		return nil, err
	}
	var all []*prey
	for _, m := range list {
		if len(m.Affects) == 0 { // of code that no row of the registry runs
			continue
		}
		p := &prey{mutant: m, name: m.ID + " " + m.Name, operator: m.Operator, what: m.What, excuse: cmp.Or(mutants.Equivalent[m.Name], m.Note)}
		for _, title := range m.Affects {
			kind, name, _ := strings.Cut(title, "/")
			s, err := impls.Find(subject.Kind(kind), name)
			if err != nil {
				return nil, err
			}
			s.Name = m.ID + "-" + name
			p.subjects = append(p.subjects, s)
		}
		p.base = func(name string) string { return strings.TrimPrefix(name, m.ID+"-") }
		all = append(all, p)
	}
	return all, nil
}

// interleavingPrey lists the mutants written by hand that sequential programs do not reach.
func interleavingPrey() []*prey {
	var all []*prey
	for _, m := range mutants.All() {
		if m.Reach == mutants.Interleaving {
			all = append(all, &prey{name: m.Name, operator: "by hand", what: m.What, subjects: []subject.Subject{m.Subject}, base: func(string) string { return "optimized" }})
		}
	}
	return all
}

// newHunter reads the litmus programs and builds the binaries.
func newHunter(ctx context.Context, t *testing.T, o huntOptions, list []*prey) (*hunter, error) {
	h := &hunter{t: t, o: o}
	var made []mutate.Mutant
	for _, p := range list {
		if p.mutant.ID != "" {
			made = append(made, p.mutant)
		}
	}
	files, err := sim.SeedFiles(filepath.Join(o.corpora, "litmus"))
	if err != nil {
		return nil, err
	}
	names := (&sim.Lab{Subjects: everything()}).Names()
	for _, f := range files {
		p, err := sim.ReadSeed(f, names)
		if err != nil {
			return nil, err
		}
		h.litmus = append(h.litmus, p)
	}
	h.ctx, h.build = ctx, wovenBuild{mutants: made}
	h.plain, err = h.build.binary(ctx)
	return h, err
}

// all hunts every mutant.
func (h *hunter) all(ctx context.Context, list []*prey, progress func(int)) error {
	var mu sync.Mutex
	var failed error
	done := 0
	next := make(chan *prey)
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Go(func() {
			for p := range next {
				err := h.one(ctx, p)
				mu.Lock()
				failed = errors.Join(failed, err)
				done++
				progress(done)
				mu.Unlock()
			}
		})
	}
	for _, p := range list {
		if ctx.Err() == nil {
			next <- p
		}
	}
	close(next)
	wg.Wait()
	return failed
}

// one hunts one mutant: on each subject that it affects, until one is killed.
func (h *hunter) one(ctx context.Context, p *prey) error {
	p.counts = map[string][]int{}
	for _, way := range []string{"", onTime, byRace} {
		binary, err := h.plain, error(nil)
		if way == byRace {
			binary, err = h.racing()
		}
		for _, s := range p.subjects {
			if err != nil || way == onTime && s.Kind == subject.KindDedup { // whose programs begin at 1970
				break
			}
			programs := h.programs(s, p.base(s.Name))
			lab := newWovenLab(h.t, binary, []subject.Subject{s})
			err = h.on(ctx, lab, p, s, programs, 1, way)
			if err == nil && p.killed != nil {
				err = h.on(ctx, lab, p, s, programs, h.o.repeats, way)
			}
			lab.Close()
			if p.killed != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// The ways in which a mutant is hunted that survives the first: on package time, and under
// the race detector.
const (
	onTime = "time"
	byRace = "race"
)

// programs are the litmus programs of a subject's kind, but for those on which the
// implementation that was mutated is itself known to be wrong, by whatever schedule.
func (h *hunter) programs(s subject.Subject, base string) []string {
	wrong := map[string]bool{}
	for _, p := range h.litmus {
		if slices.ContainsFunc(p.Expect, func(e program.Expect) bool { return slices.Contains(e.Subjects, base) }) {
			wrong[anySchedule(p)] = true
		}
	}
	var list []string
	for _, p := range h.litmus {
		if text := anySchedule(p); p.Kind == string(s.Kind) && !wrong[text] && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// anySchedule is the program without the schedule at which it was found.
func anySchedule(p *program.Program) string {
	bare := p.Bare()
	bare.Schedule = nil
	return bare.String()
}

// innocent hunts the implementation that was mutated just as the mutant was hunted when it
// was killed. If it is killed as well, that was no kill.
func (h *hunter) innocent(ctx context.Context, lab *sim.Lab, p *prey, s subject.Subject, hunt sim.Hunt, law subject.Law) error {
	if p.mutant.ID == "" { // what is written by hand has no original
		return nil
	}
	original, err := impls.Find(s.Kind, p.base(s.Name))
	if err != nil {
		return err
	}
	r, err := lab.Hunt(ctx, original, hunt)
	if err != nil || r.Violation == nil {
		return err
	}
	return fmt.Errorf("%s: %s breaks %s as its mutant does %s, in\n%s\na litmus seed should expect that", p.name, sim.Title(original), r.Violation.Law, law, hunt.Programs[r.Program])
}

// on hunts a mutant with every strategy.
func (h *hunter) on(ctx context.Context, lab *sim.Lab, p *prey, s subject.Subject, programs []string, repeats int, way string) error {
	if len(programs) == 0 {
		return fmt.Errorf("%s: no litmus program is for a %s", p.name, s.Kind)
	}
	for _, strategy := range huntStrategies {
		for i := len(p.counts[strategy]); i < repeats; i++ {
			hunt := sim.Hunt{Programs: programs, Strategy: strategy, Seed: h.o.seed + uint64(i)*1_000_003, Schedules: h.o.schedules, Clockless: way == onTime}
			r, err := lab.Hunt(ctx, s, hunt)
			var le *sim.LabError
			if errors.As(err, &le) {
				p.timeout = le.Msg
				return nil
			} else if err != nil {
				return err
			}
			if r.Violation == nil {
				p.counts[strategy] = append(p.counts[strategy], -1)
				continue
			}
			p.counts[strategy] = append(p.counts[strategy], r.Schedules)
			if p.killed == nil {
				hunt.Schedules = r.Schedules
				if err := h.innocent(ctx, lab, p, s, hunt, r.Violation.Law); err != nil {
					return err
				}
				p.killed, p.how = r.Violation, way
			}
		}
	}
	if p.killed == nil { // another subject, or the race detector, starts afresh
		p.counts = map[string][]int{}
	}
	return nil
}

// verdict is what became of the mutant, in a word.
func (p *prey) verdict() string {
	switch {
	case p.killed != nil && p.how != "":
		return "killed (" + p.how + ")"
	case p.killed != nil:
		return "killed"
	case p.timeout != "":
		return "TIMEOUT"
	case p.excuse != "":
		return "equivalent"
	}
	return "SURVIVED"
}

// quantile is the q-th of the counts by size, as text: survivors count as more than all.
func (p *prey) quantile(strategy string, q float64, most int) string {
	list := slices.Clone(p.counts[strategy])
	if len(list) == 0 {
		return "-"
	}
	for i := range list {
		if list[i] < 0 {
			list[i] = most + 1
		}
	}
	slices.Sort(list)
	n := list[min(int(q*float64(len(list))), len(list)-1)]
	if n > most {
		return fmt.Sprintf(">%d", most)
	}
	return fmt.Sprint(n)
}

// printHunt prints a row for each mutant and the score, and returns how many holes there are:
// mutants that survived and that nobody has argued to be equivalent, and timeouts.
func printHunt(out io.Writer, o huntOptions, list []*prey) int {
	fmt.Fprintf(out, "\nmutants that need interleavings: schedules to the kill, median/90th percentile of %d hunts of at most %d schedules over the litmus programs, seed %d\n", o.repeats, o.schedules, o.seed)
	fmt.Fprintf(out, "%-14s %-22s", "verdict", "law")
	for _, s := range huntStrategies {
		fmt.Fprintf(out, " %12s", s)
	}
	fmt.Fprintf(out, "  mutant\n")
	count := map[string]int{}
	for _, p := range list {
		count[p.verdict()]++
		law := ""
		if p.killed != nil {
			law = string(p.killed.Law)
		}
		fmt.Fprintf(out, "%-14s %-22s", p.verdict(), law)
		for _, s := range huntStrategies {
			text := ""
			if p.killed != nil {
				text = p.quantile(s, 0.5, o.schedules) + "/" + p.quantile(s, 0.9, o.schedules)
			}
			fmt.Fprintf(out, " %12s", text)
		}
		fmt.Fprintf(out, "  %s: %s\n", p.name, p.what)
		if p.killed == nil && p.excuse != "" {
			fmt.Fprintf(out, "%-14s   equivalent: %s\n", "", strings.TrimPrefix(p.excuse, "equivalent: "))
		}
		if p.timeout != "" {
			fmt.Fprintf(out, "%-14s   %s\n", "", p.timeout)
		}
	}
	killed := count["killed"] + count["killed (race)"] + count["killed (time)"]
	fmt.Fprintf(out, "%d mutants: %d killed, %d of them by the race detector only, %d on package time only; %d survived; %d timeouts; %d argued to be equivalent. Score %d of %d, %d of %d without the equivalent ones\n",
		len(list), killed, count["killed (race)"], count["killed (time)"], count["SURVIVED"], count["TIMEOUT"], count["equivalent"], killed, len(list), killed, len(list)-count["equivalent"])
	return count["SURVIVED"] + count["TIMEOUT"]
}
