package main

import (
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
)

// TestOnFlag: every command that is told subjects is told them in one way, and says in one
// way what it does not know.
func TestOnFlag(t *testing.T) {
	commands := map[string]string{
		"campaign": "--programs 1", "explore": "--programs 1", "fuzz": "--time 1s", "stress": "--items 1",
		"replay": writeFile(t, "a.seed", goodSeed), "show": writeFile(t, "a.seed", goodSeed),
	}
	var said []string
	for name, more := range commands {
		for _, on := range [][]string{{"--on", "batcher/nobody"}, {"--on", "batcher/baseline,batcher/nobody"},
			{"--on", "batcher/baseline", "--on", "batcher/nobody"}} {
			r := runCommand(t, slices.Concat([]string{name}, strings.Fields(more), on)...)
			if r.status != statusError || strings.Count(r.errout, "\n") != 1 ||
				!strings.Contains(r.errout, `--on "batcher/nobody" is unknown, want kind/name`) {
				t.Errorf("%s %v: status %d, %q", name, on, r.status, r.errout)
			}
			if name != "replay" && name != "show" { // which know the kind, and list the subjects of that
				said = append(said, r.errout)
			}
		}
	}
	if len(slices.Compact(said)) != 1 {
		t.Errorf("several texts: %q", said)
	}
	for _, cmd := range rootCommand(t).Commands() {
		if _, told := commands[cmd.Name()]; told != (cmd.Flag("on") != nil) {
			t.Errorf("%s: has --on: %v", cmd.Name(), !told)
		}
	}
	if r := runCommand(t, "stress", "--items", "1", "--scenario", "light", "--producers", "1",
		"--subject", "dedup/direct"); r.status != 0 || !strings.Contains(r.out, "direct") ||
		strings.Contains(r.out, "baseline") {
		t.Errorf("--subject, as --on was called: status %d\n%s%s", r.status, r.out, r.errout)
	}
}

// TestOnNames: which subjects are meant.
func TestOnNames(t *testing.T) {
	title := func(list []kind.Subject) string {
		var names []string
		for _, s := range list {
			names = append(names, s.Title())
		}
		return strings.Join(names, " ")
	}
	for _, c := range []struct {
		on   string
		kind *kind.Kind
		want string // titles, or the error from its '!' on
	}{
		{"dedup/direct batcher/flush-twice", nil, "dedup/direct batcher/flush-twice"},
		{"dedup/direct dedup/baseline", nil, "dedup/direct dedup/baseline"},
		{"direct", nil, `!--on "direct" is unknown, want kind/name`},
		{"", dedup.Kind, "dedup/baseline dedup/optimized dedup/direct"},
		{"direct", dedup.Kind, "dedup/direct"},
		{"dedup/direct baseline", dedup.Kind, "dedup/direct dedup/baseline"},
		{"batcher/direct dedup/direct", dedup.Kind, "dedup/direct"},
		{"flush-twice", batcher.Kind, "batcher/flush-twice"},
		{"batcher/direct", dedup.Kind, "!--on batcher/direct names no subject of kind dedup"},
		{"flush-twice", dedup.Kind,
			`!--on "flush-twice" is unknown, want kind/name: a mutant, or one of dedup/baseline, dedup/optimized, dedup/direct`},
	} {
		on := onNames(strings.Fields(c.on))
		list, err := on.subjects()
		if c.kind != nil {
			list, err = on.of(c.kind)
		}
		if want, bad := strings.CutPrefix(c.want, "!"); bad && (err == nil || !strings.HasPrefix(err.Error(), want)) ||
			!bad && (err != nil || title(list) != want) {
			t.Errorf("%q: %s, %v; want %s", c.on, title(list), err, c.want)
		}
	}
	rows, err := (onNames{"dedup/direct", "batcher/flush-twice"}).rows()
	if err != nil || len(rows) != 2 || rows[0].Name != "direct" || rows[1].Name != "flush-twice" {
		t.Errorf("rows %v, %v", rows, err)
	}
	if all, err := (onNames{}).rows(); err != nil || len(all) != len(implementations()) {
		t.Errorf("%d rows where nobody is named, %v", len(all), err)
	}
}
