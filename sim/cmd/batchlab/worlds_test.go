package main

import (
	"fmt"
	"os"
	"testing"

	"batchlab/impls"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// TestWorlds: a program whose operations follow one another has the same history in a
// bubble and under the scheduler, up to where the specification has a choice: all seeds on every
// subject, and 10,000 generated programs of each kind on one of them each, by turns. Each part has
// a worker of its own, and they run side by side.
func TestWorlds(t *testing.T) {
	isLong(t)
	const programs, part = 10_000, 2500
	for _, k := range impls.Kinds() {
		texts := seedsOf(t, k)
		inBothWorlds(t, k, "seeds", lab.Conform{Programs: texts}, len(texts))
		for from := 0; from < programs; from += part {
			name := fmt.Sprintf("from %d", from)
			inBothWorlds(t, k, name, lab.Conform{Seed: 11, From: from, To: from + part, Ops: 40, Turns: true}, part/2)
		}
	}
}

func inBothWorlds(t *testing.T, k *kind.Kind, name string, c lab.Conform, least int) {
	t.Run(k.Name+" "+name, func(t *testing.T) {
		t.Parallel()
		runner := wovenLab(t, t, false)
		defer runner.Close()
		runner.Subjects = implementations() // what mutants leave behind, each world names in its own way
		checkConform(t, runner, k, c, least)
	})
}

func checkConform(t *testing.T, runner *lab.Lab, k *kind.Kind, c lab.Conform, least int) {
	t.Helper()
	r, err := runner.Conform(t.Context(), k, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range r.Apart {
		t.Error(text)
	}
	if r.Runs < least {
		t.Errorf("%d runs in both worlds, want %d at least", r.Runs, least)
	}
	if t.Failed() {
		t.FailNow()
	}
}

// seedsOf are the texts of the seeds of a kind that need no schedule.
func seedsOf(t *testing.T, k *kind.Kind) []string {
	files, err := lab.SeedFiles(corpora)
	if err != nil {
		t.Fatal(err)
	}
	names := (&lab.Lab{Subjects: everything()}).Names()
	var texts []string
	for _, f := range files {
		p, err := lab.ReadSeed(f, names)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(f); err == nil && p.Kind == k && !p.NeedsSchedule() && !p.Wild() {
			texts = append(texts, string(text))
		}
	}
	return texts
}
