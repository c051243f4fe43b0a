package lab_test

import (
	"os/exec"
	"testing"

	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// replaced runs a campaign on subjects and returns how often a worker was replaced, by what
// had grown in it.
func replaced(t *testing.T, programs int, subjects ...kind.Subject) map[string]int {
	t.Helper()
	l := childLab(t)
	l.Subjects = subjects
	c, err := l.Campaign(t.Context(), lab.CampaignOptions{Seed: 9, Programs: programs, Ops: 5})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]int{}
	for name, tally := range c.Tally {
		if tally.Programs != programs {
			t.Errorf("%d programs of %s were done, want %d", tally.Programs, name, programs)
		}
		for what, n := range tally.Replaced {
			all[what] += n
		}
	}
	return all
}

// TestLeaksDoNotStarveTheLab: a subject that leaves something behind in every program costs
// as much in the last one as in the first: every so many programs its worker is replaced.
// Beside it stands one that leaves nothing, and is not named.
func TestLeaksDoNotStarveTheLab(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	for _, c := range []struct {
		fault fault
		what  string
		few   int
	}{{litters, "goroutines of dedup/litters", 100}, {hoards, "heap of dedup/hoards", 300}} {
		t.Run(c.fault.String(), func(t *testing.T) {
			t.Parallel() // workers do it
			few := replaced(t, c.few, tinyTable(none), tinyTable(c.fault))
			many := replaced(t, 10*c.few, tinyTable(none), tinyTable(c.fault))
			a, b := few[c.what], many[c.what]
			if len(few) != 1 || len(many) != 1 || a == 0 || b < 10*a/3 || b > 3*10*a {
				t.Errorf("in %d programs %v, in %d %v", c.few, few, 10*c.few, many)
			}
		})
	}
}

// TestSoundWorkersStay: nothing of a subject that ends what it begins grows.
func TestSoundWorkersStay(t *testing.T) {
	if got := replaced(t, 2000, tiny(none), tinyTable(none)); len(got) > 0 {
		t.Errorf("replaced for %v", got)
	}
}

// TestAWorkerOfOneProgramIsReplaced: so is the worker of a lab that runs one program after
// another, and the runs are what they would be.
func TestAWorkerOfOneProgramIsReplaced(t *testing.T) {
	l, spawned := childLab(t), 0
	spawn := l.Spawn
	l.Spawn = func() *exec.Cmd { spawned++; return spawn() }
	p := parse(t, table, "a set k1 v1|a get k1")
	digests := map[string]bool{}
	for range 300 {
		r, err := l.Run(p, tinyTable(litters))
		if err != nil {
			t.Fatal(err)
		}
		digests[history.Of(&r).Digest()] = true
	}
	if len(digests) != 1 || spawned < 3 || spawned > 30 {
		t.Errorf("%d histories, %d workers", len(digests), spawned)
	}
	spawned = 0
	for range 300 {
		if _, err := l.Run(p, tinyTable(none)); err != nil {
			t.Fatal(err)
		}
	}
	if spawned > 1 {
		t.Errorf("%d workers of what is sound", spawned)
	}
}
