package hunt

import (
	"context"
	"fmt"
	"slices"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
	"batchlab/sim/weave/mutate"
)

// Strategies are those whose schedules to a kill are counted, if nobody says which.
var Strategies = []string{"random", "pct2", "pct3", "urw", "surw", by}

// InTurn stands in a Table for hunts with the strategy that mutants are hunted with, and the programs in turn from
// the first schedule on.
const InTurn = "in-turn"

// by is the strategy that mutants are hunted with.
const by = "portfolio"

// Hunter hunts mutants that need interleavings, in woven binaries.
type Hunter struct {
	// Build builds the command woven, with mutants made from the source, and Queue has units done with it.
	Build func(ctx context.Context, made []mutate.Mutant, race bool) (binary string, err error)
	Queue lab.Queue

	Litmus    []lab.Seed // the programs that they are hunted with
	Seed      uint64
	Table     []string // strategies whose schedules to a kill are counted
	Repeats   int      // hunts of each, each with a seed of its own
	Schedules int      // of each hunt
	Learn     bool     // find out which program kills whom, for Kills

	plain string // the binary
	raced string // the one with the race detector, for those that survive without
}

// build builds the command with those mutants in it that are made from the source.
func (h *Hunter) build(ctx context.Context, list []*Hunted, race bool) (string, error) {
	var made []mutate.Mutant
	for _, p := range list {
		if p.mutant.ID != "" {
			made = append(made, p.mutant)
		}
	}
	return h.Build(ctx, made, race)
}

// on is a hunt of a mutant on a subject: with the litmus programs of its kind, but for those on which the
// implementation that was mutated is itself known to be wrong, by whatever schedule; those first that
// kill mutants like it. The programs are returned as well.
func (h *Hunter) on(p *Hunted, s kind.Subject, way string, schedules int) (hunt lab.Hunt, list []litmus) {
	base := p.base(s.Name)
	wrong := map[string]bool{}
	for _, l := range h.Litmus {
		if slices.ContainsFunc(l.Program.Expect, func(e program.Expect) bool { return slices.Contains(e.Subjects, base) }) {
			wrong[anySchedule(l.Program)] = true
		}
	}
	hunt = lab.Hunt{Strategy: by, Seed: h.Seed, Schedules: schedules, Clockless: way == onTime}
	for _, l := range h.Litmus {
		if text := anySchedule(l.Program); l.Program.Kind == s.Kind && !wrong[text] &&
			!slices.Contains(hunt.Programs, text) {
			hunt.Programs, list = append(hunt.Programs, text), append(list, newLitmus(l.File, text))
		}
	}
	hunt.First = order(kills, s.Kind.Name, p.id(), list)
	return hunt, list
}

// anySchedule is the program without the schedule at which it was found.
func anySchedule(p *program.Program) string {
	bare := p.Bare()
	bare.Schedule = nil
	return bare.String()
}

// sparesOriginal hunts the implementation that was mutated just as the mutant was hunted when it
// was killed. If it is killed as well, that was no kill.
func (h *Hunter) sparesOriginal(ctx context.Context, p *Hunted, way string, s kind.Subject, hunt lab.Hunt,
	law kind.LawID) error {
	if p.mutant.ID == "" { // what is written by hand has a control, which is hunted as well
		return nil
	}
	row, err := impls.Find(spec.Kind(s.Kind.Name), p.base(s.Name))
	if err != nil {
		return err
	}
	original := impls.Lab(row)[0]
	r, err := h.done(ctx, original, way, hunt)
	if err != nil || r.Violation == nil {
		return err
	}
	return fmt.Errorf("%s: %s breaks %s as its mutant does %s, in\n%s\na litmus seed should expect that", p.Name,
		original.Title(), r.Violation.Law, law, hunt.Programs[r.Program])
}
