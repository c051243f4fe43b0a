package weave

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

var update = flag.Bool("update", false, "write the .woven files anew")

// goldenOnce is what golden returns, for it takes a second or two.
var goldenOnce *Package

// golden weaves testdata/golden.
func golden(t *testing.T) *Package {
	t.Helper()
	if goldenOnce == nil {
		ps, err := Load(t.Context(), Options{Extra: layout(t)}, "./testdata/golden")
		if err != nil {
			t.Fatal(err)
		}
		goldenOnce = ps[0]
	}
	return goldenOnce
}

// layout is a file of the golden package that gofmt has never seen: its lines are not
// where one expects them. It is no .go file on disk, where it would be formatted.
func layout(t *testing.T) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile("testdata/golden/layout.txt")
	if err != nil {
		t.Fatal(err)
	}
	name, err := filepath.Abs("testdata/golden/layout.go")
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{name: text}
}

// TestGolden: what becomes of each construct stands next to it, and compiles; what cannot
// be woven is named where a comment says so, and nowhere else.
func TestGolden(t *testing.T) {
	p := golden(t)
	for _, f := range p.Files {
		name := strings.TrimSuffix(f.Name, ".go") + ".woven"
		woven := strings.Replace(string(f.Woven), f.Name, "/"+filepath.Base(f.Name), 1)
		if *update {
			if err := os.WriteFile(name, []byte(woven), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		compareLines(t, filepath.Base(name), string(want), woven)
	}
	compiles(t, p, "./testdata/golden")
	gapsAsSaid(t, p)
}

func compareLines(t *testing.T, name, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			t.Errorf("%s:%d:\ngot  %s\nwant %s", name, i+1, g[i], w[i])
			return
		}
	}
	if len(w) != len(g) {
		t.Errorf("%s has %d lines, want %d", name, len(g), len(w))
	}
}

// compiles has the type checker read a package's woven files.
func compiles(t *testing.T, p *Package, pattern string) {
	t.Helper()
	overlay := map[string][]byte{}
	for _, f := range p.Files {
		if f.Woven != nil {
			overlay[f.Name] = f.Woven
		}
	}
	cfg := &packages.Config{Context: t.Context(), Overlay: overlay, Mode: packages.NeedName | packages.NeedTypes | packages.NeedSyntax | packages.NeedImports}
	loaded, err := packages.Load(cfg, pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range loaded[0].Errors {
		t.Errorf("woven code does not compile: %v", e)
	}
}

// gapsAsSaid holds the gaps of a package against the comments that begin with "gap:".
func gapsAsSaid(t *testing.T, p *Package) {
	t.Helper()
	var want, got []string
	for _, f := range p.Files {
		for i, line := range strings.Split(string(f.Source), "\n") {
			for _, what := range strings.Split(line, "// gap: ")[1:] {
				want = append(want, fmt.Sprintf("%s:%d: %s", filepath.Base(f.Name), i+1, strings.TrimSpace(what)))
			}
			if _, what, ok := strings.Cut(line, "// gap below: "); ok {
				want = append(want, fmt.Sprintf("%s:%d: %s", filepath.Base(f.Name), i+3, what))
			}
		}
	}
	for _, g := range p.Gaps {
		got = append(got, fmt.Sprintf("%s:%d: %s", filepath.Base(g.File), g.Line, g.What))
	}
	slices.Sort(want)
	slices.Sort(got)
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("not named: %s", w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("named: %s", g)
		}
	}
}

// TestLines: for the compiler, each name in woven code stands on the line on which the
// original has it, also where it was moved.
func TestLines(t *testing.T) {
	for _, f := range golden(t).Files {
		if f.Woven == nil {
			continue
		}
		at := namesByLine(t, f.Name, f.Source, false)
		for name := range namesByLine(t, f.Name, f.Woven, true) {
			if !at[name] {
				t.Errorf("%s: not in the original: %s", filepath.Base(f.Name), name)
			}
		}
	}
}

// namesByLine are the names in a source, and their lines as the compiler sees them. Of
// woven code those are left out that weaving brings: its own, what it selects, and labels.
// So is a variable that is copied as it is: that cannot fail, so its line is never shown.
func namesByLine(t *testing.T, name string, src []byte, woven bool) map[string]bool {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	names, without := map[string]bool{}, map[ast.Node]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			without[n.Sel] = true
			if fmt.Sprint(n.X) == "sync" || fmt.Sprint(n.X) == "t" {
				without[n.X] = true
			}
		case *ast.GenDecl:
			without[n] = n.Tok == token.VAR
		case *ast.LabeledStmt:
			without[n.Label] = true
		case *ast.AssignStmt:
			without[n] = is[*ast.Ident](n.Rhs[0]) && strings.HasPrefix(fmt.Sprint(n.Lhs[0]), "batchlab")
		case *ast.Ident:
			without[n] = without[n] || types.Universe.Lookup(n.Name) != nil || n.Name == "_" || strings.HasPrefix(n.Name, "batchlab")
			if !woven || !without[n] {
				names[fmt.Sprintf("%s:%d", n.Name, fset.Position(n.Pos()).Line)] = true
			}
		}
		return !woven || !without[n]
	})
	return names
}
