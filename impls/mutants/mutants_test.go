package mutants

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
)

func TestTable(t *testing.T) {
	all := All()
	if !slices.IsSortedFunc(all, func(a, b Mutant) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("All is not sorted by name")
	}
	names := map[string]bool{}
	for _, m := range all {
		if names[m.Name] || m.Name == "control" {
			t.Errorf("%s: the name is taken", m.Name)
		}
		names[m.Name] = true
		if m.Name != m.Subject.Name || strings.Trim(m.Name, "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("%q: want lower case and '-', and the subject (%q) named alike", m.Name, m.Subject.Name)
		}
		if err := m.Subject.Validate(); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
		if m.What == "" || m.Shown == "" || strings.HasSuffix(m.What, ".") {
			t.Errorf("%s: want What and Shown, without a full stop: %q, %q", m.Name, m.What, m.Shown)
		}
		for i, law := range append([]spec.Law{m.Law}, m.Also...) {
			if !binds(t, law, m.Subject.Kind) {
				t.Errorf("%s: law %s does not bind kind %s", m.Name, law, m.Subject.Kind)
			}
			if i > 0 && (law == m.Law || slices.Contains(m.Also[:i-1], law)) {
				t.Errorf("%s: law %s is listed twice", m.Name, law)
			}
		}
		if found, err := Find(m.Name); err != nil || found.Name != m.Name {
			t.Errorf("Find(%q) = %q, %v", m.Name, found.Name, err)
		}
	}
	if _, err := Find("control"); err == nil || !strings.Contains(err.Error(), "tail-forgotten") {
		t.Errorf("Find of an unknown name: %v, want an error that lists the names", err)
	}
}

// binds reports whether a law is one that a kind has to keep.
func binds(t *testing.T, law spec.Law, kind spec.Kind) bool {
	t.Helper()
	for _, g := range spec.Guarantees() {
		if g.ID == law {
			return slices.Contains(g.Kinds, kind)
		}
	}
	t.Errorf("law %q is not in spec.Guarantees", law)
	return false
}

func TestEveryLawHasASequentialMutant(t *testing.T) {
	breakers := map[spec.Law]int{}
	kinds := map[spec.Kind]int{}
	interleaving := 0
	for _, m := range All() {
		if m.Reach == Interleaving {
			interleaving++
			continue
		}
		breakers[m.Law]++
		kinds[m.Subject.Kind]++
	}
	for _, g := range spec.Guarantees() {
		if breakers[g.ID] == 0 && !g.Together {
			t.Errorf("no sequential mutant breaks %s", g.ID)
		}
	}
	for _, kind := range spec.Kinds {
		if kinds[kind] < 14 {
			t.Errorf("%d sequential mutants of kind %s, want at least 14", kinds[kind], kind)
		}
	}
	if interleaving < 5 {
		t.Errorf("%d interleaving mutants, want at least 5", interleaving)
	}
}

// TestEveryFaultHasARow keeps the code and the tables together: a name that the code asks for
// is a mutant's, and a mutant's name is asked for.
func TestEveryFaultHasARow(t *testing.T) {
	asked := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasPrefix(file, "rows_") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		note := func(list ...ast.Expr) {
			for _, e := range list {
				if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
					asked[strings.Trim(l.Value, `"`)] = true
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CaseClause:
				note(n.List...)
			case *ast.BinaryExpr:
				if n.Op == token.EQL || n.Op == token.NEQ {
					note(n.Y)
				}
			}
			return true
		})
	}
	rows := map[string]bool{}
	for _, m := range All() {
		name := strings.TrimPrefix(m.Name, "dedup-")
		if rows[name] = true; !asked[name] {
			t.Errorf("nothing in the code does what %s is named after", m.Name)
		}
	}
	for name := range asked {
		if !rows[name] && name != Held().Name {
			t.Errorf("fault %q has no row", name)
		}
	}
}

func TestControls(t *testing.T) {
	var kinds []spec.Kind
	for _, s := range Controls() {
		kinds = append(kinds, s.Kind)
		if err := s.Validate(); err != nil || s.Name != "control" {
			t.Errorf("control %q of kind %s: %v", s.Name, s.Kind, err)
		}
	}
	if !slices.Equal(kinds, spec.Kinds) {
		t.Errorf("controls of kinds %v, want %v", kinds, spec.Kinds)
	}
	if c := Canary(); c.Reach != Sequential || c.Law != spec.ExactlyOnce {
		t.Errorf("the canary is %s, %s, %s", c.Name, c.Reach, c.Law)
	}
}
