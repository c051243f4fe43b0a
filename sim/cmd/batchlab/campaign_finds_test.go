package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"batchlab/sim"
)

// redOnce is the seed of a campaign that met a known fault under a law under which no seed
// expected it, and that ended the main job with a failure.
const redOnce = "138724136390291"

// TestAnOldFaultUnderANewLawIsNoFailure: it is known by what brings it about, whatever law
// notices it, and is not kept again.
func TestAnOldFaultUnderANewLawIsNoFailure(t *testing.T) {
	dir := copyOfSeeds(t)
	r := runCommand(t, "campaign", "--seed", redOnce, "--kind", "dedup", "--programs", "500", "--corpora", dir)
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
	args := []string{"campaign", "--seed", redOnce, "--kind", "dedup", "--programs", "500", "--corpora", dir}
	r := runCommand(t, args...)
	files, err := sim.SeedFiles(dir)
	if r.status != 0 || err != nil || len(files) != 1 || strings.Count(r.out, "new fault, kept as "+files[0]) != 1 {
		t.Fatalf("status %d, %v, %v\n%s%s", r.status, files, err, r.out, r.errout)
	}
	again := runCommand(t, "replay", files[0])
	if again.status != 0 || !strings.Contains(again.out, "breaks D2-one-winner at step 4, as the specification does") {
		t.Errorf("replay: status %d\n%s%s", again.status, again.out, again.errout)
	}
	if r = runCommand(t, args...); r.status != 0 || !strings.Contains(r.out, "known: the fault in "+files[0]) {
		t.Errorf("again: status %d\n%s%s", r.status, r.out, r.errout)
	}
}

// TestADifferenceIsAFailure: a fault that is the subject's own is none of the specification's,
// though all of its laws are known to be broken by the implementations.
func TestADifferenceIsAFailure(t *testing.T) {
	dir := copyOfSeeds(t)
	r := runCommand(t, "campaign", "--on", "dedup/window-early", "--seed", redOnce, "--programs", "500", "--corpora", dir)
	if r.status != statusFound || !strings.Contains(r.out, "violation ") {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.errout)
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
