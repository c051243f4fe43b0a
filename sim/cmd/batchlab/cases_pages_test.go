package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestUnseen: a place of which the notes on a case speak has to be on a page of it, if the case was run.
func TestUnseen(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{
		"README.md": "| command | shows |\n| `go test -run TestA .` | x.go:1 and x.go:12, at y.go:3 | y.go:3 |\n" +
			"| `go test -run TestB .` | x.go:9 | so |\n| `go test -run TestC .` | x.go:9 | so |\n",
		".batchlab/TestA_1.html": "<a>x.go:1</a> x.go:123<", ".batchlab/TestA_2.html": "<a>b/y.go:3</a>",
		".batchlab/TestAB_2.html": "<a>x.go:12</a>", ".batchlab/TestB_1.html": "<a>x.go:9</a>",
	} {
		file = filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	list := []caseResult{{name: "TestA"}, {name: "TestB"}}
	if err := readPages(dir, list); err != nil || fmt.Sprint(list[0].unseen, list[1].unseen) != "[x.go:12] []" {
		t.Errorf("%v, not seen are %s and %s", err, list[0].unseen, list[1].unseen)
	}
	if readPages(t.TempDir(), list) == nil {
		t.Error("where there are no notes, nothing is missing")
	}
}
