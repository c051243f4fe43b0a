package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestSeedsAreFixed: a command that draws anything draws the same if it is not told, and
// something else each time if it is told so.
func TestSeedsAreFixed(t *testing.T) {
	found := 0
	for _, cmd := range rootCommand(t).Commands() {
		f := cmd.Flag("seed")
		if f == nil {
			continue
		}
		found++
		if f.DefValue != "1" || f.Value.String() != "1" {
			t.Errorf("%s: the seed is %s", cmd.Name(), f.Value)
		}
		seen := map[string]bool{}
		for _, text := range []string{"random", "random", "0", "18446744073709551615"} {
			if err := f.Value.Set(text); err != nil {
				t.Errorf("%s: %s: %v", cmd.Name(), text, err)
			}
			seen[f.Value.String()] = true
		}
		if len(seen) != 4 || !seen["0"] || !seen["18446744073709551615"] {
			t.Errorf("%s: seeds %v", cmd.Name(), seen)
		}
		for _, text := range []string{"", "-1", "1.5", "Random", "18446744073709551616"} {
			if err := f.Value.Set(text); err == nil || !strings.Contains(err.Error(), "want a number or random") {
				t.Errorf("%s: %q: %v", cmd.Name(), text, err)
			}
		}
	}
	const all = 7 // lab, campaign, explore, mutants, stress, bench, test
	if found != all {
		t.Errorf("%d commands have a seed, want %d", found, all)
	}
}

// TestMakeTellsSeedsFromFiles: SEED is what each command begins with.
func TestMakeTellsSeedsFromFiles(t *testing.T) {
	for _, c := range []struct{ target, seed, want string }{
		{"lab", "7", "--seed '7'"},
		{"lab", "random", "--seed 'random'"},
		{"campaign", "random", "--seed 'random'"},
		{"explore", "random", "--seed 'random'"},
		{"explore", "12", "--seed '12'"},
		{"explore", "corpora/litmus", "explore      'corpora/litmus'"},
		{"replay", "corpora/litmus", "replay 'corpora/litmus'"},
	} {
		out, err := exec.CommandContext(t.Context(), "make", "-n", c.target, "SEED="+c.seed).CombinedOutput()
		if err != nil || !strings.Contains(string(out), c.want) {
			t.Errorf("%s %s: %v, want %q in\n%s", c.target, c.seed, err, c.want, out)
		}
	}
}

// TestTheSameCampaign: the same command prints the same.
func TestTheSameCampaign(t *testing.T) {
	args := []string{"campaign", "--kind", "dedup", "--programs", "200"}
	a, b := runCommand(t, args...), runCommand(t, args...)
	if a.status != 0 || a.out != b.out || !strings.HasPrefix(a.out, "campaign seed 1\n") {
		t.Errorf("status %d\n%s\nand then\n%s", a.status, a.out, b.out)
	}
}
