package mutate

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/packages"
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

// TestCompiles checks the packages of all mutants as the compiler does before it makes code of
// them, which for so many would take a minute: the mutated package, the registry that
// uses it, and the package that lists them all.
func TestCompiles(t *testing.T) {
	if testing.Short() {
		t.Skip("loads all mutants")
	}
	all := mutants(t)
	files, err := Packages(root, all)
	if err != nil {
		t.Fatal(err)
	}
	abs, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(mutatedDir)))
	if err != nil {
		t.Fatal(err)
	}
	mutated := filepath.Join(abs, "mutated.go")
	if files[mutated], err = os.ReadFile(mutated); err != nil {
		t.Fatal(err)
	}
	known := imported(t, "./impls", "./impls/batcher", "./impls/mutated")
	check := func(dir string) {
		fset := token.NewFileSet()
		var parsed []*ast.File
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if filepath.Dir(name) != filepath.Join(abs, dir) {
				continue
			}
			f, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, f)
		}
		path := "batchlab/" + filepath.ToSlash(filepath.Join(mutatedDir, dir))
		p, err := (&types.Config{Importer: fromPackages(known)}).Check(path, fset, parsed, nil)
		if err != nil || len(parsed) == 0 {
			t.Fatalf("%s has %d files: %v", path, len(parsed), err)
		}
		known[path] = p
	}
	for _, m := range all {
		check(m.ID)
		check(m.ID + "/rows")
	}
	check("")
}

// imported are the packages that some packages import.
func imported(t *testing.T, patterns ...string) map[string]*types.Package {
	t.Helper()
	cfg := &packages.Config{Dir: root, Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports |
		packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax}
	loaded, err := packages.Load(cfg, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]*types.Package{}
	for _, p := range loaded {
		for path, i := range p.Imports {
			known[path] = i.Types
		}
	}
	return known
}

// TestBuild has the go command build some mutants at once, and asks the program that comes of it which
// rows there are. That all of them compile, TestCompiles shows, and make mutants builds them all.
func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a binary")
	}
	all := mutants(t)
	all = []Mutant{all[0], all[len(all)/2], all[len(all)-1]}
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
