package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"batchlab/sim/lab"
	"batchlab/sim/oracle"
)

// oldFault is a campaign that meets a known fault under D5, under which no seed expects it,
// and under D2; such a campaign once ended the main job with a failure. It meets another
// fault under D7.
var oldFault = []string{"campaign", "--seed", "1217", "--kind", "dedup", "--programs", "2700", "--corpora"}

// TestAnOldFaultUnderANewLawIsNoFailure: it is known by what brings it about, whatever law
// notices it, and is not kept again.
func TestAnOldFaultUnderANewLawIsNoFailure(t *testing.T) {
	dir := copyOfSeeds(t)
	r := runCommand(t, append(oldFault, dir)...)
	const want = "bucket-zero-removed-early-lets-two-sets-win.seed: " +
		"D2-one-winner, D5-delete in dedup/baseline, dedup/direct, dedup/optimized"
	if r.status != 0 || !strings.Contains(r.out, want) || strings.Contains(r.out, "new fault") {
		t.Errorf("status %d, want %q in\n%s%s", r.status, want, r.out, r.errout)
	}
	if _, err := os.Stat(filepath.Join(dir, "found")); err == nil {
		t.Error("what is known is kept again")
	}
}

// TestANewFaultOfTheSpecification is found, kept once for all its laws, expected from then
// on, and no failure.
func TestANewFaultOfTheSpecification(t *testing.T) {
	dir := t.TempDir()
	args := append(oldFault, dir)
	r := runCommand(t, args...)
	files, err := lab.SeedFiles(dir)
	if r.status != 0 || err != nil || len(files) != 2 || strings.Count(r.out, "new fault") != 2 ||
		strings.Count(r.out, "new fault, kept as "+files[0]+": D2-one-winner, D5-delete in ") != 1 ||
		strings.Count(r.out, "new fault, kept as "+files[1]+": D7-closed-map in ") != 1 {
		t.Fatalf("status %d, %v, %v\n%s%s", r.status, files, err, r.out, r.errout)
	}
	again := runCommand(t, "replay", files[0])
	if again.status != 0 || !strings.Contains(again.out, "breaks D2-one-winner at step 4, as the specification does") {
		t.Errorf("replay: status %d\n%s%s", again.status, again.out, again.errout)
	}
	r = runCommand(t, args...)
	if r.status != 0 || !strings.Contains(r.out, "known: the fault in "+files[0]) || strings.Contains(r.out, "new fault") {
		t.Errorf("again: status %d\n%s%s", r.status, r.out, r.errout)
	}
}

// TestADifferenceIsAFailure: a fault that is the subject's own is none of the specification's,
// though all of its laws are known to be broken by the implementations.
func TestADifferenceIsAFailure(t *testing.T) {
	skipIfShort(t)
	dir := copyOfSeeds(t)
	r := runCommand(t, "campaign", "--on", "dedup/window-early", "--programs", "500", "--corpora", dir)
	if r.status != statusFound || !strings.Contains(r.out, "violation ") {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.errout)
	}
}

// TestProgramsAreNamed by their number and kind where there is no file to name.
func TestProgramsAreNamed(t *testing.T) {
	p := programOf(t, twoSets)
	if got := (&studied{generated: 3, Seed: lab.Seed{Program: p}}).name(); got != "generated program 3 of dedup" {
		t.Errorf("a generated program is %q", got)
	}
	var out strings.Builder
	flaky := lab.Find{Program: p, Index: 3, Violation: oracle.Violation{Subject: "dedup/direct"}}
	const want = "NOT REPEATABLE: program 3 of dedup on dedup/direct gave two histories\n"
	if err := promote(t.Context(), newLab(t, nil), flaky, t.TempDir(), &out); err != nil ||
		!strings.HasPrefix(out.String(), want) {
		t.Errorf("error %v, printed\n%s", err, out.String())
	}
}

// copyOfSeeds copies the seeds of maps, so that a campaign may write beside them.
func copyOfSeeds(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "dedup"), os.DirFS(filepath.Join(corpora, "dedup"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestUndone: what the lab could not do has not passed.
func TestUndone(t *testing.T) {
	tallies := map[string]*lab.Tally{"batcher": {}, "dedup": {Undone: map[string]int{"dedup/x: no": 3}}}
	c := &campaigned{Campaign: &lab.Campaign{Tally: tallies}}
	if err := c.undone(); err == nil || err.Error() != "dedup: 3 runs could not be done: dedup/x: no" {
		t.Errorf("got %v", err)
	}
	delete(tallies, "dedup")
	if err := c.undone(); err != nil {
		t.Errorf("nothing is undone: %v", err)
	}
}
