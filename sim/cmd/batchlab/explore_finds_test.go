package main

import (
	"path/filepath"
	"strings"
	"testing"

	"batchlab/sim/lab"
)

// TestTheBaselinesOwnFaultIsNoFailure: what the baseline itself does wrong in a generated
// program is told, kept with its schedule, and expected from then on; what another subject
// does wrong is a failure.
func TestTheBaselinesOwnFaultIsNoFailure(t *testing.T) {
	skipIfShort(t)
	corpora := filepath.Dir(writeFile(t, "calm.seed", goodSeed)) // in which nothing is known
	explore := func(on string) result {
		return runCommand(t, "explore", "--corpora", corpora, "--programs", "10", "--on", on)
	}
	r := explore("dedup/baseline,dedup/optimized")
	files, err := lab.SeedFiles(filepath.Join(corpora, "found"))
	if r.status != 0 || err != nil || len(files) != 1 ||
		!strings.Contains(r.out, "new fault: D2-one-winner in dedup/baseline, kept as "+files[0]) {
		t.Fatalf("status %d, %v, %v\n%s%s", r.status, files, err, r.out, r.errout)
	}
	again := runCommand(t, "replay", files[0])
	if again.status != 0 || !strings.Contains(again.out, "1 schedules of replay, 1 outcomes; breaks D2-one-winner") {
		t.Errorf("replay: status %d\n%s%s", again.status, again.out, again.errout)
	}
	if r = explore("dedup/baseline,dedup/optimized"); r.status != 0 || strings.Contains(r.out, "new fault") {
		t.Errorf("again: status %d\n%s%s", r.status, r.out, r.errout)
	}
	r = explore("dedup/baseline,dedup/count-unguarded")
	if r.status != statusFound || !strings.Contains(r.out, "violation D4-count in dedup/count-unguarded") {
		t.Errorf("a mutant: status %d\n%s%s", r.status, r.out, r.errout)
	}
}
