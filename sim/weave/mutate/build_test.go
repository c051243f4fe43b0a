package mutate

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const root = "../../.."

// overlay writes files for -overlay and returns the file that lists them.
func overlay(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for name, text := range files {
		at := filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(at, text, 0o600); err != nil {
			t.Fatal(err)
		}
		replace[name] = at
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestBuild has the go command build all mutants at once, and asks the program that
// comes of it which rows there are.
func TestBuild(t *testing.T) {
	all := mutants(t)
	files, err := Packages(root, all)
	if err != nil {
		t.Fatal(err)
	}
	abs, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	main := filepath.Join(abs, "impls", "mutated", "lister", "main.go")
	files[main] = []byte(lister)
	bin := filepath.Join(t.TempDir(), "lister")
	began := time.Now()
	cmd := exec.Command("go", "build", "-overlay="+overlay(t, files), "-o", bin,
		"-gcflags=batchlab/impls/mutated/...=-N -l", "-ldflags=-s -w", "./impls/mutated/lister")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d mutants, %d files: built in %v", len(all), len(files), time.Since(began).Round(time.Millisecond))
	out, err := exec.Command(bin).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var want strings.Builder
	for _, m := range all {
		fmt.Fprintln(&want, m.ID, m.Name, m.Operator, m.What)
		for _, a := range m.Affects {
			kind, name, _ := strings.Cut(a, "/")
			fmt.Fprintf(&want, "\t%s %s-%s <nil>\n", kind, m.ID, name)
		}
	}
	if string(out) != want.String() {
		t.Errorf("the program lists\n%s\nwant\n%s", out, want.String())
	}
}

const lister = `// Package main lists the mutants that were built into it.
package main

import (
	"fmt"

	"batchlab/impls/mutated"
)

func main() {
	for _, r := range mutated.All() {
		fmt.Println(r.ID, r.Name, r.Operator, r.What)
		for _, s := range r.Subjects {
			fmt.Printf("\t%s %s %v\n", s.Kind, s.Name, s.Validate())
		}
	}
}
`
