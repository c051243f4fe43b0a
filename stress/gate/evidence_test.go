package gate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEvidenceSurvivesWritingAndReading(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "evidence.json")
	e := New("abc")
	e.Add(Record{Stage: Replay, Covered: map[string]int{"seeds": 3}})
	if err := e.Write(file); err != nil {
		t.Fatal(err)
	}
	got, err := Read(file)
	if err != nil || got.Source != "abc" || got.Records[0].Covered["seeds"] != 3 {
		t.Fatalf("read %+v, %v", got, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".new-*")); len(left) > 0 {
		t.Errorf("left %v behind", left)
	}
}

func TestEditedEvidenceIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "evidence.json")
	e := New("abc")
	e.Add(Record{Stage: Campaign, Found: []string{"D2-one-winner in dedup/baseline"}})
	if err := e.Write(file); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(file)
	for name, edit := range map[string]string{
		"a find taken out": strings.Replace(string(text), "D2-one-winner in dedup/baseline", "", 1),
		"another source":   strings.Replace(string(text), "abc", "abd", 1),
		"half a file":      string(text[:len(text)/2]),
		"not JSON":         "hello",
	} {
		if err := os.WriteFile(file, []byte(edit), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(file); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

func TestMissingNamesStagesAndFinds(t *testing.T) {
	e := New("abc")
	if got := e.Missing(); len(got) != len(Stages) {
		t.Errorf("empty evidence misses %q, want every stage", got)
	}
	for _, s := range Stages {
		e.Add(Record{Stage: s})
	}
	if got := e.Missing(); len(got) != 0 {
		t.Errorf("complete evidence misses %q", got)
	}
	e.Add(Record{Stage: Fuzz, Found: []string{"X"}})
	if got := e.Missing(); !slices.Equal(got, []string{"fuzz found X"}) {
		t.Errorf("got %q", got)
	}
}

func TestSourceDigestSeesEveryChange(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := SourceDigest(root)
		if err != nil && name == "sim/kind/law.go" {
			t.Fatal(err)
		}
		return d
	}
	write("go.mod", "module x")
	write("go.sum", "")
	write("impls/impls.go", "package impls")
	first := write("sim/kind/law.go", "package kind")
	for _, change := range []struct {
		file, text string
		counts     bool
	}{
		{"impls/batcher/batcher.go", "package batcher", true},
		{"sim/kind/law.go", "package kind // changed", true},
		{"impls/spec/laws.go", "package spec", true},
		{"go.sum", "x v1", true},
		{"impls/batcher/batcher_test.go", "package batcher", false},
		{"impls/mutants/rows.go", "package mutants", false},
	} {
		next := write(change.file, change.text)
		if (next != first) != change.counts {
			t.Errorf("%s: digest changed: %v, want %v", change.file, next != first, change.counts)
		}
		first = next
	}
}
