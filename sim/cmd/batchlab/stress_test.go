package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"batchlab/stress"
)

// TestStressHasAProcessForEachSubject: the table and the summary have the rows of all, in the
// order in which they were named.
func TestStressHasAProcessForEachSubject(t *testing.T) {
	file := filepath.Join(t.TempDir(), "summary.json")
	r := runCommand(t, "stress", "--items", "300", "--subject", "dedup/direct", "--subject", "batcher/direct",
		"--scenario", "heavy", "--producers", "1,8", "--json", file)
	const verdict = "no violation in 2 cells, 600 items"
	if r.status != 0 || !strings.Contains(r.out, verdict) || !strings.Contains(r.errout, "4 of 4 cells") {
		t.Fatalf("status %d\n%s%s", r.status, r.out, r.errout)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var s stress.Summary
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, row := range s.Rows {
		ids = append(ids, row.ID())
	}
	const want = "dedup/direct dedup/direct batcher/direct batcher/direct"
	if got := strings.Join(ids, " "); got != want || s.Items != 300 || s.Seed != 1 {
		t.Errorf("rows of %s, items %d, seed %d", got, s.Items, s.Seed)
	}
}
