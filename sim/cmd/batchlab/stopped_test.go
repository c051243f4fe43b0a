package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// closesBusy is a program whose Close waits for handlers that take their time.
const closesBusy = "batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=10ms mode=foreground\n\n" +
	"handler takes 20ms\na put x2\nb close\n+20ms\n+20ms\n"

// TestALockHeldAcrossAWait: a batcher that holds a sync.Mutex while handlers take their time
// stops a bubble. It is run again woven: the same history as its like without the mutex, nothing
// found in a campaign and nothing left out; what is wrong besides is found, shrunk, and shown
// again by its seed.
func TestALockHeldAcrossAWait(t *testing.T) {
	skipIfShort(t)
	seed := writeFile(t, "busy.seed", closesBusy)
	r := runCommand(t, "replay", seed, "--on", "control,held,optimized")
	if r.status != 0 || !strings.Contains(r.out, "history of batcher/control, batcher/held, batcher/optimized\n") {
		t.Errorf("replay: status %d\n%s%s", r.status, r.out, r.errout)
	}
	corpora := t.TempDir()
	r = runCommand(t, "campaign", "--on", "batcher/held", "--programs", "300", "--corpora", corpora)
	if r.status != 0 || !strings.Contains(r.out, "batcher        300 programs, 300 runs") ||
		!strings.Contains(r.out, " 0 could not be judged") {
		t.Errorf("a sound one: status %d\n%s%s", r.status, r.out, r.errout)
	}
	r = runCommand(t, "campaign", "--on", "batcher/held-drops-queue", "--programs", "300", "--corpora", corpora)
	found := regexp.MustCompile(`make replay SEED=(\S+/B7-\S+) ON=held-drops-queue`).FindStringSubmatch(r.out)
	if r.status != statusFound || found == nil || filepath.Dir(found[1]) != filepath.Join(corpora, "found") {
		t.Fatalf("one that is wrong: status %d\n%s%s", r.status, r.out, r.errout)
	}
	for on, want := range map[string]int{"held-drops-queue": statusFound, "held": 0} {
		if r := runCommand(t, "replay", found[1], "--on", on); r.status != want || strings.Contains(r.out, "CANNOT") {
			t.Errorf("replay on %s: status %d, want %d\n%s%s", on, r.status, want, r.out, r.errout)
		}
	}
}
