package hunt

import (
	"strings"
	"testing"

	"batchlab/sim/oracle"
)

// fates are one hunted of each fate, by name.
func fates() []*Hunted {
	kill := &oracle.Violation{Law: "L1-law"}
	return []*Hunted{
		{Name: "plain", killed: kill, counts: map[string][]int{"random": {-1}, "pct2": {7}}},
		{Name: "racy", killed: kill, how: byRace},
		{Name: "late", killed: kill, how: onTime},
		{Name: "argued", Equivalent: "equivalent: nobody looks"},
		{Name: "survivor", upon: []string{"a.go:7: signals", "a.go:7: signals"}},
		{Name: "slow", timeout: "too long"},
		{Name: "control", control: true},
		{Name: "hurt", control: true, killed: kill},
	}
}

// TestPrintHunt: a hole is a mutant that survives and of which nobody has said why, one that
// could not be decided, and a control that was killed.
func TestPrintHunt(t *testing.T) {
	var out strings.Builder
	if holes := (&Hunter{Table: []string{"random", "pct2", "urw"}, Repeats: 1, Schedules: 1600, Seed: 1}).Print(&out, fates()); holes != 3 {
		t.Errorf("%d holes, want 3", holes)
	}
	for _, want := range []string{
		"1 hunts of at most 100 schedules",
		"killed         L1-law                    >100/>100          7/7",
		"killed (race)  L1-law",
		"KILLED         L1-law",
		"unharmed ",
		"survivor: \n                 no schedule decides a.go:7: signals\nTIMEOUT ",
		"6 mutants: 3 killed, 1 of them under the race detector, 1 on package time; 1 survived; 1 timeouts; 1 argued to be equivalent. Score 3 of 5 without those",
		"geometric mean of the killed                 101.0          7.0            -",
		"1 of 2 controls unharmed",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// TestRounds: who is killed is hunted no more, and with many schedules only who has no excuse.
func TestRounds(t *testing.T) {
	for _, r := range rounds {
		var names []string
		for _, p := range fates() {
			if r.hunts(p) {
				names = append(names, p.Name)
			}
		}
		want := "argued survivor control"
		if r.last {
			want = "survivor"
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("round %v hunts %s, want %s", r, got, want)
		}
	}
}
