package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
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

// hunter hunts mutants in woven binaries.
type hunter struct {
	t      *testing.T
	o      huntOptions
	litmus []*program.Program
	plain  string // the binary
	raced  string // the one with the race detector, for those that survive without
}

// newHunter reads the litmus programs and builds the binary without the race detector.
func newHunter(ctx context.Context, t *testing.T, o huntOptions, list []*hunted) (*hunter, error) {
	h := &hunter{t: t, o: o}
	files, err := lab.SeedFiles(filepath.Join(o.corpora, "litmus"))
	if err != nil {
		return nil, err
	}
	names := (&lab.Lab{Subjects: everything()}).Names()
	for _, f := range files {
		p, err := lab.ReadSeed(f, names)
		if err != nil {
			return nil, err
		}
		h.litmus = append(h.litmus, p)
	}
	h.plain, err = binaryOf(ctx, list, false)
	return h, err
}

// binaryOf builds the command with those mutants in it that are made from the source.
func binaryOf(ctx context.Context, list []*hunted, race bool) (string, error) {
	b := wovenBuild{race: race}
	for _, p := range list {
		if p.mutant.ID != "" {
			b.mutants = append(b.mutants, p.mutant)
		}
	}
	return b.binary(ctx)
}

// programs are the litmus programs of a subject's kind, but for those on which the
// implementation that was mutated is itself known to be wrong, by whatever schedule.
func (h *hunter) programs(s kind.Subject, base string) []string {
	wrong := map[string]bool{}
	for _, p := range h.litmus {
		if slices.ContainsFunc(p.Expect, func(e program.Expect) bool { return slices.Contains(e.Subjects, base) }) {
			wrong[anySchedule(p)] = true
		}
	}
	var list []string
	for _, p := range h.litmus {
		if text := anySchedule(p); p.Kind == s.Kind && !wrong[text] && !slices.Contains(list, text) {
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

// sparesOriginal hunts the implementation that was mutated just as the mutant was hunted when it
// was killed. If it is killed as well, that was no kill.
func (h *hunter) sparesOriginal(ctx context.Context, runner *lab.Lab, p *hunted, s kind.Subject, hunt lab.Hunt,
	law kind.LawID) error {
	if p.mutant.ID == "" { // what is written by hand has a control, which is hunted as well
		return nil
	}
	row, err := impls.Find(spec.Kind(s.Kind.Name), p.base(s.Name))
	if err != nil {
		return err
	}
	original := impls.Lab(row)[0]
	r, err := runner.Hunt(ctx, original, hunt)
	if err != nil || r.Violation == nil {
		return err
	}
	return fmt.Errorf("%s: %s breaks %s as its mutant does %s, in\n%s\na litmus seed should expect that", p.name,
		original.Title(), r.Violation.Law, law, hunt.Programs[r.Program])
}
