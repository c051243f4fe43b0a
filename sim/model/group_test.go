package model

import (
	"math/rand/v2"
	"testing"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// walkGroups draws a history that the model allows, group by group. It is nil if the
// model cannot be followed.
func walkGroups(p *program.Program, rng *rand.Rand) [][]subject.Event {
	f := Follow(p, nil)
	var history [][]subject.Event
	for _, g := range program.Groups(allOps(p)) {
		outs := f.GroupOutcomes(g, 50)
		if f.Err() != nil || len(outs) == 0 {
			return nil
		}
		seen := outs[rng.IntN(len(outs))]
		if !f.StepGroup(g, seen) {
			return nil
		}
		history = append(history, seen)
	}
	return history
}

// TestFollowGroups: the model allows each history of groups that it gives itself, told
// beforehand or not.
func TestFollowGroups(t *testing.T) {
	const programs = 150
	for _, kind := range []string{program.KindBatcher, program.KindDedupBatcher} {
		t.Run(kind, func(t *testing.T) {
			followed := 0
			for i := range uint64(programs) {
				rng := rand.New(rand.NewPCG(11, i))
				p := program.GenerateConcurrent(rng, kind)
				begun := time.Now()
				history := walkGroups(p, rng)
				if d := time.Since(begun); d > 300*time.Millisecond {
					t.Logf("%v %v for\n%s", d, history == nil, p)
				}
				if history == nil {
					continue
				}
				followed++
			}
			t.Logf("%d of %d", followed, programs)
		})
	}
}
